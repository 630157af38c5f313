import type { ErrorCode } from '@onebox/base';
import { DuplicationFailMode, DuplicationStatus } from '@onebox/protocol';

/** Names of the wire enum `duplication_status`. */
export type DupStatus = keyof typeof DuplicationStatus;

/** Names of the wire enum `duplication_fail_mode`. */
export type DupFailMode = keyof typeof DuplicationFailMode;

/**
 * Where a duplication can go from each status (reference/cluster-behaviour.md 8.1). With the checkpoint it goes through
 * DS_PREPARE and DS_APP, without it starts in DS_LOG; only shipping can be paused.
 */
const NEXT: Readonly<Record<DupStatus, readonly DupStatus[]>> = {
  DS_INIT: ['DS_PREPARE', 'DS_LOG', 'DS_REMOVED'],
  DS_PREPARE: ['DS_APP', 'DS_REMOVED'],
  DS_APP: ['DS_LOG', 'DS_REMOVED'],
  DS_LOG: ['DS_PAUSE', 'DS_REMOVED'],
  DS_PAUSE: ['DS_LOG', 'DS_REMOVED'],
  DS_REMOVED: [],
};

export function dupStatusOf(value: DuplicationStatus): DupStatus | undefined {
  return nameOf(DuplicationStatus, value);
}

export function dupFailModeOf(value: DuplicationFailMode): DupFailMode | undefined {
  return nameOf(DuplicationFailMode, value);
}

export function dupStatusNamed(text: string): DupStatus | undefined {
  return namesOf(DuplicationStatus).find((name) => name === text);
}

export function dupFailModeNamed(text: string): DupFailMode | undefined {
  return namesOf(DuplicationFailMode).find((name) => name === text);
}

/** Whether replica servers are told of a duplication: not before it began, and not after it ended. */
export function isRunning(status: DupStatus): boolean {
  return status !== 'DS_INIT' && status !== 'DS_REMOVED';
}

/** What a duplication is, as far as a change of it can be. */
export interface Alterable {
  readonly status: DupStatus;
  readonly failMode: DupFailMode;
  /** A change is on its way to ZooKeeper. */
  readonly altering: boolean;
}

/** Whether a change may be made: `change` it, `keep` it as it is because it is so already, or an error. */
export function judgeAlteration(
  now: Alterable,
  status: DupStatus,
  failMode: DupFailMode,
): 'change' | 'keep' | Extract<ErrorCode, 'ERR_BUSY' | 'ERR_OBJECT_NOT_FOUND' | 'ERR_INVALID_PARAMETERS'> {
  if (now.altering) return 'ERR_BUSY';
  if (now.status === 'DS_REMOVED') return 'ERR_OBJECT_NOT_FOUND';
  if (status !== now.status && !NEXT[now.status].includes(status)) return 'ERR_INVALID_PARAMETERS';
  return status === now.status && failMode === now.failMode ? 'keep' : 'change';
}

function namesOf<T extends object>(values: T): readonly (keyof T)[] {
  return Object.keys(values) as (keyof T)[];
}

function nameOf<T extends Readonly<Record<string, number>>>(values: T, value: number): keyof T | undefined {
  return namesOf(values).find((name) => values[name] === value);
}
