import { FakeClock, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { ConfigurationUpdateRequest, Rpc } from '@onebox/protocol';
import type { MemoryEventLog, ServerContext } from '@onebox/server';
import type { TableView } from '../../src/state/table';
import { parsePartitionJson } from '../../src/state/partition-json';
import { MetaServer } from '../../src/meta-server';
import { node } from '../cluster-fixture';
import { FakeElection } from './fake-election';
import { MemoryStore } from './memory-store';
import { MIN_INI, MetaUnderTest } from './meta-under-test';
import type { MetaSurroundings } from './meta-under-test';
import { SimulatedReplica } from './simulated-replica';

/** A meta server whose election the test decides. */
export class SimulatedMeta extends MetaUnderTest {
  readonly election: FakeElection;

  constructor(self: Node, ini: string, cluster: MetaSurroundings, more?: Partial<ServerContext>) {
    const election = new FakeElection();
    super(self, ini, cluster, (context) => new MetaServer(context, election), more);
    this.election = election;
  }
}

/** A leader and replica servers on a fake clock, with ZooKeeper in memory. */
export class SimulatedCluster {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly replicas = new Map<Node, SimulatedReplica>();
  leader: SimulatedMeta;
  /** What each meta server told, the present leader last. */
  readonly told: MemoryEventLog[] = [];
  private metaCount = 0;

  constructor(
    replicaCount: number,
    private readonly options: {
      readonly ini?: string;
      readonly context?: Partial<ServerContext>;
      readonly eventsPerFile?: number;
    } = {},
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
    const lockNode = `LOCKNODE${String(this.metaCount).padStart(10, '0')}`;
    const event = this.leader.events.tell('election-won', { lockNode });
    this.leader.election.elect(this.leader.self, this.store, { event, lockNode });
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

  private send(to: Node, code: string, request: unknown): void {
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
    const surroundings = {
      clock: this.clock,
      send: (to: Node, code: string, request: unknown) => this.send(to, code, request),
      eventsPerFile: this.options.eventsPerFile,
    };
    const meta = new SimulatedMeta(self, this.options.ini ?? MIN_INI, surroundings, this.options.context);
    this.told.push(meta.events);
    return meta;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}
