import { FakeClock, MemoryLogger, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { ConfigurationUpdateRequest, Rpc, RpcClient } from '@onebox/protocol';
import { NO_REPLY, checkConfig, parseIni, selectProfile } from '@onebox/server';
import type { RpcCallContext, RpcHandler, RpcRegistry, ServerContext } from '@onebox/server';
import type { TableView } from '../../src/state/table';
import { parsePartitionJson } from '../../src/state/partition-json';
import { MetaServer } from '../../src/meta-server';
import { node } from '../cluster-fixture';
import { ADDRESSES } from './addresses';
import { FakeElection } from './fake-election';
import { MemoryStore } from './memory-store';
import { SimulatedReplica } from './simulated-replica';

/** The onebox's settings that differ from upstream's code. */
export const MIN_INI = `
[onebox]
cluster_name = onebox
replica_count = 3
[meta_server]
server_list = 127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603
cluster_root = /pegasus/onebox/127.0.0.1
min_live_node_count_for_unfreeze = 1
stable_rs_min_running_seconds = 0
[meta_server.apps.temp]
app_name = temp
app_type = pegasus
partition_count = 8
max_replica_count = 3
[meta_server.apps.stat]
app_name = stat
app_type = pegasus
partition_count = 4
max_replica_count = 3
[replication]
mutation_2pc_min_replica_count = 1
[zookeeper]
hosts_list = 127.0.0.1:22181
`;

export const THFT: RpcCallContext = {
  framing: 'thft',
  gpid: { appId: 0, partitionIndex: 0 },
  remote: '127.0.0.1:50000',
  from: undefined,
  canBeForwarded: false,
  partitionHash: 0n,
  isBackupRequest: false,
};

/** One meta server process: its handlers, and how it ended. */
export class SimulatedMeta {
  readonly election = new FakeElection();
  readonly log = new MemoryLogger();
  readonly server: MetaServer;
  exit: { readonly code: number; readonly reason: string } | undefined;
  private readonly handlers = new Map<string, RpcHandler<unknown, unknown>>();

  constructor(
    readonly self: Node,
    ini: string,
    cluster: Pick<SimulatedCluster, 'clock' | 'send'>,
    more: Partial<ServerContext> = {},
  ) {
    const { flags, settings, config } = checkConfig(parseIni(ini, 'config.ini'));
    const rpcClient: Pick<RpcClient, 'send'> = {
      send: (to, rpc, request) => cluster.send(to, rpc.code, request),
    };
    const context: ServerContext = {
      role: 'meta',
      name: 'meta1',
      self,
      directory: '/nowhere',
      config,
      flags,
      settings,
      clock: cluster.clock,
      log: this.log,
      profile: selectProfile('master'),
      rpcClient: rpcClient as RpcClient,
      addresses: ADDRESSES,
      startedAtUnixMs: cluster.clock.unixMs(),
      build: { version: '0.1.0', commit: 'c'.repeat(40) },
      metaServers: [1, 2, 3].map((index) => parseNode(`127.0.0.1:${34600 + index}`)),
      eagerCure: false,
      // The process of a test goes on: what comes after the end of a server must do no harm.
      exit: ((code: number, reason: string) => {
        this.exit ??= { code, reason };
      }) as ServerContext['exit'],
      ...more,
    };
    this.server = new MetaServer(context, this.election);
    const registry = {
      on: (rpc: Rpc<unknown, unknown>, handler: RpcHandler<unknown, unknown>) => {
        this.handlers.set(rpc.code, handler);
        return registry;
      },
    };
    this.server.registerRpc(registry as unknown as RpcRegistry);
  }

  /** Calls a handler as the RPC layer does; undefined when it does not answer. */
  async call<Q, A>(
    rpc: Rpc<Q, A>,
    request: Q,
    context: Partial<RpcCallContext> = {},
  ): Promise<A | undefined> {
    const handler = this.handlers.get(rpc.code);
    if (handler === undefined) throw new Error(`no handler for ${rpc.code}`);
    const answer = await handler(request, { ...THFT, ...context });
    return answer === NO_REPLY ? undefined : (answer as A);
  }
}

/** A leader and replica servers on a fake clock, with ZooKeeper in memory. */
export class SimulatedCluster {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly replicas = new Map<Node, SimulatedReplica>();
  leader: SimulatedMeta;
  private metaCount = 0;

  constructor(
    replicaCount: number,
    private readonly options: { readonly ini?: string; readonly context?: Partial<ServerContext> } = {},
  ) {
    this.leader = this.newMeta();
    for (let index = 1; index <= replicaCount; index += 1) this.addReplica(index);
  }

  /** A replica server that exists but does not run yet. */
  addReplica(index: number): SimulatedReplica {
    const replica = new SimulatedReplica(node(index), {
      clock: this.clock,
      call: (rpc, request) => this.callLeader(rpc, request),
      replica: (other) => this.replica(other),
    });
    this.replicas.set(replica.node, replica);
    return replica;
  }

  replica(known: Node): SimulatedReplica {
    const replica = this.replicas.get(known);
    if (replica === undefined) throw new Error(`there is no ${known}`);
    return replica;
  }

  /** The leader is elected, the replica servers start, and everything becomes healthy. */
  async start(): Promise<this> {
    await this.elect();
    for (const replica of this.replicas.values()) replica.start();
    await this.run(14_000);
    return this;
  }

  /** The process that leads now begins to. */
  async elect(): Promise<void> {
    await this.leader.server.start();
    this.leader.election.elect(this.leader.self, this.store);
    await this.run(1);
  }

  /** Another meta server takes over after so long without any leader. */
  async failOver(afterMs: number): Promise<void> {
    await this.leader.server.close();
    this.leader = this.newMeta();
    await this.run(afterMs);
    await this.elect();
  }

  /** Lets time pass, in steps that let everything settle that a step set off. */
  async run(ms: number): Promise<void> {
    const stepMs = 50;
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed));
      await settle();
    }
  }

  table(name: string): TableView {
    const found = this.tables().find(({ info }) => info.appName === name);
    if (found === undefined) throw new Error(`there is no table ${name}`);
    return found;
  }

  tables(): readonly TableView[] {
    return this.leader.server.view.tables();
  }

  /** Ballots of a table's partitions, in order, from ZooKeeper. */
  ballots(name: string): number[] {
    return this.stored(name).map(({ ballot }) => ballot);
  }

  /** The configurations of a table as they are in ZooKeeper. */
  stored(name: string) {
    return this.table(name).partitions.map(({ gpid }) => {
      const path = `/pegasus/onebox/127.0.0.1/apps/${gpid.appId}/${gpid.partitionIndex}`;
      return parsePartitionJson(path, gpid, this.store.nodes.get(path) ?? Buffer.alloc(0));
    });
  }

  send(to: Node, code: string, request: unknown): void {
    const replica = this.replicas.get(to);
    if (code === 'RPC_CONFIG_PROPOSAL' && replica?.running === true) {
      void Promise.resolve().then(() => replica.propose(request as ConfigurationUpdateRequest));
    }
  }

  async close(): Promise<void> {
    for (const replica of this.replicas.values()) replica.stop();
    await this.leader.server.close();
  }

  /** As a replica server calls: undefined after the time-out of 5 s. */
  private callLeader<Q, A>(rpc: Rpc<Q, A>, request: Q): Promise<A | undefined> {
    return new Promise((resolve) => {
      const timeout = this.clock.after(5000, () => resolve(undefined));
      const settled = (answer: A | undefined): void => {
        if (answer === undefined) return;
        timeout.cancel();
        resolve(answer);
      };
      this.leader.call(rpc, request, { framing: 'rdsn' }).then(settled, () => settled(undefined));
    });
  }

  private newMeta(): SimulatedMeta {
    this.metaCount += 1;
    const self = parseNode(`127.0.0.1:${34600 + this.metaCount}`);
    return new SimulatedMeta(self, this.options.ini ?? MIN_INI, this, this.options.context);
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}
