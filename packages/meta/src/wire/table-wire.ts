import { AppStatus, appInfo, make } from '@onebox/protocol';
import type { AppInfo } from '@onebox/protocol';
import type { TableInfo } from '../state/table';

/** A table as `app_info`; times in unix seconds (reference/rpc-protocol.md 4.3). */
export function toWireTable(info: TableInfo): AppInfo {
  return make(appInfo, {
    status: AppStatus[info.status],
    app_type: info.appType,
    app_name: info.appName,
    app_id: info.appId,
    partition_count: info.partitionCount,
    envs: [...info.envs],
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
