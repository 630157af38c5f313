import { FakeClock, OneboxError, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import {
  NodeStatus,
  RPC,
  appInfo,
  configurationListAppsResponse,
  configurationListNodesResponse,
  make,
  nodeInfo,
  partitionConfiguration,
  queryCfgResponse,
} from '@onebox/protocol';
import type { Command, QueryCfgRequest, Rpc } from '@onebox/protocol';
import { MetricRegistry, PerfCounters, RemoteCommands, perfCounterCommands } from '@onebox/server';
import type { CounterGeneration } from '@onebox/server';

export const LEADER = parseNode('127.0.0.1:34601');
export const R1 = parseNode('127.0.0.1:34801');
export const R2 = parseNode('127.0.0.1:34802');

interface Table {
  readonly appId: number;
  readonly primaries: readonly (Node | undefined)[];
}

/** A leader that knows tables, and replica servers with real metrics and real counters, without any network. */
export class ClusterOfCounters {
  readonly clock = new FakeClock();
  readonly tables = new Map<string, Table>();
  readonly down = new Set<Node>();
  /** `err` of the leader's answers. */
  refusal: 'ERR_OK' | 'ERR_FORWARD_TO_OTHERS' = 'ERR_OK';
  private readonly servers: ReadonlyMap<Node, ReturnType<ClusterOfCounters['server']>>;

  constructor(private readonly generation: CounterGeneration | 'none' = '2.4') {
    this.servers = new Map([R1, R2].map((node) => [node, this.server()]));
  }

  /** The metrics of a replica on a server. */
  replica(node: Node, appId: number, partition: number) {
    return this.of(node).metrics.entity('replica', `replica@${appId}.${partition}`, {
      table_id: String(appId),
      partition_id: String(partition),
    });
  }

  /** As the servers' own timers do. */
  async takeSnapshots(): Promise<void> {
    for (const { counters } of this.servers.values()) await counters.takeSnapshot();
  }

  async call<Q, A>(to: Node, rpc: Rpc<Q, A>, request: Q): Promise<A> {
    if (this.down.has(to)) throw new OneboxError('ERR_NETWORK_FAILURE', `${to} is down`);
    const answer: unknown =
      to === LEADER ? this.leaderAnswers(rpc.code, request) : await this.run(to, request);
    return answer as A;
  }

  close(): void {
    for (const { counters, metrics } of this.servers.values()) {
      counters.close();
      metrics.close();
    }
  }

  private leaderAnswers(code: string, request: unknown): unknown {
    const err = this.refusal;
    switch (code) {
      case RPC.RPC_CM_LIST_APPS.code:
        return make(configurationListAppsResponse, {
          err,
          infos: [...this.tables].map(([app_name, { appId }]) => make(appInfo, { app_name, app_id: appId })),
        });
      case RPC.RPC_CM_LIST_NODES.code:
        return make(configurationListNodesResponse, {
          err,
          infos: [R1, R2].map((node) =>
            make(nodeInfo, { status: NodeStatus.NS_ALIVE, hp_node: address(node) }),
          ),
        });
      default:
        return this.partitions((request as QueryCfgRequest).app_name);
    }
  }

  private partitions(name: string): unknown {
    const table = this.tables.get(name);
    if (table === undefined) return make(queryCfgResponse, { err: 'ERR_OBJECT_NOT_FOUND' });
    return make(queryCfgResponse, {
      err: this.refusal,
      app_id: table.appId,
      partition_count: table.primaries.length,
      partitions: table.primaries.map((primary, partitionIndex) =>
        make(partitionConfiguration, {
          pid: { appId: table.appId, partitionIndex },
          hp_primary: primary === undefined ? null : address(primary),
        }),
      ),
    });
  }

  private async run(node: Node, request: unknown): Promise<string> {
    const { cmd, arguments: args } = request as Command;
    return this.of(node).commands.run(cmd, args);
  }

  private of(node: Node): ReturnType<ClusterOfCounters['server']> {
    const server = this.servers.get(node);
    if (server === undefined) throw new Error(`there is no ${node}`);
    return server;
  }

  private server() {
    const { clock, generation } = this;
    const metrics = new MetricRegistry({ clock, role: 'replica', retirementDelayMs: 600_000 });
    const counters = new PerfCounters({ metrics, role: 'replica', clock, generation, intervalMs: 10_000 });
    const names = new Map<number, string>();
    counters.nameTables(({ appId }) => {
      const found = [...this.tables].find(([, table]) => table.appId === appId)?.[0] ?? names.get(appId);
      if (found !== undefined) names.set(appId, found);
      return found;
    });
    const facts = { pegasusVersion: '2.5.0', commit: 'abc', startedAtUnixMs: 0 };
    const commands = new RemoteCommands(facts).add(perfCounterCommands(counters));
    return { metrics, counters, commands };
  }
}

function address(node: Node) {
  const [host = '', port] = node.split(':');
  return { host, port: Number(port) };
}
