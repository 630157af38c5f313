import { double2, dumpSorted } from '@onebox/server';
import type { ProfileVariants } from '@onebox/server';
import { replicaSpread } from './balancer';
import type { BalanceCounts, ClusterView } from './cluster-view';

/** The variants of a profile that the cluster's facts depend on. */
export type ClusterInfoVariants = Pick<ProfileVariants, 'balanceOperationCount' | 'zookeeperHosts'>;

/**
 * What `/meta/cluster` and RPC_CM_CLUSTER_INFO both tell, in their order (reference/http-api.md 3.13,
 * rpc-protocol.md 4.4).
 */
export function clusterInfo(
  view: ClusterView,
  variants: ClusterInfoVariants,
): readonly (readonly [key: string, value: string])[] {
  const spread = replicaSpread(view.nodes(), view.tables());
  return [
    ['meta_servers', view.metaServers.join(',')],
    ['primary_meta_server', view.self],
    ['zookeeper_hosts', zookeeperHosts(view.zookeeperHosts, variants.zookeeperHosts)],
    ['zookeeper_root', view.zookeeperRoot],
    ['meta_function_level', view.functionLevel()],
    ['balance_operation_count', balanceOperationCount(view.balanceCounts(), variants.balanceOperationCount)],
    ['primary_replica_count_stddev', double2(spread.primaryStddev)],
    ['total_replica_count_stddev', double2(spread.totalStddev)],
  ];
}

/** The counters as a line of text, or as an indented JSON document with sorted keys (cluster-behaviour.md 6.1). */
export function balanceOperationCount(
  counts: BalanceCounts,
  form: ProfileVariants['balanceOperationCount'],
): string {
  const { movePrimary, copyPrimary, copySecondary, total } = counts;
  switch (form) {
    case 'text':
      return `move_pri=${movePrimary},copy_pri=${copyPrimary},copy_sec=${copySecondary},total=${total}`;
    case 'json':
      return dumpSorted({ move_pri: movePrimary, copy_pri: copyPrimary, copy_sec: copySecondary, total }, 2);
  }
}

function zookeeperHosts(hosts: string, form: ProfileVariants['zookeeperHosts']): string {
  return form === 'as-written' ? hosts : hosts.replace(/\s/g, '');
}
