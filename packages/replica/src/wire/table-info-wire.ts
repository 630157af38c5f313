import { appInfo, make } from '@onebox/protocol';
import type { AppInfo, AppStatus } from '@onebox/protocol';
import type { TableInfo } from '../partition/table-info';

export function readTableInfo(wire: AppInfo): TableInfo {
  return {
    status: wire.status,
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

export function writeTableInfo(table: TableInfo): AppInfo {
  return make(appInfo, {
    // It came as a number of the wire enum, and goes back as it came.
    status: table.status as AppStatus,
    app_type: table.appType,
    app_name: table.appName,
    app_id: table.appId,
    partition_count: table.partitionCount,
    envs: [...table.envs],
    is_stateful: table.isStateful,
    max_replica_count: table.maxReplicaCount,
    expire_second: table.expireSecond,
    create_second: table.createSecond,
    drop_second: table.dropSecond,
    duplicating: table.duplicating,
    init_partition_count: table.initPartitionCount,
    is_bulk_loading: table.isBulkLoading,
    atomic_idempotent: table.atomicIdempotent,
  });
}
