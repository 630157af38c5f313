import { describeError } from '@onebox/base';
import type { Clock, Logger, Node, Timer } from '@onebox/base';
import type { AddressResolver, RpcClient } from '@onebox/protocol';
import type {
  BlockFileSystem,
  DefaultTable,
  DuplicationClusters,
  EventLog,
  Flags,
  MetricRegistry,
  ProfileVariants,
} from '@onebox/server';
import { BackupService, RestoreProgress } from './backup';
import { Balancer } from './balancing/balancer';
import { BulkLoadService } from './bulk-load';
import { Chronicle } from './chronicle';
import { ConfigSync } from './configuration/config-sync';
import { DeathWatch } from './configuration/death-watch';
import { PartitionWriter } from './configuration/partition-writer';
import type { PlannedChange } from './configuration/partition-writer';
import { ProposalSender } from './configuration/proposal-sender';
import { PartitionUpdates } from './configuration/update-partition';
import type { Duplications } from './duplication';
import { duplicationsOf } from './duplication';
import { LEVEL_ALLOWS } from './function-level';
import type { ClusterFacts } from './guardian/cluster-facts';
import { PartitionGuardian } from './guardian/partition-guardian';
import type { GuardianRound } from './guardian/partition-guardian';
import { minReplicaCountFor2pc } from './health';
import {
  balancerFlags,
  failureDetectorSettings,
  flowControl,
  freezeThresholds,
  levelOnStart,
} from './leader-settings';
import { defaultTables } from './leadership/default-tables';
import type { WonElection } from './leadership/election';
import { recover } from './leadership/recovery';
import { LevelControl } from './level-control';
import { FailureDetector } from './liveness/failure-detector';
import { NodeTable } from './liveness/node-table';
import { TableMetrics, countDisconnections } from './metrics';
import { Soon } from './soon';
import type { MetaStore } from './state/meta-store';
import { ServerState } from './state/server-state';
import type { PartitionRef } from './state/server-state';
import type { TableState } from './state/table-state';
import { znodePaths } from './state/znode-paths';
import { pendingMaxReplicaCount, resumeMaxReplicaCount } from './tables/max-replica-count';
import { unixSeconds } from './tables/table-operations';
import type { TableOperationParts } from './tables/table-operations';

export interface LeaderParts {
  readonly store: MetaStore;
  readonly flags: Pick<Flags, 'get'>;
  /** Of the profile: what generations of Pegasus differ in. */
  readonly variants: ProfileVariants;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventLog;
  readonly elected: WonElection | undefined;
  readonly addresses: AddressResolver;
  readonly metrics: Pick<MetricRegistry, 'entity' | 'server'>;
  readonly rpcClient: Pick<RpcClient, 'send' | 'call'>;
  /** The block service of a name; undefined when none is configured so. */
  readonly blockService: (name: string) => BlockFileSystem | undefined;
  readonly defaultTables: () => readonly DefaultTable[];
  /** The clusters that tables can be duplicated to. */
  readonly duplicationClusters: DuplicationClusters;
  /** `[meta_server] server_list`: what followers of duplications are told. */
  readonly metaServers: readonly Node[];
  /** The fast timing's deviation: cure as soon as it can be done, not at the tick (docs/architecture.md). */
  readonly eagerCure: boolean;
  /** How many replica servers the cluster was configured with; undefined when the configuration does not say. */
  readonly replicaServers: number | undefined;
  /** The leader cannot go on: the process has to end with an error. */
  readonly fatal: (reason: string) => void;
}

/** Everything a meta server does while it leads, joined. It ends with the process; there is no way back to standby. */
export class Leader {
  readonly state: ServerState;
  readonly nodes = new NodeTable();
  readonly level: LevelControl;
  readonly chronicle: Chronicle;
  readonly detector: FailureDetector;
  readonly guardian: PartitionGuardian;
  readonly balancer: Balancer;
  readonly updates: PartitionUpdates;
  readonly configSync: ConfigSync;
  readonly sender: ProposalSender;
  readonly operations: TableOperationParts;
  /** Undefined when cold backup is switched off. */
  readonly backups: BackupService | undefined;
  readonly restores: RestoreProgress;
  readonly bulkLoads: BulkLoadService;
  private readonly metrics: TableMetrics;
  readonly duplications: Duplications;
  private readonly writer: PartitionWriter;
  private readonly deaths: DeathWatch;
  private readonly soon: Soon;
  private ticks: Timer | undefined;
  private lastRound: GuardianRound | undefined;
  private rounds = 0;
  private isReady = false;
  private closed = false;

  constructor(private readonly parts: LeaderParts) {
    const { flags, clock, log, addresses } = parts;
    const minReplicaCount = (maxReplicaCount: number): number =>
      minReplicaCountFor2pc(flags.get('mutation_2pc_min_replica_count'), maxReplicaCount);
    this.metrics = new TableMetrics(parts.metrics, minReplicaCount);
    const events = this.metrics;
    this.state = new ServerState(
      () => flags.get('max_reserved_dropped_replicas'),
      () => ({
        monotonicMs: clock.monotonicMs(),
        unixMs: clock.unixMs(),
      }),
      events,
    );
    this.soon = new Soon(clock);
    this.level = new LevelControl(
      levelOnStart(flags),
      () => this.nodes.counts(),
      () => freezeThresholds(flags),
    );
    const level = () => this.level.effective();
    const addressOf = (node: Node): string | undefined => {
      const address = addresses.toRpcAddress(node);
      return address === null ? undefined : `${address.ip}:${address.port}`;
    };
    const { state, nodes } = this;
    const chronicle = new Chronicle({
      events: parts.events,
      tables: () => state.tables(),
      level: this.level,
    });
    this.chronicle = chronicle;
    this.sender = new ProposalSender(parts.rpcClient, addresses, chronicle, log);
    const shared = {
      state,
      store: parts.store,
      paths: znodePaths(flags.get('cluster_root')),
      level,
      clock,
      log,
      chronicle,
      addressOf,
      fatal: parts.fatal,
    };
    this.writer = new PartitionWriter({
      ...shared,
      onChanged: (partition, change) => this.changed(partition, change),
    });
    this.restores = new RestoreProgress(state);
    this.backups = flags.get('cold_backup_disabled')
      ? undefined
      : new BackupService({ ...parts, chronicle, paths: shared.paths, state });
    this.operations = { ...shared, writer: this.writer, nodes, flags, variants: parts.variants };
    this.duplications = duplicationsOf(this.operations, parts);
    this.bulkLoads = new BulkLoadService({ ...parts, operations: this.operations, level: this.level });
    this.updates = new PartitionUpdates(state, this.writer, level, chronicle, log);
    const isAlive = (node: Node): boolean => nodes.isAlive(node);
    this.deaths = new DeathWatch(state, this.writer, this.sender, isAlive, chronicle, log);
    this.detector = new FailureDetector(
      nodes,
      failureDetectorSettings(flags),
      clock,
      {
        onAlive: (node) => {
          chronicle.nodeAlive(node);
          this.cureEagerly();
        },
        onDead: (dead) => {
          countDisconnections(parts.metrics, dead.length);
          const nowMs = clock.monotonicMs();
          chronicle.nodesDead(dead.map((node) => ({ node, silentMs: nodes.silentMs(node, nowMs) })));
          this.deaths.onDead(dead);
        },
      },
      log,
    );
    this.configSync = new ConfigSync({ state, nodes, level, unixMs: () => clock.unixMs(), log });
    this.guardian = new PartitionGuardian({
      state,
      cluster: this.clusterFacts(),
      sender: this.sender,
      settings: () => ({
        nowMs: clock.monotonicMs(),
        replicaAssignDelayMs: flags.get('replica_assign_delay_ms_for_dropouts'),
        minReplicaCountFor2pc: minReplicaCount,
      }),
      flowControl: () => flowControl(flags),
      mayCure: () => LEVEL_ALLOWS[level()].cure,
      events,
      log,
    });
    this.balancer = new Balancer({
      state,
      nodes,
      level,
      flags: () => balancerFlags(flags),
      events,
      chronicle,
      log,
    });
  }

  /** False while the state is being loaded: then nothing is served (2.6). */
  get ready(): boolean {
    return this.isReady;
  }

  /**
   * Loads everything from ZooKeeper, then begins to lead: in the order of reference/cluster-behaviour.md 2.6.
   *
   * @throws OneboxError ONEBOX_BAD_ZNODE, or what the store throws
   */
  async start(): Promise<void> {
    const { store, flags, clock, log } = this.parts;
    const tables = await recover({
      store,
      paths: this.operations.paths,
      addressOf: this.operations.addressOf,
      defaults: () => defaultTables(this.parts.defaultTables(), unixSeconds(clock)),
      log,
    });
    if (this.closed) return;
    await this.backups?.load();
    if (this.closed) return;
    for (const { info, partitions } of tables) this.state.add(info, partitions);
    await this.duplications.load();
    await this.bulkLoads.load();
    if (this.closed) return;
    this.isReady = true;
    const members = this.state.memberNodes();
    // Asking begins to resolve names: the addresses of members are stored and sent beside them.
    for (const node of members) this.parts.addresses.toRpcAddress(node);
    this.detector.start(members);
    this.chronicle.begin(this.parts.elected);
    this.ticks = clock.every(flags.get('lb_interval_ms'), () => this.tick());
    log.info(
      `leader: ready with ${tables.length} tables and ${this.nodes.counts().alive} nodes, level ${this.level.effective()}`,
    );
    for (const table of this.state.tables()) this.resume(table);
    this.backups?.start();
    this.cureEagerly();
  }

  get blockService(): LeaderParts['blockService'] {
    return this.parts.blockService;
  }

  /** A table was just created: in fast timing its partitions get their primaries now, else at the tick. */
  tableCreated(table: TableState): void {
    if (this.parts.eagerCure) this.soon.do(() => this.guardian.cureTable(table));
  }

  describe(): Record<string, unknown> {
    return {
      ready: this.isReady,
      functionLevel: this.level.effective(),
      configuredFunctionLevel: this.level.configured,
      nodes: this.nodes.counts(),
      tables: this.state.tables().length,
      guardian: { rounds: this.rounds, lastRound: this.lastRound, proposalsSent: this.sender.sentCount },
    };
  }

  close(): void {
    this.closed = true;
    this.ticks?.cancel();
    this.bulkLoads.close();
    this.detector.close();
    this.backups?.close();
    this.duplications.close();
    this.writer.close();
    this.soon.close();
    this.metrics.close();
  }

  /** The tables' health, at every level; the guardian's round, then the balancer; once more when that queued proposals, to send them (6.1). */
  private tick(): void {
    this.metrics.measureHealth(this.state.tables());
    this.chronicle.levelLooked();
    const round = this.round();
    if (round !== undefined && this.balancer.step(round)) this.round();
  }

  private round(): GuardianRound | undefined {
    const round = this.guardian.round();
    if (round === undefined) return undefined;
    this.rounds += 1;
    this.lastRound = round;
    return round;
  }

  /** In fast timing the first round comes when all configured replica servers are alive (docs/architecture.md). */
  private cureEagerly(): void {
    const { eagerCure, replicaServers } = this.parts;
    if (!this.isReady || !eagerCure || this.rounds > 0 || replicaServers === undefined) return;
    if (replicaServers === 0 || this.nodes.counts().alive < replicaServers) return;
    this.soon.do(() => {
      // Only the cure is early: the balancer looks at the cluster at the first tick, as upstream's.
      if (this.rounds === 0) this.round();
    });
  }

  /** After a change the next step of the partition follows at once, when the answer is on its way (4.1, rule 3). */
  private changed(partition: PartitionRef, { type, node }: PlannedChange): void {
    if (type === 'CT_DROP_PARTITION') return;
    this.soon.do(() => {
      this.deaths.afterChange(partition, node);
      this.guardian.cureOne(partition);
    });
  }

  private resume(table: TableState): void {
    const count = pendingMaxReplicaCount(table.info);
    if (count === undefined) return;
    this.parts.log.info(`leader: resumes max_replica_count ${count} of ${table.info.appName}`);
    resumeMaxReplicaCount(this.operations, table).catch((error: unknown) => {
      this.parts.log.error(`max_replica_count of ${table.info.appName}: ${describeError(error)}`);
    });
  }

  private clusterFacts(): ClusterFacts {
    const { nodes, state } = this;
    return {
      get aliveNodes() {
        return nodes.alive();
      },
      isAlive: (node) => nodes.isAlive(node),
      hasReported: (node) => nodes.hasReported(node),
      // Upstream's black list is set by a remote command only, which this build does not have.
      isBlackListed: () => false,
      partitionCount: (node) => state.loads.partitionCount(node),
      compareForPrimary: (a, b, appId) => state.loads.compareForPrimary(a, b, appId),
      compareForSecondary: (a, b, appId) => state.loads.compareForSecondary(a, b, appId),
    };
  }
}
