import { OneboxError } from '@onebox/base';
import type { Node } from '@onebox/base';
import { commandFacts, tellCommand } from './event-log/command-events';
import { writeOpenFile } from './dashboard/open-file';
import { startDashboard } from './dashboard/start-dashboard';
import type { DashboardOptions, RunningDashboard } from './dashboard/start-dashboard';
import { stopDashboard } from './dashboard/stop-dashboard';
import type { EventListener } from './events';
import { ClusterFaults, listedFaults } from './faults';
import { withLeaderClient } from './health/leader-client';
import { waitHealthy } from './health/wait-healthy';
import { clearCluster } from './life/clear-cluster';
import { contextOf } from './life/cluster-context';
import type { ClusterContext, ClusterParts } from './life/cluster-context';
import type { Installation } from './life/installation';
import { discardCluster } from './life/discard';
import { diskError } from './life/disk-error';
import { ownerOf, readLifespan, writeLifespan } from './life/lifespan';
import { withLock } from './life/lock';
import { startCluster } from './life/start-cluster';
import type { StartOptions, StartOutcome } from './life/start-cluster';
import { noSuchInstance } from './life/start-instances';
import {
  closeIdleSupervisor,
  isInstance,
  liveServers,
  stopEverything,
  stopInstances,
} from './life/stop-instances';
import { watchCluster } from './life/watch';
import { tellingZooKeeperDeath } from './life/zookeeper-death';
import { systemProcessTable } from './process-table/process-table';
import type { ClusterRecord } from './record/cluster-record';
import { readRecord } from './record/record-file';
import { StateDirectory } from './state-directory/state-directory';
import type { ClusterStatus, InstanceStatus } from './status/cluster-status';
import { zookeeperStatusOf } from './status/instance-status';
import { observeServers } from './status/observe';
import type { ObservedServer } from './status/observe';
import { readStatus } from './status/read-status';
import { ChildProcessSupervisor, LastWill, Pm2Supervisor, ProcessRecords } from './supervisor';
import type { SupervisorKind } from './supervisor';
import { parseInstanceName, serversOf } from './topology';
import type { InstanceName } from './topology';

export interface ClusterControlOptions {
  readonly name: string;
  /** The directory that clusters live in: `oneboxHome`. */
  readonly home: string;
  readonly installation: Installation;
  /** `pm2`: the servers outlive this process. `child-processes`: they die with it. Default `pm2`. */
  readonly supervisor?: SupervisorKind;
  /** Aborted by a person who does not want to wait for processes that end politely: they are killed. */
  readonly hurry?: AbortSignal;
  readonly onEvent?: EventListener;
}

/** What this object is doing with its cluster; what the cluster does by itself, `status` tells. */
export type ClusterControlState = 'idle' | 'starting' | 'stopping';

/**
 * One cluster, which need not exist yet. Everything else goes through this: start, stop, look at it, delete it. Several of
 * them, in several processes, may be used on one cluster; they take turns.
 */
export class ClusterControl {
  /** What is broken on purpose. */
  readonly faults = new ClusterFaults({
    context: () => this.context(),
    instance: (word) => this.instance(word),
  });
  private readonly parts: ClusterParts;
  private current: ClusterControlState = 'idle';
  private stopping: Promise<readonly InstanceName[]> | undefined;

  /** @throws OneboxError ONEBOX_BAD_NAME, ONEBOX_PATH_TOO_LONG */
  constructor(options: ClusterControlOptions) {
    const { installation, supervisor = 'pm2' } = options;
    const state = new StateDirectory(options.home, options.name);
    const table = systemProcessTable();
    const records = new ProcessRecords(state.runDirectory, table);
    const { runDirectory, path: stateDirectory } = state;
    const will = supervisor === 'pm2' ? undefined : new LastWill({ runDirectory, stateDirectory });
    const children = new ChildProcessSupervisor({
      ...{ records, will },
      onExit: (name, pid, exit) => {
        if (isInstance(name)) tellCommand(state, 'server-died', { instance: name, pid, ...exit });
      },
    });
    // What is started for a cluster that dies with another process has to die with that one, not to be kept by pm2.
    const underPm2 = supervisor === 'pm2' && ownerOf(readLifespan(state), table) === undefined;
    this.parts = {
      state,
      table,
      records,
      installation,
      servers: underPm2
        ? new Pm2Supervisor({ home: state.pm2Home, records, daemonProgram: installation.pm2Daemon })
        : children,
      zookeeperSupervisor: children,
      will,
      hurry: options.hurry,
      emit: options.onEvent ?? (() => undefined),
    };
  }

  get name(): string {
    return this.parts.state.name;
  }

  /** Absolute path of the state directory. */
  get directory(): string {
    return this.parts.state.path;
  }

  get state(): ClusterControlState {
    return this.current;
  }

  /** Whether any of its servers runs. */
  get isRunning(): boolean {
    return liveServers(this.parts).length > 0;
  }

  /** What the cluster was created with; undefined when it does not exist. @throws OneboxError ONEBOX_BAD_RECORD */
  get record(): ClusterRecord | undefined {
    return readRecord(this.parts.state);
  }

  /** The record of a cluster that must exist. @throws OneboxError ONEBOX_NO_CLUSTER */
  demandRecord(): ClusterRecord {
    const { record, name } = this;
    if (record !== undefined) return record;
    throw new OneboxError('ONEBOX_NO_CLUSTER', `there is no cluster '${name}'`, {
      nextStep: '`onebox start` creates it; `onebox list` shows those there are.',
      data: { name },
    });
  }

  /** See `startCluster`. @throws OneboxError ONEBOX_WRONG_STATE while this object starts or stops its cluster */
  async start(options: StartOptions = {}): Promise<StartOutcome> {
    return this.doing('starting', () => startCluster(this.parts, options));
  }

  /**
   * Stops the cluster, or one instance, and gives what ran. Stopping what does not run does nothing. Stops that are asked
   * for while the whole cluster is being stopped share that stop.
   */
  stop(instance?: InstanceName): Promise<readonly InstanceName[]> {
    return this.end(instance, 'stop');
  }

  /** Ends one instance with SIGKILL. @throws OneboxError ONEBOX_NOT_RUNNING */
  async kill(instance: InstanceName): Promise<void> {
    const ended = await this.endInstance(instance, 'kill', 'kill');
    if (ended.length > 0) return;
    throw new OneboxError('ONEBOX_NOT_RUNNING', `${instance} does not run`, {
      nextStep: 'See `onebox status`.',
      data: { instance },
    });
  }

  /** Stops and starts the cluster, or one instance, from its record. */
  async restart(
    options: Pick<StartOptions, 'instance' | 'wait' | 'timeoutMs' | 'signal'> = {},
  ): Promise<StartOutcome> {
    const { name, ephemeral } = this.demandRecord();
    const { instance } = options;
    if (ephemeral === true && instance === undefined) {
      throw new OneboxError('ONEBOX_EPHEMERAL', `stopping '${name}' deletes it: it is ephemeral`, {
        nextStep: 'Restart single instances, or stop it and start another one.',
        data: { name },
      });
    }
    tellCommand(this.parts.state, 'command', commandFacts('restart', instance));
    await this.end(instance, undefined);
    return this.doing('starting', () => startCluster(this.parts, options, 'told'));
  }

  /** See `clearCluster`. */
  async clear(): Promise<boolean> {
    return this.doing('stopping', () => clearCluster(this.parts));
  }

  /** See `startDashboard`. */
  async dashboard(options: DashboardOptions = {}): Promise<RunningDashboard> {
    const context = this.context();
    return withLock(this.parts, 'dashboard', () => startDashboard(context, options));
  }

  /** See `writeOpenFile`. */
  dashboardOpenFile(url: string): string {
    return writeOpenFile(this.parts.state, url);
  }

  /** Ends the dashboard; gives whether it ran. @throws OneboxError ONEBOX_NO_CLUSTER */
  async stopDashboard(): Promise<boolean> {
    this.demandRecord();
    return withLock(this.parts, 'dashboard --stop', () => stopDashboard(this.parts));
  }

  /** See `observeServers`. @throws OneboxError ONEBOX_NO_CLUSTER */
  async observe(): Promise<readonly ObservedServer[]> {
    return observeServers(this.context());
  }

  /** How ZooKeeper is. @throws OneboxError ONEBOX_NO_CLUSTER */
  async zookeeperStatus(): Promise<InstanceStatus> {
    const context = this.context();
    return zookeeperStatusOf(context, listedFaults(context));
  }

  /** @throws OneboxError ONEBOX_NO_CLUSTER */
  async status(): Promise<ClusterStatus> {
    return readStatus(this.context());
  }

  /** Waits until a cluster that was started is healthy. @throws OneboxError ONEBOX_NOT_HEALTHY, ONEBOX_SERVER_DIED */
  async waitHealthy(options: { readonly withinMs: number; readonly signal?: AbortSignal }): Promise<void> {
    const context = this.context();
    const watched = serversOf(context.record).map(({ name }) => name);
    await waitHealthy(context, { ...options, watched });
  }

  /** See `watchCluster`. @throws OneboxError ONEBOX_NO_CLUSTER */
  async watch(signal: AbortSignal, emit: EventListener): Promise<void> {
    await watchCluster(this.context(), signal, emit);
  }

  /**
   * Another process that is to end when this one does, however that happens. Only for a cluster that dies with this process.
   * @returns to be called when it has ended
   */
  bequeath(pid: number): () => void {
    this.parts.will?.add(pid);
    return () => this.parts.will?.remove(pid);
  }

  /** The leading meta server; undefined when none leads. */
  async leader(): Promise<Node | undefined> {
    return withLeaderClient(this.demandRecord(), (client) => client.find());
  }

  /**
   * The instance that a person means: a name, or `leader`.
   * @throws OneboxError ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_LEADER
   */
  async instance(word: string): Promise<InstanceName> {
    const context = this.context();
    if (word === 'leader') return this.leaderInstance();
    const name = parseInstanceName(word);
    const names = serversOf(context.record).map((server): InstanceName => server.name);
    if (name !== undefined && (names.includes(name) || (name === 'zookeeper' && context.zookeeper.isOurs))) {
      return name;
    }
    throw noSuchInstance(context, word);
  }

  /** Lets go of what would keep this process alive. Servers under pm2 go on. */
  release(): void {
    this.parts.servers.release();
  }

  private async leaderInstance(): Promise<InstanceName> {
    const leader = await this.leader();
    const server = serversOf(this.demandRecord()).find(({ node }) => node === leader);
    if (server !== undefined) return server.name;
    throw new OneboxError('ONEBOX_NO_LEADER', 'no meta server leads now', {
      nextStep: 'Name one, for example meta1; `onebox status` shows them.',
    });
  }

  /** @param verb what is told as an event; undefined when it was told already */
  private end(
    instance: InstanceName | undefined,
    verb: 'stop' | undefined,
  ): Promise<readonly InstanceName[]> {
    if (instance !== undefined) return this.endInstance(instance, 'terminate', verb);
    this.stopping ??= this.stopAll(verb).finally(() => (this.stopping = undefined));
    return this.stopping;
  }

  private async stopAll(verb: 'stop' | undefined): Promise<readonly InstanceName[]> {
    const { record } = this;
    if (record === undefined) return [];
    return this.doing('stopping', () =>
      withLock(this.parts, 'stop', async () => {
        const context = contextOf(this.parts, record);
        if (record.ephemeral === true) return discardCluster(context);
        const { state, records } = this.parts;
        if (verb !== undefined && records.allLive().length > 0)
          tellCommand(state, 'command', commandFacts(verb));
        const ended = await tellingZooKeeperDeath(context, 'terminate', () => stopEverything(context));
        writeLifespan(this.parts.state, undefined);
        return ended;
      }),
    );
  }

  private async endInstance(
    instance: InstanceName,
    how: 'terminate' | 'kill',
    verb: 'stop' | 'kill' | undefined,
  ): Promise<readonly InstanceName[]> {
    const context = this.context();
    return withLock(this.parts, how === 'kill' ? 'kill' : 'stop', async () => {
      const { state, records } = this.parts;
      const runs = instance === 'zookeeper' ? context.zookeeper.isOurs : records.live(instance) !== undefined;
      if (verb !== undefined && runs) tellCommand(state, 'command', commandFacts(verb, instance));
      const ended = await tellingZooKeeperDeath(context, how, () => stopInstances(context, [instance], how));
      await closeIdleSupervisor(context);
      return ended;
    });
  }

  private context(): ClusterContext {
    return contextOf(this.parts, this.demandRecord());
  }

  private async doing<T>(what: Exclude<ClusterControlState, 'idle'>, work: () => Promise<T>): Promise<T> {
    if (this.current !== 'idle') {
      throw new OneboxError('ONEBOX_WRONG_STATE', `cluster '${this.name}' is ${this.current} already`, {
        nextStep: 'Wait for that first.',
        data: { state: this.current },
      });
    }
    this.current = what;
    try {
      return await work();
    } catch (error) {
      throw diskError(error, this.directory);
    } finally {
      this.current = 'idle';
    }
  }
}
