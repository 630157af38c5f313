import { compareBytes } from '@onebox/server';
import { JsonFields } from './json-fields';
import type { TableInfo } from './table';

/** The two statuses that are ever stored (reference/cluster-behaviour.md 2.3). */
export type StoredStatus = 'AS_AVAILABLE' | 'AS_DROPPED';

const STATUS_PREFIX = 'app_status::';

/**
 * The JSON of a table's znode: compact, in upstream's key order, booleans as 0 and 1.
 *
 * @param status what to store: a table in transition already has the status it is going to
 */
export function writeTableJson(info: TableInfo, status: StoredStatus): Buffer {
  const flag = (value: boolean): number => (value ? 1 : 0);
  const text = JSON.stringify;
  // The envs are written by hand: an object would move keys that look like numbers to the front.
  const envs = [...info.envs]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([key, value]) => `${text(key)}:${text(value)}`);
  const members = [
    `"status":${text(STATUS_PREFIX + status)}`,
    `"app_type":${text(info.appType)}`,
    `"app_name":${text(info.appName)}`,
    `"app_id":${info.appId}`,
    `"partition_count":${info.partitionCount}`,
    `"envs":{${envs.join(',')}}`,
    `"is_stateful":${flag(info.isStateful)}`,
    `"max_replica_count":${info.maxReplicaCount}`,
    `"expire_second":${info.expireSecond}`,
    `"create_second":${info.createSecond}`,
    `"drop_second":${info.dropSecond}`,
    `"duplicating":${flag(info.duplicating)}`,
    `"init_partition_count":${info.initPartitionCount}`,
    `"is_bulk_loading":${flag(info.isBulkLoading)}`,
    `"atomic_idempotent":${flag(info.atomicIdempotent)}`,
  ];
  return Buffer.from(`{${members.join(',')}}`);
}

/** Reads a table's znode. @throws OneboxError ONEBOX_BAD_ZNODE */
export function parseTableJson(
  path: string,
  appId: number,
  data: Buffer,
): TableInfo & { status: StoredStatus } {
  const fields = JsonFields.parse(path, data);
  const status = fields.text('status', `${STATUS_PREFIX}AS_AVAILABLE`).replace(STATUS_PREFIX, '');
  if (status !== 'AS_AVAILABLE' && status !== 'AS_DROPPED') {
    throw fields.bad('status', 'app_status::AS_AVAILABLE or app_status::AS_DROPPED');
  }
  if (fields.integer('app_id', appId) !== appId)
    throw fields.bad('app_id', `the table of the znode, ${appId}`);
  const partitionCount = fields.integer('partition_count', 0);
  if (partitionCount < 0) throw fields.bad('partition_count', 'a count');
  return {
    status,
    appType: fields.text('app_type', ''),
    appName: fields.text('app_name', ''),
    appId,
    partitionCount,
    envs: fields.textMap('envs'),
    isStateful: fields.flag('is_stateful', true),
    maxReplicaCount: fields.integer('max_replica_count', 0),
    expireSecond: fields.integer('expire_second', 0),
    createSecond: fields.integer('create_second', 0),
    dropSecond: fields.integer('drop_second', 0),
    duplicating: fields.flag('duplicating', false),
    initPartitionCount: fields.integer('init_partition_count', -1),
    isBulkLoading: fields.flag('is_bulk_loading', false),
    atomicIdempotent: fields.flag('atomic_idempotent', false),
  };
}
