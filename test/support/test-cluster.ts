import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import { httpGet } from './http-get';
import type { HttpAnswer } from './http-get';
import { processesNaming } from './processes';
import { runCli } from './run-cli';
import type { CliResult } from './run-cli';
import { lastEvents } from './event-log';
import { testPortOffset } from './test-ports';
import { SLACK_MS, timing } from './timing';
import type { Timing } from './timing';

/** A partition as `/meta/app?name=&detail` shows it. */
export interface PartitionRow {
  readonly index: number;
  readonly ballot: number;
  /** `present/max` */
  readonly replicaCount: string;
  readonly primary: string;
  readonly secondaries: readonly string[];
}

export interface ClusterOptions {
  readonly metas?: number;
  readonly replicas?: number;
  /** Further words for `onebox start`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeScale?: number;
  /** Default: `ONEBOX_TEST_ZOOKEEPER`, else the embedded one. */
  readonly zookeeper?: string;
  /** Default: one of its own. */
  readonly name?: string;
  /** Stands beside this one, as `onebox2` does beside `onebox`: below the same home, 1000 ports above. */
  readonly beside?: TestCluster;
  /** False: `create` only prepares, and the test starts what it wants. */
  readonly start?: boolean;
}

interface Znode<T> {
  readonly value: T;
  readonly version: number;
}

/** The JSON of a partition's znode, as far as the scenarios look at it. */
export interface PartitionZnode {
  readonly pid: string;
  readonly ballot: number;
  readonly max_replica_count: number;
  readonly hp_primary: string;
  readonly hp_secondaries: readonly string[];
  readonly hp_last_drops: readonly string[];
  readonly last_committed_decree: number;
  readonly partition_flags: number;
}

/** What clusters run on whose test does not name it (docs/testing.md). */
const ZOOKEEPER = process.env['ONEBOX_TEST_ZOOKEEPER'] || 'embedded';

let clusters = 0;

/** A real cluster of processes, driven only through the public command and the servers' ports. */
export class TestCluster {
  readonly metas: readonly Node[];
  readonly timing: Timing;
  readonly zookeeperHosts: string;
  readonly root: string;
  /** Servers that the test has frozen, or cut off, on purpose: they are not asked who leads. */
  readonly outOfReach = new Set<Node>();
  private session: ZkSession | undefined;

  private constructor(
    readonly name: string,
    readonly home: string,
    readonly portOffset: number,
    private readonly options: ClusterOptions,
  ) {
    this.metas = numbered(options.metas ?? 3, 34600 + portOffset);
    const scale = options.timeScale ?? 0.1;
    // Our own ZooKeeper ticks every 2000 ms x scale, and grants at most 20 ticks (reference 2.1).
    this.timing = timing(scale, 40_000 * scale, 2000 * scale);
    this.zookeeperHosts = `127.0.0.1:${22181 + portOffset}`;
    this.root = `/pegasus/${name}/127.0.0.1`;
  }

  static async create(options: ClusterOptions = {}): Promise<TestCluster> {
    clusters += 1;
    const { beside, name = `t${clusters}` } = options;
    const offset = beside === undefined ? testPortOffset(clusters) : beside.portOffset + 1000;
    const home = beside?.home ?? mkdtempSync(join(tmpdir(), 'ob-'));
    const cluster = new TestCluster(name, home, offset, options);
    if (options.start !== false) await cluster.start();
    return cluster;
  }

  /** `onebox start` with this cluster's flags; fails with what the command said. */
  async start(...extra: readonly string[]): Promise<CliResult> {
    const result = await this.cli(...this.startWords(), ...extra);
    if (result.code !== 0) {
      throw new Error(
        `start failed with ${result.code}\n${result.stdout}\n${result.stderr}\n${this.serverOutput()}`,
      );
    }
    return result;
  }

  startWords(): readonly string[] {
    const { metas = 3, replicas = 3, args = [], timeScale, zookeeper = ZOOKEEPER } = this.options;
    return [
      'start',
      ...['--metas', String(metas), '--replicas', String(replicas)],
      ...['--zookeeper', zookeeper, '--port-offset', String(this.portOffset)],
      ...(timeScale === undefined ? [] : ['--time-scale', String(timeScale)]),
      ...args,
    ];
  }

  cli(...args: readonly string[]): Promise<CliResult> {
    return this.cliWithin(undefined, ...args);
  }

  /** As {@link cli}; the command is killed after this time, real ms. */
  cliWithin(withinMs = 120_000, ...args: readonly string[]): Promise<CliResult> {
    const env = { ...this.options.env, ONEBOX_HOME: this.home, ONEBOX_NAME: this.name };
    return runCli(args, { env, withinMs });
  }

  /** A command that must succeed. */
  async run(...args: readonly string[]): Promise<string> {
    const result = await this.cli(...args);
    if (result.code !== 0) throw new Error(`onebox ${args.join(' ')}: exit ${result.code}\n${result.stderr}`);
    return result.stdout;
  }

  replica(number: number): Node {
    return parseNode(`127.0.0.1:${34800 + this.portOffset + number}`);
  }

  instanceOf(node: Node): string {
    const meta = this.metas.indexOf(node);
    return meta >= 0 ? `meta${meta + 1}` : `replica${Number(node.split(':')[1]) - 34800 - this.portOffset}`;
  }

  get directory(): string {
    return join(this.home, this.name);
  }

  /** The meta that answers `/meta/cluster` itself, if there is one now. */
  async leader(): Promise<Node | undefined> {
    const found: Node[] = [];
    for (const meta of this.metas) {
      if (this.outOfReach.has(meta)) continue;
      const answer = await httpGet(meta, '/meta/cluster').catch(() => undefined);
      if (answer?.status === 200) found.push(meta);
    }
    if (found.length > 1) throw new Error(`two leaders: ${found.join(' and ')}`);
    return found[0];
  }

  async leaderOrFail(): Promise<Node> {
    const leader = await this.leader();
    if (leader === undefined) throw new Error('no meta leads');
    return leader;
  }

  /** The metas in the order of their lock nodes: the leader first, then the waiters. */
  async electionOrder(): Promise<readonly Node[]> {
    const zk = await this.zk();
    const directory = `${this.root}/dsn.meta.server.leader`;
    const nodes = await zk.children(directory);
    const order = nodes.sort((a, b) => Number(a.replace(/\D+/g, '')) - Number(b.replace(/\D+/g, '')));
    const owners: Node[] = [];
    for (const node of order) owners.push(parseNode((await zk.get(`${directory}/${node}`)).data.toString()));
    return owners;
  }

  /** {@link electionOrder} of three metas that all take part. */
  async electionOfThree(): Promise<readonly [leader: Node, next: Node, last: Node]> {
    const [leader, next, last, ...more] = await this.electionOrder();
    if (leader === undefined || next === undefined || last === undefined || more.length > 0)
      throw new Error('there are not three lock nodes');
    return [leader, next, last];
  }

  async lockNodes(): Promise<readonly string[]> {
    return (await (await this.zk()).children(`${this.root}/dsn.meta.server.leader`)).sort();
  }

  /** A GET that the leader answers. */
  async ask(path: string): Promise<HttpAnswer> {
    const leader = await until('a leader', () => this.leader(), { withinMs: 20_000 });
    return httpGet(leader, path);
  }

  async json<T>(path: string): Promise<T> {
    const answer = await this.ask(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  }

  async partitions(table: string): Promise<readonly PartitionRow[]> {
    interface Row {
      readonly pidx: string;
      readonly ballot: string;
      readonly replica_count: string;
      readonly primary: string;
      readonly secondaries: string;
    }
    const { replicas } = await this.json<{ replicas: Record<string, Row> }>(`/meta/app?name=${table}&detail`);
    return Object.values(replicas).map((row) => ({
      index: Number(row.pidx),
      ballot: Number(row.ballot),
      replicaCount: row.replica_count,
      primary: row.primary,
      secondaries: row.secondaries.slice(1, -1).split(',').filter(Boolean),
    }));
  }

  async ballots(table: string): Promise<readonly number[]> {
    return (await this.partitions(table)).map((row) => row.ballot);
  }

  /** Status by address, as `/meta/nodes` shows it. */
  async nodes(): Promise<Readonly<Record<string, string>>> {
    const { details } = await this.json<{ details: Record<string, { status: string }> }>('/meta/nodes');
    return Object.fromEntries(Object.entries(details).map(([address, row]) => [address, row.status]));
  }

  async level(): Promise<string> {
    return (await this.json<{ meta_function_level: string }>('/meta/cluster')).meta_function_level;
  }

  /** Tables that are not fully healthy, by name. */
  async unhealthyTables(): Promise<readonly string[]> {
    interface Health {
      readonly app_name: string;
      readonly unhealthy: string;
    }
    const answer = await this.json<{ healthy_info?: Record<string, Health> }>('/meta/apps?detail');
    const rows = Object.values(answer.healthy_info ?? {});
    return rows.filter((row) => row.unhealthy !== '0').map((row) => row.app_name);
  }

  /** Waits for a condition with the slack a loaded machine needs. `withinMs` is the reference's bound. */
  eventually<T>(
    what: string,
    probe: () => Promise<T | undefined | false | null>,
    withinMs: number,
  ): Promise<T> {
    return until(what, () => probe().catch(() => undefined), { withinMs: withinMs + SLACK_MS, everyMs: 25 });
  }

  allHealthy(withinMs: number): Promise<true> {
    return this.eventually(
      'every table healthy',
      async () => (await this.unhealthyTables()).length === 0,
      withinMs,
    );
  }

  async zk(): Promise<ZkSession> {
    const quiet = () => undefined;
    this.session ??= await ZkSession.open({
      hosts: this.zookeeperHosts,
      timeoutMs: 4000,
      connectWithinMs: 10_000,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    return this.session;
  }

  /** Gives up the test's own ZooKeeper session, before the test stops that ZooKeeper. */
  async forgetZk(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.close();
  }

  async znode<T>(path: string): Promise<Znode<T>> {
    const { data, stat } = await (await this.zk()).get(`${this.root}${path}`);
    return { value: JSON.parse(data.toString()) as T, version: stat.version };
  }

  async partitionZnodes(tableId: number): Promise<readonly Znode<PartitionZnode>[]> {
    const zk = await this.zk();
    const indices = (await zk.children(`${this.root}/apps/${tableId}`)).filter((name) => /^\d+$/.test(name));
    const sorted = indices.map(Number).sort((a, b) => a - b);
    return Promise.all(sorted.map((index) => this.znode<PartitionZnode>(`/apps/${tableId}/${index}`)));
  }

  /** The last lines of every server's output, and the last events, for a failure's message. */
  serverOutput(): string {
    const parts: string[] = [];
    for (const instance of safeList(this.directory)) {
      const logs = safeList(join(this.directory, instance, 'log'))
        .filter((log) => log.endsWith('.log'))
        .map((log) => join('log', log));
      for (const file of ['result', ...logs]) {
        try {
          const lines = readFileSync(join(this.directory, instance, file), 'utf8')
            .trimEnd()
            .split('\n')
            .slice(-15);
          parts.push(`--- ${instance}/${file}`, ...lines);
        } catch {
          // An instance that never wrote it has nothing to show.
        }
      }
    }
    return [...parts, '--- events', ...lastEvents(this)].join('\n');
  }

  /** Stops and deletes everything. A failure of the test shows what the servers wrote. */
  async destroy(): Promise<void> {
    await this.forgetZk().catch(() => undefined);
    const result = await this.cli('clear');
    if (this.options.beside === undefined) rmSync(this.home, { recursive: true, force: true });
    if (result.code !== 0) throw new Error(`clear failed with ${result.code}\n${result.stderr}`);
    // The one beside it goes first, and what is left behind shows when both are gone.
    const left = this.options.beside === undefined ? processesNaming(this.home) : [];
    if (left.length > 0)
      throw new Error(`left behind: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
  }
}

function numbered(count: number, base: number): readonly Node[] {
  return Array.from({ length: count }, (_, i) => parseNode(`127.0.0.1:${base + i + 1}`));
}

function safeList(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Runs a scenario on a cluster of its own and takes it away again, whatever happened. */
export async function withCluster(
  options: ClusterOptions,
  scenario: (cluster: TestCluster) => Promise<void>,
): Promise<void> {
  const cluster = await TestCluster.create({ ...options, start: false });
  try {
    if (options.start !== false) await cluster.start();
    await scenario(cluster);
  } catch (error) {
    process.stderr.write(`${cluster.serverOutput()}\n`);
    throw error;
  } finally {
    await cluster.destroy();
  }
}
