import { NodeStatus, configurationListNodesResponse, make, nodeInfo, toWireHostPort } from '@onebox/protocol';
import type {
  AddressResolver,
  ConfigurationListNodesRequest,
  ConfigurationListNodesResponse,
} from '@onebox/protocol';
import type { ClusterView } from '../cluster-view';

/** Answers RPC_CM_LIST_NODES: alive nodes first, then unalive ones, each in node order (rpc-protocol.md 4.4). */
export function listNodes(
  view: ClusterView,
  request: ConfigurationListNodesRequest,
  addresses: AddressResolver,
): ConfigurationListNodesResponse {
  const wanted = (status: NodeStatus): boolean =>
    request.status === NodeStatus.NS_INVALID || request.status === status;
  const infos = [
    { status: NodeStatus.NS_ALIVE, alive: true },
    { status: NodeStatus.NS_UNALIVE, alive: false },
  ]
    .filter(({ status }) => wanted(status))
    .flatMap(({ status, alive }) =>
      view
        .nodes()
        .filter((known) => known.alive === alive)
        .map(({ node }) =>
          make(nodeInfo, { status, node: addresses.toRpcAddress(node), hp_node: toWireHostPort(node) }),
        ),
    );
  return make(configurationListNodesResponse, { err: 'ERR_OK', infos });
}
