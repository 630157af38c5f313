import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, MemoryLogger, parseNode } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { DnsAddressResolver, RPC, make, queryReplicaInfoRequest } from '@onebox/protocol';
import { Flags, MemoryEventLog, MetricRegistry, PROFILES, PerfCounters, parseIni } from '@onebox/server';
import type { LoggedEvent } from '@onebox/server';
import { removeForGood } from '../../../base/test/support/remove-for-good';
import { WatchedFlags } from '../../../server/test/flags/watched-flags';
import { ReplicaServer } from '../../src/replica-server';
import { FakeMeta } from './fake-meta';
import { FakeNetwork } from './fake-network';

export const META: Node = parseNode('127.0.0.1:34601');
export const R1: Node = parseNode('127.0.0.1:34801');
export const R2: Node = parseNode('127.0.0.1:34802');
export const R3: Node = parseNode('127.0.0.1:34803');
export const TOOL: Node = parseNode('127.0.0.1:1');

/** All servers of a test share the block service beside their directories. */
export const CONFIG = parseIni(
  `[block_service.local_service]
type = local_service
[pegasus.clusters]
onebox2 = 127.0.0.1:35601
[duplication-group]
onebox = 1
onebox2 = 2
`,
  'test.ini',
);

const DEFAULTS: readonly (readonly [string, string])[] = [
  ['cluster_name', 'onebox'],
  ['mutation_2pc_min_replica_count', '1'],
];

/** @param lines of section `[replication]`; they go before the defaults */
export function flagsOf(lines = ''): Flags {
  const defaults = DEFAULTS.filter(([name]) => !lines.includes(name)).map((pair) => pair.join(' = '));
  return Flags.read(parseIni(`[replication]\n${[...defaults, lines].join('\n')}\n`, 'test.ini')).flags;
}

/** Lets everything happen that is due without time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Replica servers and one meta server in this process, on a clock that stands still, with real directories. */
export class FakeCluster {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork(this.clock);
  readonly addresses = new DnsAddressResolver();
  readonly meta = new FakeMeta(META, this.network.from(META), this.addresses);
  readonly logs = new Map<Node, MemoryLogger>();
  /** Of the process that runs now, or ran last. */
  readonly metrics = new Map<Node, MetricRegistry>();
  /** What a server of 2.5 shows of the metrics. */
  readonly perfCounters = new Map<Node, PerfCounters>();
  readonly root = mkdtempSync(join(tmpdir(), 'onebox-replica-'));
  /** The flags of each node, as its last process has them. */
  readonly flags = new Map<Node, WatchedFlags>();
  private readonly servers = new Map<Node, ReplicaServer>();

  /** @param flagLines of section `[replication]` */
  constructor(private readonly flagLines = '') {
    this.meta.register(this.network.listen(META));
  }

  async start(...nodes: Node[]): Promise<void> {
    for (const node of nodes) await this.create(node).start();
    await settle();
  }

  /** The process is gone: nothing is said to anybody, nothing more is written. */
  async kill(node: Node): Promise<void> {
    this.network.down(node);
    await this.servers.get(node)?.close();
    this.servers.delete(node);
  }

  server(node: Node): ReplicaServer {
    const server = this.servers.get(node);
    if (server === undefined) throw new Error(`${node} does not run`);
    return server;
  }

  directory(node: Node): string {
    return join(this.root, node.replace(':', '_'));
  }

  reps(node: Node): string {
    return join(this.directory(node), 'data/replica/reps');
  }

  /** What the present process of a node told. */
  toldBy(node: Node): readonly LoggedEvent[] {
    return this.events.get(node)?.events ?? [];
  }

  /** Lets Pegasus milliseconds pass, with everything that happens meanwhile. */
  async pass(ms: number, stepMs = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed));
      await settle();
    }
  }

  /** What a node says about one of its replicas, as `PS_PRIMARY 3 decree 4/5`; `-` when it has none. */
  async replica(node: Node, gpid: Gpid): Promise<string> {
    const names = [
      'PS_INVALID',
      'PS_INACTIVE',
      'PS_ERROR',
      'PS_PRIMARY',
      'PS_SECONDARY',
      'PS_POTENTIAL_SECONDARY',
    ];
    const { replicas } = await this.network
      .from(TOOL)
      .call(node, RPC.RPC_QUERY_REPLICA_INFO, make(queryReplicaInfoRequest, {}));
    const found = replicas.find(
      ({ pid }) => pid.appId === gpid.appId && pid.partitionIndex === gpid.partitionIndex,
    );
    if (found === undefined) return '-';
    const decrees = `${found.last_committed_decree}/${found.last_prepared_decree}`;
    return `${names[found.status]} ${found.ballot} decree ${decrees}`;
  }

  async close(): Promise<void> {
    for (const node of [...this.servers.keys()]) await this.kill(node);
    await removeForGood(this.root);
  }

  private readonly events = new Map<Node, MemoryEventLog>();

  private create(node: Node): ReplicaServer {
    const log = new MemoryLogger();
    this.logs.set(node, log);
    const watched = new WatchedFlags(flagsOf(this.flagLines));
    this.flags.set(node, watched);
    const metrics = new MetricRegistry({
      clock: new FakeClock(),
      role: 'replica',
      retirementDelayMs: 600_000,
    });
    this.metrics.set(node, metrics);
    const perfCounters = new PerfCounters({
      metrics,
      role: 'replica',
      clock: new FakeClock(),
      generation: '2.4',
      intervalMs: 10_000,
    });
    this.perfCounters.set(node, perfCounters);
    const events = new MemoryEventLog(`replica${node.slice(-1)}`);
    this.events.set(node, events);
    const server = new ReplicaServer({
      self: node,
      directory: this.directory(node),
      config: CONFIG,
      flags: watched.flags,
      clock: this.clock,
      log,
      events,
      profile: PROFILES.master,
      exit: (_code, reason) => {
        throw new Error(reason);
      },
      rpcClient: this.network.from(node),
      addresses: this.addresses,
      startedAtUnixMs: this.clock.unixMs(),
      metrics,
      perfCounters,
      metaServers: [META],
    });
    server.registerRpc(this.network.listen(node));
    this.servers.set(node, server);
    return server;
  }
}
