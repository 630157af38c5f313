import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, MemoryLogger, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { Rpc } from '@onebox/protocol';
import { MemoryEventLog, MetricRegistry, PROFILES, checkConfig, parseIni } from '@onebox/server';
import type { ServerContext } from '@onebox/server';
import { removeForGood } from '../../../base/test/support/remove-for-good';
import { ReplicaServer } from '../../../replica/src/replica-server';
import { FakeNetwork } from '../../../replica/test/support/fake-network';
import type { TableView } from '../../src/state/table';
import { ADDRESSES } from './addresses';
import { MemoryStore } from './memory-store';
import { SimulatedMeta } from './simulated-cluster';

const INI = `
[onebox]
cluster_name = onebox
[meta_server]
server_list = 127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603
cluster_root = /pegasus/onebox/127.0.0.1
min_live_node_count_for_unfreeze = 1
stable_rs_min_running_seconds = 0
cold_backup_disabled = false
[meta_server.apps.stat]
app_name = stat
app_type = pegasus
partition_count = 2
max_replica_count = 3
[replication]
cluster_name = onebox
mutation_2pc_min_replica_count = 1
cold_backup_root = onebox
[block_service.local_service]
type = local_service
args = ../block_service/local_service
[pegasus.clusters]
onebox = 127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603
onebox2 = 127.0.0.1:35601,127.0.0.1:35602,127.0.0.1:35603
[duplication-group]
onebox = 1
onebox2 = 2
[zookeeper]
hosts_list = 127.0.0.1:22181
`;

/** Real milliseconds. */
const PATIENCE_MS = 20_000;

const TOOL = parseNode('127.0.0.1:1');

/** The ports of a cluster begin here above the usual ones, as those of `onebox2` do. */
type PortOffset = 0 | 1000;

function metasOf(offset: PortOffset): readonly Node[] {
  return [1, 2, 3].map((index) => parseNode(`127.0.0.1:${34600 + offset + index}`));
}

/** The configuration of the cluster beside the first one. */
function secondIni(ini: string): string {
  return ini
    .replaceAll('cluster_name = onebox', 'cluster_name = onebox2')
    .replace(/^server_list = .*$/m, `server_list = ${metasOf(1000).join(',')}`)
    .replace('/pegasus/onebox/', '/pegasus/onebox2/');
}

/** Lets everything happen that is due without time passing; the disk gets a moment too. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Real meta and replica servers in this process, on a clock that stands still, with real directories and ZooKeeper in memory. */
export class WholeCluster {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly store = new MemoryStore();
  readonly root = mkdtempSync(join(tmpdir(), 'onebox-whole-'));
  /** By its index, from 1. */
  readonly replicas = new Map<number, ReplicaServer>();
  readonly metrics = new Map<number, MetricRegistry>();
  /** What replica servers wrote. */
  readonly log = new MemoryLogger();
  /** What each replica server told, over its restarts. */
  readonly replicaEvents = new Map<number, MemoryEventLog>();
  /** Replica servers that ended themselves, and why. */
  readonly exits: string[] = [];
  leader: SimulatedMeta;
  private metas = 0;

  private constructor(
    private readonly ini: string,
    private readonly offset: PortOffset,
    beside: WholeCluster | undefined,
  ) {
    this.clock = beside?.clock ?? new FakeClock();
    this.network = beside?.network ?? new FakeNetwork(this.clock);
    this.leader = this.newMeta();
  }

  /** One leader, three replica servers, table `stat` with two partitions, everything healthy. @param changes settings with other values */
  static async start(changes: Readonly<Record<string, string>> = {}): Promise<WholeCluster> {
    const cluster = new WholeCluster(withChanges(INI, changes), 0, undefined);
    return cluster.begin();
  }

  /** `onebox2`: a cluster of its own in the time and the network of this one. */
  async beside(changes: Readonly<Record<string, string>> = {}): Promise<WholeCluster> {
    const cluster = new WholeCluster(secondIni(withChanges(INI, changes)), 1000, this);
    return cluster.begin();
  }

  private async begin(): Promise<this> {
    await this.elect();
    for (const index of [1, 2, 3]) await this.startReplica(index);
    await this.untilHealthy();
    return this;
  }

  async untilHealthy(): Promise<void> {
    await this.until('everything healthy', () =>
      this.tables().every(({ partitions }) =>
        partitions.every(({ secondaries }) => secondaries.length === 2),
      ),
    );
  }

  /** The node of a replica server. */
  node(index: number): Node {
    return parseNode(`127.0.0.1:${34800 + this.offset + index}`);
  }

  /** The body of a HTTP call, of the leader or of a replica server. */
  async get(path: string, from: 'leader' | number = 'leader'): Promise<string> {
    const handlers =
      from === 'leader' ? this.leader.server.httpHandlers : this.replicas.get(from)?.httpHandlers;
    const [bare = '', query = ''] = path.split('?');
    const response = await handlers?.[bare]?.({
      method: 'GET',
      path: bare.slice(1),
      rawUrl: path,
      args: new Map(
        query.split('&').map((pair): [string, string] => {
          const [name = '', value = ''] = pair.split('=');
          return [name, value];
        }),
      ),
      body: Buffer.alloc(0),
    });
    return response?.body.toString() ?? 'no such call';
  }

  /** The directory that is the root of the block service. */
  get blocks(): string {
    return join(this.root, 'block_service', 'local_service');
  }

  /** A file of the block service; undefined when there is none. */
  async block(path: string): Promise<string | undefined> {
    return readFile(join(this.blocks, path), 'utf8').catch(() => undefined);
  }

  tables(): readonly TableView[] {
    return this.leader.server.view.tables();
  }

  /** Calls the leader as a tool does. */
  ask<Q, A>(rpc: Rpc<Q, A>, request: Q): Promise<A> {
    return this.network.from(TOOL).call(this.leader.self, rpc, request, { timeoutMs: 600_000 });
  }

  async startReplica(index: number): Promise<void> {
    const self = this.node(index);
    const { flags, config } = checkConfig(parseIni(this.ini, 'config.ini'));
    const metrics = new MetricRegistry({
      clock: new FakeClock(),
      role: 'replica',
      retirementDelayMs: 600_000,
    });
    const events = this.replicaEvents.get(index) ?? new MemoryEventLog(`replica${index}`);
    this.replicaEvents.set(index, events);
    const server = new ReplicaServer({
      self,
      directory: join(this.root, `replica${index}`),
      config,
      flags,
      clock: this.clock,
      log: this.log,
      events,
      profile: PROFILES.master,
      exit: ((code: number, reason: string) => {
        this.exits.push(`replica${index} ${code}: ${reason}`);
      }) as ServerContext['exit'],
      rpcClient: this.network.from(self),
      addresses: {
        ...ADDRESSES,
        toRpcAddress: (node) => ADDRESSES.toRpcAddress(node),
        learn: () => Promise.resolve(),
      },
      startedAtUnixMs: this.clock.unixMs(),
      metrics,
      perfCounters: { nameTables: () => undefined },
      metaServers: metasOf(this.offset),
    });
    server.registerRpc(this.network.listen(self));
    this.replicas.set(index, server);
    this.metrics.set(index, metrics);
    await server.start();
    await settle();
  }

  /** As kill -9. */
  async killReplica(index: number): Promise<void> {
    this.network.down(this.node(index));
    await this.replicas.get(index)?.close();
    this.replicas.delete(index);
  }

  /** The leader dies, and another meta server takes over a moment later. */
  async failOver(): Promise<void> {
    this.network.down(this.leader.self);
    await this.leader.server.close();
    this.leader = this.newMeta();
    await this.pass(1000);
    await this.elect();
  }

  async pass(ms: number): Promise<void> {
    const stepMs = 250;
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed));
      await settle();
    }
  }

  /** Lets time pass until something holds. The bound is real time: a busy disk takes what it takes, the clock does not wait. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`${what} did not happen within ${PATIENCE_MS} real ms`);
      await this.pass(250);
    }
  }

  async close(): Promise<void> {
    for (const index of [...this.replicas.keys()]) await this.killReplica(index);
    await this.leader.server.close();
    await removeForGood(this.root);
  }

  private async elect(): Promise<void> {
    await this.leader.server.start();
    this.leader.election.elect(this.leader.self, this.store);
    await settle();
  }

  private newMeta(): SimulatedMeta {
    this.metas += 1;
    const self = metasOf(this.offset)[(this.metas - 1) % 3] ?? TOOL;
    const network = this.network.from(self);
    const meta = new SimulatedMeta(
      self,
      this.ini,
      {
        clock: this.clock,
        call: (to, rpc, request) => network.call(to, rpc, request),
        send: () => undefined,
      },
      {
        directory: join(this.root, `meta${this.metas}`),
        rpcClient: network as never,
        metaServers: metasOf(this.offset),
      },
    );
    meta.server.registerRpc(this.network.listen(self));
    return meta;
  }
}

export function replicaNode(index: number): Node {
  return parseNode(`127.0.0.1:${34800 + index}`);
}

function withChanges(ini: string, changes: Readonly<Record<string, string>>): string {
  return ini.replace(/^(\w+) = .*$/gm, (line, key: string) => withValue(line, key, changes));
}

function withValue(line: string, key: string, changes: Readonly<Record<string, string>>): string {
  const value = changes[key];
  return value === undefined ? line : `${key} = ${value}`;
}
