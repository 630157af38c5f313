import { configurationClusterInfoResponse, make } from '@onebox/protocol';
import type { ConfigurationClusterInfoResponse } from '@onebox/protocol';
import type { ClusterInfoVariants } from '../cluster-info';
import { clusterInfo } from '../cluster-info';
import type { ClusterView } from '../cluster-view';

/** Answers RPC_CM_CLUSTER_INFO: what `/meta/cluster` shows, and the cluster's name last (rpc-protocol.md 4.4). */
export function clusterInfoResponse(
  view: ClusterView,
  variants: ClusterInfoVariants,
): ConfigurationClusterInfoResponse {
  const pairs = [...clusterInfo(view, variants), ['cluster_name', view.clusterName] as const];
  return make(configurationClusterInfoResponse, {
    err: 'ERR_OK',
    keys: pairs.map(([key]) => key),
    values: pairs.map(([, value]) => value),
  });
}
