import type { AdminCluster, ListedPartition, ListedTable } from '../admin';
import { ClusterControl } from '../cluster-control';
import type { DashboardOptions } from '../dashboard';
import type { Dashboard } from './dashboard';
import { environmentOf } from '../environment';
import type { FaultOptions, ListedFault } from '../faults';
import { lastLines } from '../logs/last-lines';
import { logFilesOf } from '../logs/log-files';
import type { ClusterRecord } from '../record/cluster-record';
import { StateDirectory } from '../state-directory/state-directory';
import type { ClusterStatus } from '../status/cluster-status';
import { serversOf } from '../topology';
import type { InstanceName, ServerRole } from '../topology';
import { clusterMeantBy } from './attach-target';
import { checkOptions, checkValue } from './check-options';
import { clusterEvents } from './cluster-events';
import { faultCalls } from './fault-calls';
import type { FaultCalls } from './fault-calls';
import { installation } from './installed';
import type { LoggedEvent } from '@onebox/server';
import type {
  AttachTarget,
  CreateTableOptions,
  EventsOptions,
  OneboxStartOptions,
  WaitOptions,
} from './onebox-options';
import { CONDITION, CREATE_TABLE, DASHBOARD, LOGS, PAUSE, TEXT, WAIT_OPTIONS } from './option-rules';
import { startedCluster } from './started-cluster';
import { createTable, dropTable, lookingAtTables } from './table-calls';
import { WAIT_MS, waitForStatus } from './wait-for-status';
import type { StatusPredicate } from './wait-for-status';

/**
 * A Pegasus cluster on this machine, for tests: `const cluster = await Onebox.start({ replicas: 3 })`. Its servers are
 * processes of their own. They end when `stop` is called, and at the latest when the process that started them ends, whatever
 * ends it; they do not keep that process alive.
 */
export class Onebox {
  /** What is broken on purpose: `cluster.fault.cut('meta1')`. */
  readonly fault: FaultCalls;
  private readonly control: ClusterControl;
  private readonly record: ClusterRecord;
  /** Whether this object began the cluster, so that disposing of it ends the cluster. */
  private readonly isOurs: boolean;
  private readonly home: string;
  private stopping: Promise<void> | undefined;

  private constructor(parts: {
    readonly control: ClusterControl;
    readonly record: ClusterRecord;
    readonly home: string;
    readonly isOurs: boolean;
  }) {
    this.control = parts.control;
    this.record = parts.record;
    this.home = parts.home;
    this.isOurs = parts.isOurs;
    this.fault = faultCalls(this.control.faults);
  }

  /**
   * Starts a cluster and waits until it is healthy: a meta server leads, every server answers, every partition has its
   * replicas. When it fails, or `signal` is aborted, everything that was started is ended first.
   *
   * @throws OneboxError ONEBOX_BAD_OPTION, ONEBOX_CONFIG_INVALID, ONEBOX_PORT_IN_USE, ONEBOX_SERVER_DIED, ONEBOX_NOT_HEALTHY, …
   */
  static async start(options: OneboxStartOptions = {}): Promise<Onebox> {
    return new Onebox({ ...(await startedCluster(options, installation(), process.env)), isOurs: true });
  }

  /**
   * A cluster that somebody else started: `onebox start`, `onebox exec`, or the global set-up of a test runner.
   *
   * @throws OneboxError ONEBOX_NO_CLUSTER, ONEBOX_NO_ENVIRONMENT
   */
  static async attach(target: AttachTarget): Promise<Onebox> {
    const { name, home } = clusterMeantBy(target, process.env);
    const control = new ClusterControl({ name, home, installation: installation() });
    return new Onebox({ control, record: control.demandRecord(), home, isOurs: false });
  }

  get name(): string {
    return this.record.name;
  }

  /** Absolute path of the state directory: each server's `config.ini`, `data/` and `log/`. */
  get directory(): string {
    return this.control.directory;
  }

  /** `host:port` of every meta server: what a client or a tool is given. */
  get metaServers(): readonly string[] {
    return this.addressesOf('meta');
  }

  get replicaServers(): readonly string[] {
    return this.addressesOf('replica');
  }

  /** Undefined in a cluster without one. */
  get collector(): string | undefined {
    return this.addressesOf('collector')[0];
  }

  /** Connect string of the ZooKeeper. */
  get zookeeper(): string {
    return this.record.zookeeper.hosts;
  }

  /** `ONEBOX_META_SERVERS` and the others that `onebox exec` sets, for processes that are to find this cluster. */
  get env(): Readonly<Record<string, string>> {
    return environmentOf(this.record, this.home);
  }

  /** `host:port` of the meta server that leads; undefined while none does. */
  async leader(): Promise<string | undefined> {
    return this.control.leader();
  }

  /** What `onebox status --json` prints. */
  async status(): Promise<ClusterStatus> {
    return this.control.status();
  }

  /**
   * Waits until the cluster is healthy, or until its status is as the predicate wants it; gives the status.
   *
   * @throws OneboxError ONEBOX_NOT_HEALTHY or ONEBOX_TIMED_OUT at the bound, saying what is lacking. ONEBOX_SERVER_DIED at once
   * when it is to be healthy and a server does not run, because nothing but `restart` brings it back
   */
  async waitFor(condition: 'healthy' | StatusPredicate, options: WaitOptions = {}): Promise<ClusterStatus> {
    checkValue('condition', condition, CONDITION);
    checkOptions(options, WAIT_OPTIONS);
    if (condition !== 'healthy') return waitForStatus(() => this.status(), condition, options);
    const { timeoutMs: withinMs = WAIT_MS, signal } = options;
    await this.control.waitHealthy({ withinMs, signal });
    return this.status();
  }

  /** The tables there are, in the order of their ids. */
  async tables(): Promise<readonly ListedTable[]> {
    const tables = await lookingAtTables(this.cluster, (admin) => admin.list());
    return tables.filter(({ status }) => status === 'AVAILABLE');
  }

  /** Who serves the partitions of a table. @throws OneboxError ERR_OBJECT_NOT_FOUND */
  async partitions(table: string): Promise<readonly ListedPartition[]> {
    checkValue('table', table, TEXT);
    return lookingAtTables(this.cluster, (admin) => admin.partitions(table));
  }

  /**
   * Creates a table, waits until its partitions have all the replicas they can have, and gives its id.
   *
   * @throws OneboxError ONEBOX_BAD_TABLE_NAME; ERR_APP_EXIST and others of Pegasus; ONEBOX_TABLE_UNHEALTHY at the bound
   */
  async createTable(name: string, options: CreateTableOptions = {}): Promise<number> {
    checkValue('name', name, TEXT);
    checkOptions(options, CREATE_TABLE);
    return createTable(this.cluster, name, options);
  }

  /** @throws OneboxError ERR_APP_NOT_EXIST */
  async dropTable(name: string): Promise<void> {
    checkValue('name', name, TEXT);
    await dropTable(this.cluster, name);
  }

  /**
   * Ends an instance with SIGKILL, as a crash would, and gives its name: that of the leading meta server for `leader`.
   *
   * @throws OneboxError ONEBOX_NOT_RUNNING, ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_LEADER
   */
  async kill(instance: InstanceName | 'leader'): Promise<InstanceName> {
    const name = await this.control.instance(instance);
    await this.changing(() => this.control.kill(name));
    return name;
  }

  /** Ends an instance with SIGTERM; nothing happens when it does not run. Gives its name. */
  async stopInstance(instance: InstanceName | 'leader'): Promise<InstanceName> {
    const name = await this.control.instance(instance);
    await this.changing(() => this.control.stop(name));
    return name;
  }

  /** Starts an instance that does not run, and waits until it answers. @throws OneboxError ONEBOX_NOT_READY, ONEBOX_SERVER_DIED */
  async startInstance(instance: InstanceName, options: WaitOptions = {}): Promise<void> {
    checkOptions(options, WAIT_OPTIONS);
    const name = await this.control.instance(instance);
    await this.changing(() => this.control.start({ ...options, instance: name }));
  }

  /** Stops an instance if it runs, starts it, and waits until it answers. Gives its name. */
  async restart(instance: InstanceName | 'leader', options: WaitOptions = {}): Promise<InstanceName> {
    checkOptions(options, WAIT_OPTIONS);
    const name = await this.control.instance(instance);
    await this.changing(() => this.control.restart({ ...options, instance: name }));
    return name;
  }

  /**
   * A page that shows the cluster live, served by one more of its processes: the one that runs, or a new one. Whoever has the URL
   * may do what the commands do.
   *
   * @param options `port` of 127.0.0.1: default one that is free
   * @throws OneboxError ONEBOX_NOT_RUNNING, ONEBOX_DASHBOARD_RUNS on another port, ONEBOX_PORT_IN_USE, ONEBOX_DASHBOARD_DIED
   */
  async dashboard(options: DashboardOptions = {}): Promise<Dashboard> {
    checkOptions(options, DASHBOARD);
    const stop = async (): Promise<void> => {
      await this.control.stopDashboard();
    };
    try {
      const { url, port } = await this.control.dashboard(options);
      return { url, port, stop };
    } finally {
      this.control.release();
    }
  }

  /**
   * Stops an instance with SIGSTOP, as a machine that hangs, and gives the pause; with `forMs` it goes on by itself.
   *
   * @throws OneboxError ONEBOX_NOT_RUNNING, ONEBOX_NOT_A_PROCESS, ONEBOX_BAD_FAULT
   */
  async pause(instance: InstanceName | 'leader', options: FaultOptions = {}): Promise<ListedFault> {
    checkOptions(options, PAUSE);
    return this.control.faults.pause(instance, options);
  }

  /** Lets an instance go on (SIGCONT), whoever paused it; nothing happens when nobody did. Gives its name. */
  async resume(instance: InstanceName | 'leader'): Promise<InstanceName> {
    return (await this.control.faults.resume(instance)).instance;
  }

  /** The last lines that an instance wrote: its output first, then its log. @param options `lines`: default 100 */
  async logs(
    instance: InstanceName | 'leader',
    options: { readonly lines?: number } = {},
  ): Promise<readonly string[]> {
    checkOptions(options, LOGS);
    const name = await this.control.instance(instance);
    const count = options.lines ?? 100;
    const files = logFilesOf(new StateDirectory(this.home, this.name), name);
    return files.flatMap((file) => lastLines(file, count)).slice(-count);
  }

  /**
   * What happened to the cluster, in order, and then what happens: `for await (const event of cluster.events({ types: ['node-dead'] }))`. It ends
   * when the loop is left, when `signal` is aborted, and when the cluster is deleted; it does not keep this process
   * alive, unless `keepAlive` says so.
   *
   * @throws OneboxError ONEBOX_NO_SUCH_EVENT_TYPE, ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_SUCH_PARTITION
   */
  events(options: EventsOptions = {}): AsyncIterableIterator<LoggedEvent> {
    return clusterEvents(new StateDirectory(this.home, this.name), this.record, options);
  }

  /**
   * Ends the cluster, whoever started it. An ephemeral one leaves nothing behind; of another one the directory stays. May be
   * called as often as one likes: all get the same end.
   */
  stop(): Promise<void> {
    this.stopping ??= this.end().finally(() => (this.stopping = undefined));
    return this.stopping;
  }

  /** `await using` ends a cluster that `Onebox.start` began, and only lets go of one that was attached to. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isOurs) await this.stop();
  }

  private get cluster(): AdminCluster {
    return { directory: this.directory, record: this.record };
  }

  private async end(): Promise<void> {
    await this.changing(() => this.control.stop());
  }

  /** pm2's daemon is not to keep this process alive. */
  private async changing(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } finally {
      this.control.release();
    }
  }

  private addressesOf(role: ServerRole): readonly string[] {
    return serversOf(this.record)
      .filter((server) => server.role === role)
      .map(({ node }) => node);
  }
}
