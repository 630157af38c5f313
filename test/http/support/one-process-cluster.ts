import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger, parseNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { CollectorServer } from '@onebox/collector';
import { MetaServer } from '@onebox/meta';
import { ReplicaServer } from '@onebox/replica';
import { MemoryEventLog, refuseErrors, renderInstanceConfig, startServer } from '@onebox/server';
import type { ProfileName, Role, RoleModule, RunningServer, ServerContext } from '@onebox/server';
import { FakeElection } from '../../../packages/meta/test/simulation/fake-election';
import { MemoryStore } from '../../../packages/meta/test/simulation/memory-store';
import { TEMPLATE, VALUES } from '../../../packages/server/test/config/template-values';
import { httpGet } from '../../support/http-get';

/** The build that `/version` of a test's servers shows: the one of the golden vectors. */
export const COMMIT = 'db756dcdf24e2af6169659a67548501ed61f106c';

export interface ClusterOptions {
  readonly profile?: ProfileName;
  /** `section.key=value`, for every server. */
  readonly set?: readonly string[];
}

/**
 * A whole cluster in this process: every server as `startServer` makes it, with its port, its profile and all its calls,
 * joined over real sockets. Only ZooKeeper is in memory, and the first meta server is the leader. Time passes ten times
 * as fast as upstream's.
 */
export class OneProcessCluster {
  readonly logs = new Map<string, MemoryLogger>();
  private readonly root = mkdtempSync(join(tmpdir(), 'ob-'));
  private readonly servers: RunningServer[] = [];
  private readonly elections: FakeElection[] = [];
  private readonly nodes = new Map<string, Node>();

  private constructor(private readonly options: ClusterOptions) {}

  /** Two metas, replica servers, a collector; settles when the default tables are healthy. */
  static async start(options: ClusterOptions = {}): Promise<OneProcessCluster> {
    const cluster = new OneProcessCluster(options);
    try {
      await cluster.startAll();
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  get leader(): Node {
    return this.node('meta1');
  }

  get standby(): Node {
    return this.node('meta2');
  }

  get replica(): Node {
    return this.node('replica1');
  }

  get collector(): Node {
    return this.node('collector');
  }

  node(name: string): Node {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`there is no ${name}`);
    return node;
  }

  /** The standby forgets or learns who leads. */
  forgetLeader(forgotten: boolean): void {
    const standby = this.elections[1];
    if (standby !== undefined) standby.owner = forgotten ? undefined : this.leader;
  }

  async close(): Promise<void> {
    for (const server of this.servers.reverse()) await server.close();
    await this.removeFiles();
  }

  /** A file that a closed server was just writing (a backup) may bring its directory back: it has to stay away. */
  private async removeFiles(): Promise<void> {
    let looks = 0;
    const staysAway = (): boolean => {
      looks = existsSync(this.root) ? 0 : looks + 1;
      rmSync(this.root, { recursive: true, force: true });
      return looks >= 5;
    };
    await until('the files of the cluster to be gone', staysAway, { withinMs: 10_000, everyMs: 20 });
  }

  private async startAll(): Promise<void> {
    const replicas = ['replica1', 'replica2', 'replica3'];
    const names = ['meta1', 'meta2', ...replicas, 'collector'];
    const ports = await freePorts(names.length);
    names.forEach((name, index) => this.nodes.set(name, parseNode(`127.0.0.1:${ports[index]}`)));
    await this.startMeta('meta1');
    await this.startMeta('meta2');
    for (const election of this.elections) election.owner = this.leader;
    this.elections[0]?.elect(this.leader, new MemoryStore());
    for (const name of replicas)
      await this.startOne('replica', name, (context) => new ReplicaServer(context));
    await this.startOne('collector', 'collector', (context) => new CollectorServer(context));
    await until('every partition to be healthy', () => this.isHealthy(), { withinMs: 20_000 });
  }

  private async startMeta(name: string): Promise<void> {
    const election = new FakeElection();
    this.elections.push(election);
    await this.startOne('meta', name, (context) => new MetaServer(context, election));
  }

  private async startOne(
    role: Role,
    name: string,
    create: (context: ServerContext) => RoleModule,
  ): Promise<void> {
    const directory = join(this.root, name);
    mkdirSync(directory);
    const log = new MemoryLogger();
    this.logs.set(name, log);
    const checked = renderInstanceConfig(TEMPLATE, this.valuesOf(name), this.options.set ?? []);
    refuseErrors(checked.problems);
    const server = await startServer({
      role,
      create,
      checked,
      directory,
      log,
      events: new MemoryEventLog(name),
      build: { version: '0.0.0', commit: COMMIT },
      exit: (code: number, reason: string) => {
        throw new Error(`${name} ends with ${code}: ${reason}`);
      },
    });
    this.servers.push(server);
  }

  private valuesOf(name: string): typeof VALUES {
    const portOf = (instance: string): number => Number(this.node(instance).split(':')[1]);
    const self = portOf(name);
    return {
      ...VALUES,
      INSTANCE: name,
      META_COUNT: 2,
      REPLICA_COUNT: 3,
      META_PORT: self,
      REPLICA_PORT: self,
      COLLECTOR_PORT: self,
      META_SERVER_LIST: `${this.leader},${this.standby}`,
      PEGASUS_VERSION: this.options.profile ?? 'documented',
      TIME_SCALE: 0.1,
    };
  }

  private async isHealthy(): Promise<boolean> {
    const { status, body } = await httpGet(this.leader, '/meta/apps?detail');
    if (status !== 200) return false;
    const { summary } = JSON.parse(body) as { summary: Record<string, string> };
    return summary['total_app_count'] === '2' && summary['fully_healthy_app_count'] === '2';
  }
}

/** Ports nobody listens on, ascending, found by listening on them. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<Server>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port).sort((a, b) => a - b);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
