import type { DefaultTable } from '@onebox/server';
import type { TableInfo } from '../state/table';

/** The tables of an empty cluster: ids from 1 in the order given, that of their sections (reference/cluster-behaviour.md 2.6). */
export function defaultTables(tables: readonly DefaultTable[], createSecond: number): TableInfo[] {
  return tables.map((table, index) => ({
    status: 'AS_AVAILABLE',
    appType: table.appType,
    appName: table.appName,
    appId: index + 1,
    partitionCount: table.partitionCount,
    envs: new Map(),
    isStateful: table.stateful,
    maxReplicaCount: table.maxReplicaCount,
    expireSecond: 0,
    createSecond,
    dropSecond: 0,
    duplicating: false,
    initPartitionCount: -1,
    isBulkLoading: false,
    atomicIdempotent: false,
  }));
}
