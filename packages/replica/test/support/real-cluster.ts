import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, MemoryLogger, ScaledClock, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver, RpcClient } from '@onebox/protocol';
import { MemoryEventLog, MetricRegistry, PROFILES, RpcRegistry } from '@onebox/server';
import { removeForGood } from '../../../base/test/support/remove-for-good';
import { ReplicaServer } from '../../src/replica-server';
import { CONFIG, flagsOf } from './fake-cluster';
import { FakeMeta } from './fake-meta';

interface Running {
  readonly node: Node;
  readonly log: MemoryLogger;
  readonly registry: RpcRegistry;
  readonly client: RpcClient;
  readonly port: Server;
}

/** Replica servers of this process that talk over loopback sockets, ten times as fast as upstream. */
export class RealCluster {
  readonly clock = new ScaledClock(0.1);
  readonly addresses = new DnsAddressResolver();
  readonly root = mkdtempSync(join(tmpdir(), 'onebox-replica-'));
  readonly replicas: ReplicaServer[] = [];
  readonly nodes: Node[] = [];
  private readonly running: Running[] = [];

  /** Starts a meta server's fake and `count` replica servers. */
  static async start(count: number): Promise<{ cluster: RealCluster; meta: FakeMeta }> {
    const cluster = new RealCluster();
    const { node, client, registry } = await cluster.open();
    const meta = new FakeMeta(node, client, cluster.addresses);
    meta.register(registry);
    for (let i = 0; i < count; i += 1) await cluster.startReplica(node);
    return { cluster, meta };
  }

  async close(): Promise<void> {
    for (const replica of this.replicas) await replica.close();
    for (const { client, registry, port } of this.running) {
      client.close();
      registry.close();
      await new Promise((resolve) => port.close(resolve));
    }
    await removeForGood(this.root);
  }

  private async startReplica(meta: Node): Promise<void> {
    const { node, log, registry, client } = await this.open();
    const replica = new ReplicaServer({
      self: node,
      directory: join(this.root, node.replace(':', '_')),
      config: CONFIG,
      flags: flagsOf(),
      clock: this.clock,
      log,
      events: new MemoryEventLog('replica'),
      profile: PROFILES.master,
      exit: (_code, reason) => {
        throw new Error(reason);
      },
      rpcClient: client,
      addresses: this.addresses,
      startedAtUnixMs: Date.now(),
      metrics: new MetricRegistry({ clock: new FakeClock(), role: 'replica', retirementDelayMs: 600_000 }),
      perfCounters: { nameTables: () => undefined },
      metaServers: [meta],
    });
    replica.registerRpc(registry);
    this.replicas.push(replica);
    this.nodes.push(node);
    await replica.start();
  }

  /** The system chooses the port, and with it the identity. */
  private async open(): Promise<Running> {
    const log = new MemoryLogger();
    const { clock, addresses } = this;
    const port = createServer();
    await new Promise<void>((resolve) => port.listen(0, '127.0.0.1', resolve));
    const node = parseNode(`127.0.0.1:${(port.address() as AddressInfo).port}`);
    const registry = new RpcRegistry({ log, self: node, addresses });
    port.on('connection', (socket) => registry.serve(socket));
    const client = new RpcClient({ framing: 'rdsn', clock, self: node, addresses, log });
    const running = { node, log, registry, client, port };
    this.running.push(running);
    return running;
  }
}
