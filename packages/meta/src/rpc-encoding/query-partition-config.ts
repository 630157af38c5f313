import type { ErrorCode, Node } from '@onebox/base';
import { make, partitionConfiguration, queryCfgResponse, toWireHostPort } from '@onebox/protocol';
import type { AddressResolver, QueryCfgRequest, QueryCfgResponse } from '@onebox/protocol';
import type { ClusterView } from '../cluster-view';
import { unavailability } from '../table-availability';
import { toPartitionConfiguration } from './partition-configuration';

/**
 * Answers RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX on the leader: the partitions asked for in the order asked, unknown
 * indices left out, and all of them when nothing is left (rpc-protocol.md 4.2).
 */
export function queryPartitionConfig(
  view: ClusterView,
  request: QueryCfgRequest,
  addresses: AddressResolver,
): QueryCfgResponse {
  const table = view.tableNamed(request.app_name);
  if (table === undefined) return refused('ERR_OBJECT_NOT_FOUND');
  const error = unavailability(table.info.status);
  if (error !== undefined) return refused(error);
  // Each once: millions of repetitions would make an answer that no server can hold.
  const asked = [...new Set(request.partition_indices)].flatMap((index) => table.partitions[index] ?? []);
  const configs = asked.length > 0 ? asked : table.partitions;
  return make(queryCfgResponse, {
    err: 'ERR_OK',
    app_id: table.info.appId,
    partition_count: table.info.partitionCount,
    is_stateful: table.info.isStateful,
    partitions: configs.map((config) => toPartitionConfiguration(config, addresses)),
  });
}

/**
 * The answer of a standby meta: where the leader is, as the primary of the only partition; an invalid address while
 * none is known (4.1).
 */
export function forwardPartitionConfigQuery(
  leader: Node | undefined,
  addresses: AddressResolver,
): QueryCfgResponse {
  return make(queryCfgResponse, {
    err: 'ERR_FORWARD_TO_OTHERS',
    partitions: [
      make(partitionConfiguration, {
        primary: leader === undefined ? null : addresses.toRpcAddress(leader),
        hp_primary: toWireHostPort(leader),
      }),
    ],
  });
}

function refused(err: ErrorCode): QueryCfgResponse {
  return make(queryCfgResponse, { err });
}
