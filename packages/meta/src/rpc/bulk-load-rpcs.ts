import {
  BulkLoadStatus,
  RPC,
  clearBulkLoadStateResponse,
  controlBulkLoadResponse,
  make,
  queryBulkLoadResponse,
  startBulkLoadResponse,
  toWireHostPort,
} from '@onebox/protocol';
import type { AddressResolver, QueryBulkLoadResponse } from '@onebox/protocol';
import type { LoadReport } from '../bulk-load';
import type { LeaderOnly } from './leader-only';

/** What tools do with bulk loads (reference/rpc-protocol.md 4.6). */
export function serveBulkLoadRpcs(rpcs: LeaderOnly, addresses: AddressResolver): void {
  rpcs
    .on(RPC.RPC_CM_START_BULK_LOAD, async ({ bulkLoads }, request) => {
      const { error, hint } = await bulkLoads.start({
        appName: request.app_name,
        clusterName: request.cluster_name,
        provider: request.file_provider_type,
        remoteRootPath: request.remote_root_path,
        ingestBehind: request.ingest_behind,
      });
      return make(startBulkLoadResponse, { err: error, hint_msg: hint });
    })
    .on(RPC.RPC_CM_QUERY_BULK_LOAD_STATUS, ({ bulkLoads }, { app_name: appName }) =>
      queryAnswer(appName, bulkLoads.query(appName), addresses),
    )
    .on(RPC.RPC_CM_CONTROL_BULK_LOAD, ({ bulkLoads }, { app_name: appName, type }) => {
      const { error, hint } = bulkLoads.control(appName, type);
      return make(controlBulkLoadResponse, { err: error, hint_msg: hint === '' ? undefined : hint });
    })
    .on(RPC.RPC_CM_CLEAR_BULK_LOAD, async ({ bulkLoads }, { app_name: appName }) => {
      const { error, hint } = await bulkLoads.clear(appName);
      return make(clearBulkLoadStateResponse, { err: error, hint_msg: hint });
    });
}

function queryAnswer(appName: string, report: LoadReport, addresses: AddressResolver): QueryBulkLoadResponse {
  return make(queryBulkLoadResponse, {
    err: report.error,
    app_name: appName,
    app_status: BulkLoadStatus[report.status],
    partitions_status: report.partitions.map((status) => BulkLoadStatus[status]),
    max_replica_count: report.maxReplicaCount,
    bulk_load_states: report.states.map((states) =>
      states.map(([node, state]) => [addresses.toRpcAddress(node), state] as const),
    ),
    hp_bulk_load_states: report.states.map((states) =>
      states.map(([node, state]) => [toWireHostPort(node), state] as const),
    ),
    hint_msg: report.hint === '' ? undefined : report.hint,
    is_bulk_loading: report.isBulkLoading,
  });
}
