import type { Node } from '@onebox/base';
import {
  BulkLoadStatus,
  RPC,
  bulkLoadRequest,
  ingestionRequest,
  make,
  toWireHostPort,
  wireNode,
} from '@onebox/protocol';
import type { BulkLoadResponse, IngestionResponse } from '@onebox/protocol';
import type { PartitionConfig } from '../state/partition';
import type { BulkLoadParts } from './bulk-load-parts';
import type { GroupStates, PartitionLoadInfo, TableLoadInfo } from './load-info';

type Wire = Pick<BulkLoadParts, 'addresses' | 'rpcClient'>;

/** RPC_BULK_LOAD: tells a partition's primary what its status is, and asks how far it is. @throws RpcError */
export function askPrimary(
  { addresses, rpcClient }: Wire,
  load: TableLoadInfo,
  partition: PartitionLoadInfo,
  config: PartitionConfig,
  primary: Node,
): Promise<BulkLoadResponse> {
  const request = make(bulkLoadRequest, {
    pid: config.gpid,
    app_name: load.appName,
    primary: addresses.toRpcAddress(primary),
    hp_primary: toWireHostPort(primary),
    remote_provider_name: load.provider,
    cluster_name: load.clusterName,
    ballot: config.ballot,
    meta_bulk_load_status: BulkLoadStatus[partition.status],
    query_bulk_load_metadata: partition.metadata.files.length === 0,
    remote_root_path: load.remoteRootPath,
  });
  return rpcClient.call(primary, RPC.RPC_BULK_LOAD, request, { gpid: config.gpid });
}

/** RPC_RRDB_RRDB_BULK_LOAD: a write of the partition, by which every replica ingests what it downloaded. @throws RpcError */
export function askToIngest(
  { rpcClient }: Wire,
  load: TableLoadInfo,
  partition: PartitionLoadInfo,
  config: PartitionConfig,
  options: { readonly primary: Node; readonly verify: boolean },
): Promise<IngestionResponse> {
  const request = make(ingestionRequest, {
    app_name: load.appName,
    metadata: partition.metadata,
    ingest_behind: load.ingestBehind,
    ballot: config.ballot,
    verify_before_ingest: options.verify,
  });
  return rpcClient.call(options.primary, RPC.RPC_RRDB_RRDB_BULK_LOAD, request, { gpid: config.gpid });
}

/** The states of a group; servers that know host names send those as well. */
export function groupStatesOf(response: BulkLoadResponse): GroupStates {
  const named = response.hp_group_bulk_load_state ?? [];
  const states =
    named.length > 0
      ? named.map(([node, state]) => [wireNode(node, null), state] as const)
      : response.group_bulk_load_state.map(([address, state]) => [wireNode(null, address), state] as const);
  return states.flatMap(([node, state]) => (node === undefined ? [] : [[node, state] as const]));
}
