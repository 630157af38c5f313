import { OneboxError } from '@onebox/base';
import type { ErrorCode, Node } from '@onebox/base';
import {
  AppStatus,
  NodeStatus,
  RPC,
  configurationListAppsRequest,
  configurationListNodesRequest,
  make,
  queryCfgRequest,
  wireNode,
} from '@onebox/protocol';
import type { MetaCalls } from '../cluster-watch';
import type { TableShape } from './partition-sums';

/** How long a server may take to answer, Pegasus ms. */
const ASK_MS = 5000;

/** What a round of statistics needs to know of the cluster. */
export interface ClusterShape {
  /** The replica servers that live. */
  readonly nodes: readonly Node[];
  /** The available tables. */
  readonly tables: readonly TableShape[];
}

/** Asks the leader. @throws OneboxError when it refuses, or what the call throws */
export async function askClusterShape(calls: MetaCalls, leader: Node): Promise<ClusterShape> {
  const within = { timeoutMs: ASK_MS };
  const listApps = make(configurationListAppsRequest, { status: AppStatus.AS_AVAILABLE });
  const listNodes = make(configurationListNodesRequest, { status: NodeStatus.NS_ALIVE });
  const [apps, nodes] = await Promise.all([
    calls.call(leader, RPC.RPC_CM_LIST_APPS, listApps, within),
    calls.call(leader, RPC.RPC_CM_LIST_NODES, listNodes, within),
  ]);
  refuse(leader, 'listing tables', apps.err);
  refuse(leader, 'listing nodes', nodes.err);
  const tables = await Promise.all(
    apps.infos.map(async ({ app_id, app_name }) => {
      const request = make(queryCfgRequest, { app_name });
      const answer = await calls.call(leader, RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, request, within);
      refuse(leader, `looking up the partitions of ${app_name}`, answer.err);
      const primaries = new Array<Node | undefined>(answer.partition_count).fill(undefined);
      for (const { pid, primary, hp_primary } of answer.partitions) {
        if (pid.partitionIndex < primaries.length)
          primaries[pid.partitionIndex] = wireNode(hp_primary, primary);
      }
      return { appId: app_id, name: app_name, primaries };
    }),
  );
  const alive = nodes.infos.map(({ node, hp_node }) => wireNode(hp_node, node));
  return { nodes: alive.filter((node) => node !== undefined), tables };
}

function refuse(leader: Node, what: string, err: ErrorCode): void {
  if (err !== 'ERR_OK') throw new OneboxError(err, `${what}: ${leader} answered ${err}`);
}
