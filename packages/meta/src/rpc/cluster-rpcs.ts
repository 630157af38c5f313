import {
  RPC,
  configurationBalancerResponse,
  configurationMetaControlResponse,
  dddDiagnoseResponse,
  dddNodeInfo,
  dddPartitionInfo,
  make,
  toWireHostPort,
  wireNode,
} from '@onebox/protocol';
import type {
  AddressResolver,
  ConfigurationBalancerRequest,
  ConfigurationBalancerResponse,
  DddPartitionInfo,
} from '@onebox/protocol';
import { proposeBalancer } from '../balancing/propose-balancer';
import type { ClusterInfoVariants } from '../cluster-info';
import type { ClusterView } from '../cluster-view';
import { FUNCTION_LEVEL_VALUES } from '../function-level';
import type { DroppedReplica } from '../guardian/dropped-list';
import type { DddPartition } from '../guardian/partition-guardian';
import type { Leader } from '../leader';
import { changeLevel } from '../level-change';
import {
  clusterInfoResponse,
  forwardPartitionConfigQuery,
  listApps,
  listNodes,
  queryPartitionConfig,
  toPartitionConfiguration,
} from '../rpc-encoding';
import { changeTypeOf } from './configuration-rpcs';
import type { LeaderOnly } from './leader-only';

export interface ClusterRpcParts {
  readonly view: ClusterView;
  readonly variants: ClusterInfoVariants;
  readonly addresses: AddressResolver;
}

/** What clients and tools ask about the cluster, and how operators steer it (reference/rpc-protocol.md 4.2, 4.4). */
export function serveClusterRpcs(rpcs: LeaderOnly, { view, variants, addresses }: ClusterRpcParts): void {
  rpcs
    .on(
      RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX,
      (_leader, request) => queryPartitionConfig(view, request, addresses),
      (owner) => forwardPartitionConfigQuery(owner, addresses),
    )
    .on(RPC.RPC_CM_LIST_APPS, (_leader, request) => listApps(view, request))
    .on(RPC.RPC_CM_LIST_NODES, (_leader, request) => listNodes(view, request, addresses))
    .on(RPC.RPC_CM_CLUSTER_INFO, () => clusterInfoResponse(view, variants))
    .on(RPC.RPC_CM_CONTROL_META, ({ level, state, chronicle }, request) => {
      const { error, old } = changeLevel(level, state, chronicle, request.level);
      return make(configurationMetaControlResponse, { err: error, old_level: FUNCTION_LEVEL_VALUES[old] });
    })
    .on(RPC.RPC_CM_PROPOSE_BALANCER, propose)
    .on(RPC.RPC_CM_DDD_DIAGNOSE, (leader, request) =>
      make(dddDiagnoseResponse, {
        err: 'ERR_OK',
        partitions: leader.guardian
          .dddPartitions(request.pid)
          .map((partition) => dddPartition(leader, partition, addresses)),
      }),
    );
}

function propose(leader: Leader, request: ConfigurationBalancerRequest): ConfigurationBalancerResponse {
  const err = proposeBalancer(leader.state, leader.sender, {
    gpid: request.gpid,
    force: request.force ?? false,
    actions: request.action_list.map((action) => ({
      type: changeTypeOf(action.type),
      target: wireNode(action.hp_target, action.target),
      node: wireNode(action.hp_node, action.node),
    })),
  });
  return make(configurationBalancerResponse, { err });
}

function dddPartition(
  leader: Leader,
  { config, dropped, reason }: DddPartition,
  addresses: AddressResolver,
): DddPartitionInfo {
  const node = (replica: DroppedReplica) => {
    const isAlive = leader.nodes.isAlive(replica.node);
    const isCollected = isAlive && leader.nodes.hasReported(replica.node);
    const progress = isCollected ? replica.progress : undefined;
    return make(dddNodeInfo, {
      node: addresses.toRpcAddress(replica.node),
      hp_node: toWireHostPort(replica.node),
      drop_time_ms: replica.droppedAtUnixMs,
      is_alive: isAlive,
      is_collected: isCollected,
      ballot: progress?.ballot ?? -1,
      last_committed_decree: progress?.lastCommittedDecree ?? -1,
      last_prepared_decree: progress?.lastPreparedDecree ?? -1,
    });
  };
  return make(dddPartitionInfo, {
    config: toPartitionConfiguration(config, addresses),
    dropped: dropped.map(node),
    reason,
  });
}
