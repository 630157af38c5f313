import { DuplicationFailMode, DuplicationStatus } from '@onebox/protocol';
import type { DuplicationEntry } from '@onebox/protocol';

export type DupStatus = keyof typeof DuplicationStatus;
export type DupFailMode = keyof typeof DuplicationFailMode;

/** A decree that is not known (reference/cluster-behaviour.md 8.2). */
export const UNKNOWN_DECREE = -1;

/** What the meta server says about one duplication of one partition. */
export interface DupEntry {
  readonly dupId: number;
  readonly status: DupStatus;
  readonly failMode: DupFailMode;
  readonly remote: string;
  readonly remoteAppName: string;
  /** As it is in ZooKeeper; {@link UNKNOWN_DECREE} before anything was confirmed. */
  readonly confirmedDecree: number;
}

/**
 * Reads an entry of a sync's answer for one partition.
 *
 * @param appName of the own table: meta servers before 2.6 do not say what the other one is called
 * @returns undefined when it is not about this partition, or in a status that nobody runs
 */
export function readDupEntry(
  wire: DuplicationEntry,
  partitionIndex: number,
  appName: string,
): DupEntry | undefined {
  const status = named(DuplicationStatus, wire.status);
  const confirmed = wire.progress?.find(([index]) => index === partitionIndex)?.[1];
  if (status === undefined || status === 'DS_INIT' || status === 'DS_REMOVED') return undefined;
  if (confirmed === undefined) return undefined;
  return {
    dupId: wire.dupid,
    status,
    failMode: named(DuplicationFailMode, wire.fail_mode) ?? 'FAIL_SLOW',
    remote: wire.remote,
    remoteAppName: wire.remote_app_name ?? appName,
    confirmedDecree: confirmed,
  };
}

function named<T extends Readonly<Record<string, number>>>(
  values: T,
  value: number | undefined,
): keyof T | undefined {
  return (Object.keys(values) as (keyof T)[]).find((name) => values[name] === value);
}
