import { ScaledClock, nodeAddress } from '@onebox/base';
import type { ErrorCode, Node } from '@onebox/base';
import { AppStatus, NodeStatus, RPC, RpcClient, wireNode } from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import { listedPartition, listedTable, tableHealth } from '../admin';
import type { ListedPartition } from '../admin';
import type { ClusterRecord } from '../record/cluster-record';
import { localMetaServersOf, metaServersOf } from '../topology';

/** A table, and how its partitions are: the numbers count partitions (reference/cluster-behaviour.md 4.7). */
export interface TableView {
  readonly id: number;
  readonly name: string;
  readonly partitionCount: number;
  readonly maxReplicaCount: number;
  readonly fullyHealthy: number;
  readonly unhealthy: number;
  readonly writeUnhealthy: number;
  readonly readUnhealthy: number;
}

export interface TableWithPartitions extends TableView {
  readonly partitions: readonly ListedPartition[];
}

/** A server answers within milliseconds; one that does not is frozen or overwhelmed. */
const ANSWER_WITHIN_MS = 1000;

/**
 * Asks the meta servers over their Pegasus ports, in the way of the real tools (THFT), once for each question: whoever
 * wants to wait asks again. RPC, because the first HTTP request makes a server load its HTTP side.
 */
export class LeaderClient {
  private readonly client = new RpcClient({ framing: 'thft', clock: new ScaledClock(1) });
  /** In the record's order, by advertised identity: and where each is reached from here. */
  private readonly metas: ReadonlyMap<Node, Node>;

  constructor(record: ClusterRecord) {
    const here = localMetaServersOf(record);
    this.metas = new Map(metaServersOf(record).map((meta, i) => [meta, here[i] ?? meta]));
  }

  /** The meta server that leads and is ready to serve; undefined when there is none. */
  async find(): Promise<Node | undefined> {
    const metas = [...this.metas.keys()];
    const answers = await Promise.all(metas.map((meta) => this.ask(meta, RPC.RPC_CM_CLUSTER_INFO, {})));
    return metas.find((_meta, i) => answers[i] !== undefined);
  }

  /** Ports of the replica servers that are alive. Undefined when this server does not lead any more; also below. */
  async alivePorts(leader: Node): Promise<ReadonlySet<number> | undefined> {
    const answer = await this.ask(leader, RPC.RPC_CM_LIST_NODES, { status: NodeStatus.NS_ALIVE });
    const nodes = answer?.infos.map((info) => wireNode(info.hp_node, info.node));
    return nodes && new Set(nodes.filter((node) => node !== undefined).map((node) => nodeAddress(node).port));
  }

  /** Every available table, in id order. */
  async tables(leader: Node): Promise<readonly TableWithPartitions[] | undefined> {
    const listed = await this.ask(leader, RPC.RPC_CM_LIST_APPS, { status: AppStatus.AS_AVAILABLE });
    if (listed === undefined) return undefined;
    const tables = await Promise.all(
      listed.infos.map(async (info) => {
        const { id, name, partitionCount, maxReplicaCount } = listedTable(info);
        const answer = await this.ask(leader, RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, {
          app_name: name,
          partition_indices: [],
        });
        if (answer === undefined) return undefined;
        const partitions = answer.partitions.map(listedPartition).sort((a, b) => a.index - b.index);
        return { id, name, partitionCount, maxReplicaCount, ...tableHealth(partitions), partitions };
      }),
    );
    const known = tables.filter((table) => table !== undefined);
    return known.length < tables.length ? undefined : known.sort((a, b) => a.id - b.id);
  }

  /** The effective function level. */
  async functionLevel(leader: Node): Promise<string | undefined> {
    const answer = await this.ask(leader, RPC.RPC_CM_CLUSTER_INFO, {});
    return answer?.values[answer.keys.indexOf('meta_function_level')];
  }

  close(): void {
    this.client.close();
  }

  /** Undefined when nobody answers in time, and when the answer is not ERR_OK: a standby, or a leader still loading. */
  private async ask<Q, A extends { readonly err: ErrorCode }>(
    meta: Node,
    rpc: Rpc<Q, A>,
    request: Q,
  ): Promise<A | undefined> {
    try {
      const answer = await this.client.call(this.metas.get(meta) ?? meta, rpc, request, {
        timeoutMs: ANSWER_WITHIN_MS,
      });
      return answer.err === 'ERR_OK' ? answer : undefined;
    } catch {
      return undefined;
    }
  }
}

/** What `work` finds out with a client of its own. */
export async function withLeaderClient<T>(
  record: ClusterRecord,
  work: (client: LeaderClient) => Promise<T>,
): Promise<T> {
  const client = new LeaderClient(record);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
