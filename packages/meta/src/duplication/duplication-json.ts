import { JsonFields } from '../state/json-fields';
import type { TableInfo } from '../state/table';
import type { DuplicationInfo } from './duplication';
import { dupFailModeNamed, dupStatusNamed } from './duplication-status';
import { UNKNOWN_DECREE } from './partition-progress';

/** The JSON of a duplication's znode: compact, in upstream's key order (reference/cluster-behaviour.md 2.3). */
export function writeDuplicationJson(info: DuplicationInfo): Buffer {
  return Buffer.from(
    JSON.stringify({
      remote: info.remote,
      status: info.status,
      create_timestamp_ms: info.createTimestampMs,
      fail_mode: info.failMode,
      remote_app_name: info.remoteAppName,
      remote_replica_count: info.remoteReplicaCount,
    }),
  );
}

/**
 * Reads a duplication's znode. Releases before 2.6 wrote neither the name nor the replica count of the other table: then they are
 * those of the own one. A status nobody knows counts as removed, as upstream's.
 *
 * @throws OneboxError ONEBOX_BAD_ZNODE
 */
export function parseDuplicationJson(
  path: string,
  table: Pick<TableInfo, 'appId' | 'appName' | 'maxReplicaCount'>,
  dupId: number,
  data: Buffer,
): DuplicationInfo {
  const fields = JsonFields.parse(path, data);
  const remoteAppName = fields.text('remote_app_name', '');
  const remoteReplicaCount = fields.integer('remote_replica_count', 0);
  return {
    appId: table.appId,
    dupId,
    remote: fields.text('remote', ''),
    remoteAppName: remoteAppName === '' ? table.appName : remoteAppName,
    remoteReplicaCount: remoteReplicaCount === 0 ? table.maxReplicaCount : remoteReplicaCount,
    createTimestampMs: fields.integer('create_timestamp_ms', 0),
    status: dupStatusNamed(fields.text('status', '')) ?? 'DS_REMOVED',
    failMode: dupFailModeNamed(fields.text('fail_mode', '')) ?? 'FAIL_SLOW',
  };
}

export function writeDecree(decree: number): Buffer {
  return Buffer.from(String(decree));
}

/** A confirmed decree; {@link UNKNOWN_DECREE} for anything that is none. */
export function parseDecree(data: Buffer | undefined): number {
  const text = data?.toString('latin1') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : UNKNOWN_DECREE;
}
