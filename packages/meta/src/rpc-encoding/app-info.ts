import { AppStatus, appInfo, make } from '@onebox/protocol';
import type { AppInfo } from '@onebox/protocol';
import { compareBytes } from '@onebox/server';
import type { TableInfo, TableStatus } from '../state/table';

/** The statuses a table can have; upstream's enum has some that no table ever takes. */
const TABLE_STATUSES: readonly TableStatus[] = [
  'AS_AVAILABLE',
  'AS_CREATING',
  'AS_DROPPING',
  'AS_DROPPED',
  'AS_RECALLING',
];

/** `app_info` of a table; times are unix seconds, envs in key order as upstream's map has them. */
export function toAppInfo(info: TableInfo): AppInfo {
  return make(appInfo, {
    status: AppStatus[info.status],
    app_type: info.appType,
    app_name: info.appName,
    app_id: info.appId,
    partition_count: info.partitionCount,
    envs: [...info.envs].sort(([a], [b]) => compareBytes(a, b)),
    is_stateful: info.isStateful,
    max_replica_count: info.maxReplicaCount,
    expire_second: info.expireSecond,
    create_second: info.createSecond,
    drop_second: info.dropSecond,
    duplicating: info.duplicating,
    init_partition_count: info.initPartitionCount,
    is_bulk_loading: info.isBulkLoading,
    atomic_idempotent: info.atomicIdempotent,
  });
}

/** The table an `app_info` describes; undefined for a status that no table takes. */
export function fromAppInfo(wire: AppInfo): TableInfo | undefined {
  const status = TABLE_STATUSES.find((candidate) => AppStatus[candidate] === wire.status);
  if (status === undefined) return undefined;
  return {
    status,
    appType: wire.app_type,
    appName: wire.app_name,
    appId: wire.app_id,
    partitionCount: wire.partition_count,
    envs: new Map(wire.envs),
    isStateful: wire.is_stateful,
    maxReplicaCount: wire.max_replica_count,
    expireSecond: wire.expire_second,
    createSecond: wire.create_second,
    dropSecond: wire.drop_second,
    duplicating: wire.duplicating ?? false,
    initPartitionCount: wire.init_partition_count,
    isBulkLoading: wire.is_bulk_loading ?? false,
    atomicIdempotent: wire.atomic_idempotent ?? false,
  };
}
