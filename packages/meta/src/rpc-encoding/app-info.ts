import { AppStatus, appInfo, make } from '@onebox/protocol';
import type { AppInfo } from '@onebox/protocol';
import { compareBytes } from '@onebox/server';
import type { TableInfo } from '../state/table';

/** `app_info` of a table; times are unix seconds, envs in key order as upstream's map has them. */
export function toAppInfo(info: TableInfo): AppInfo {
  const known = appInfos.get(info);
  if (known !== undefined) return known;
  const made = makeAppInfo(info);
  appInfos.set(info, made);
  return made;
}

/** What is known of a table is a value that is replaced when it changes; a config-sync tells it for each partition. */
const appInfos = new WeakMap<TableInfo, AppInfo>();

function makeAppInfo(info: TableInfo): AppInfo {
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
