import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, gpidText } from '@onebox/base';
import type { Timer } from '@onebox/base';
import { DiskStatus } from '@onebox/protocol';
import { everyFlag, openBlockService, readDuplicationClusters, serveNegotiation } from '@onebox/server';
import type { HttpHandler, RoleModule, RpcRegistry, ServerContext } from '@onebox/server';
import { ReplicaBackups, ReplicaRestores } from './backup';
import { DownloadSlots } from './bulk-load';
import { CompactionPool } from './compaction';
import { ConfigSync } from './config-sync/config-sync';
import { isSpaceInsufficient, readDiskSpace } from './disk/disk-space';
import type { DiskSpace } from './disk/disk-space';
import { ReplicaStore } from './disk/replica-store';
import { DuplicationSync, RemoteClusters } from './duplication';
import { replicaHttpHandlers } from './http/replica-http-handlers';
import { MetaLink } from './failure-detector/meta-link';
import { ServerMetrics } from './metrics';
import { RPC_TIMEOUT_MS } from './network';
import type { AddressBook, Network } from './network';
import { LearnSlots } from './partition/learn-slots';
import type { ReplicaContext } from './partition/replica-context';
import { Readiness } from './readiness';
import { ReplicaStub } from './replica-stub';
import { serveAdmin } from './rpc/admin-rpcs';
import { serveBackups } from './rpc/backup-rpcs';
import { serveBulkLoad } from './rpc/bulk-load-rpcs';
import { serveConsensus } from './rpc/consensus-rpcs';
import { serveDuplicate } from './rpc/duplicate-rpc';
import { settingsOf } from './settings';
import type { ReplicaSettings } from './settings';
import { openEmptyEngine } from './storage/empty-engine';

/** Where a replica server keeps its replicas, below its instance directory (reference/cluster-behaviour.md 1.1). */
const REPS = join('data', 'replica', 'reps');

/** The parts of a process this role needs; what is beyond them is the shell's. */
export interface ReplicaServerContext extends Pick<
  ServerContext,
  | 'self'
  | 'directory'
  | 'config'
  | 'clock'
  | 'log'
  | 'startedAtUnixMs'
  | 'metaServers'
  | 'metrics'
  | 'events'
  | 'exit'
> {
  readonly flags: Pick<ServerContext['flags'], 'get' | 'onChange'>;
  readonly perfCounters: Pick<ServerContext['perfCounters'], 'nameTables'>;
  readonly profile: Pick<ServerContext['profile'], 'variants'>;
  readonly rpcClient: Network;
  readonly addresses: AddressBook & Pick<ServerContext['addresses'], 'learn'>;
}

/** A replica server: the link to the meta servers, config-sync, and the replicas, joined. */
export class ReplicaServer implements RoleModule {
  readonly httpHandlers: Readonly<Record<string, HttpHandler>>;
  /** Manual compactions of all replicas. */
  readonly compactions = new CompactionPool();
  private readonly settings: ReplicaSettings;
  private readonly metrics: ServerMetrics;
  private readonly store: ReplicaStore;
  private readonly stub: ReplicaStub;
  private readonly link: MetaLink;
  private readonly sync: ConfigSync;
  private readonly remotes: RemoteClusters;
  private readonly duplicationSync: DuplicationSync;
  private readonly readiness: Readiness;
  private readonly learnSlots: LearnSlots;
  private readonly backups: ReplicaBackups;
  private readonly restores: ReplicaRestores;
  private readonly timers: Timer[] = [];
  private knownSpace: DiskSpace | undefined;
  private diskStatus: DiskStatus = DiskStatus.NORMAL;
  private unsubscribe: (() => void) | undefined;
  private closed = false;

  constructor(private readonly context: ReplicaServerContext) {
    const {
      self,
      directory,
      config,
      flags,
      clock,
      log,
      events,
      rpcClient: network,
      addresses,
      metaServers,
      startedAtUnixMs,
    } = context;
    this.settings = settingsOf(flags);
    const { settings } = this;
    this.metrics = new ServerMetrics(context.metrics);
    this.store = new ReplicaStore(join(directory, REPS), clock, log, (kind) => this.metrics.onSetAside(kind));
    this.learnSlots = new LearnSlots(settings.learnMaxConcurrentCount);
    this.link = new MetaLink(
      { self, metaServers, clock, log, events, network, addresses, timers: settings, startedAtUnixMs },
      {
        onLease: () => this.sync.syncNow(),
        onLeaseLost: (cause) => this.onLeaseLost(cause),
        onBeaconFailed: () => this.metrics.onBeaconFailed(),
      },
    );
    this.remotes = new RemoteClusters(
      readDuplicationClusters(config).clusters,
      flags.get('dup_cluster_name') || flags.get('cluster_name'),
      flags.get('dup_ignore_other_cluster_ids'),
      network,
    );
    const shared: ReplicaContext = {
      self,
      clock,
      log,
      events,
      network,
      addresses,
      settings,
      meta: this.link,
      store: this.store,
      diskStatus: () => this.diskStatus,
      openEngine: openEmptyEngine,
      learnSlots: this.learnSlots,
      metrics: this.metrics,
      blockService: (name) => openBlockService(config, name, { baseDirectory: directory }),
      compactions: this.compactions,
      downloads: new DownloadSlots(flags.get('max_concurrent_bulk_load_downloading_count')),
      duplication: {
        clock,
        log,
        network,
        settings,
        remotes: this.remotes,
        endProcess: (reason) => {
          if (!this.closed) context.exit(1, reason);
        },
      },
    };
    this.stub = new ReplicaStub(shared);
    context.perfCounters.nameTables((gpid) => this.stub.get(gpid)?.table.appName);
    this.backups = new ReplicaBackups(shared, flags, this.stub);
    this.restores = new ReplicaRestores(shared, (gpid) => this.stub.has(gpid));
    this.httpHandlers = replicaHttpHandlers(this.stub, context.profile.variants, settings.duplicationEnabled);
    this.duplicationSync = new DuplicationSync({
      self,
      clock,
      log,
      network,
      addresses,
      meta: this.link,
      periodMs: settings.duplicationSyncPeriodMs,
      replicas: () => [...this.stub.all()].map(({ duplication }) => duplication),
    });
    this.readiness = new Readiness(clock, this.link, RPC_TIMEOUT_MS);
    this.sync = new ConfigSync({
      self,
      clock,
      log,
      network,
      addresses,
      settings,
      link: this.link,
      report: () => this.stub.report(),
      capacityMb: () => this.space.capacityMb,
      apply: (answer) => {
        this.link.markConnected();
        this.stub.applySync(answer);
        this.readiness.ready();
      },
    });
  }

  registerRpc(registry: RpcRegistry): void {
    const { log } = this.context;
    serveNegotiation(registry);
    serveConsensus(registry, { stub: this.stub, restores: this.restores, readiness: this.readiness, log });
    serveDuplicate(registry, {
      stub: this.stub,
      clusters: this.remotes,
      diskStatus: () => this.diskStatus,
      maxWriteBytes: () => this.settings.maxAllowedWriteSize,
      clock: this.context.clock,
      laggingFromMs: this.settings.dupLaggingWriteThresholdMs,
      metrics: this.metrics,
    });
    serveAdmin(registry, {
      stub: this.stub,
      disk: { directory: this.store.directory, space: () => this.space },
    });
    serveBackups(registry, this.backups);
    serveBulkLoad(registry, this.stub);
  }

  async start(): Promise<void> {
    const { clock, flags, addresses, self, metaServers } = this.context;
    const { settings } = this;
    // First of all: whoever reaches this server finds its replicas.
    mkdirSync(this.store.directory, { recursive: true });
    this.lookAtDisk();
    this.stub.load();
    // Struct fields with addresses need them known; a name that cannot be resolved is told by the calls that fail.
    await Promise.allSettled([self, ...metaServers].map((node) => addresses.learn(node)));
    if (this.closed) return;
    this.unsubscribe = flags.onChange('config_sync_interval_ms', () => this.sync.start());
    this.timers.push(clock.every(settings.gcIntervalMs, () => this.stub.collectGarbage()));
    // The first time at a random moment of an interval, so that many servers do not count at once (reference/metrics.md 3.4).
    const firstMeasureMs = Math.random() * flags.get('replicas_stat_interval_ms');
    const measure = (): void => this.stub.measure();
    this.timers.push(everyFlag(flags, clock, 'replicas_stat_interval_ms', measure, firstMeasureMs));
    if (!settings.diskStatDisabled) {
      this.timers.push(clock.every(settings.diskStatIntervalMs, () => this.lookAtDisk()));
    }
    if (!settings.checkpointDisabled) {
      this.timers.push(clock.every(settings.checkpointIntervalMs, () => this.stub.checkpoint()));
    }
    this.sync.start();
    if (settings.duplicationEnabled) this.duplicationSync.start();
    if (settings.failureDetectorDisabled)
      this.context.log.warn('fd_disabled: this server never gets a lease');
    else this.link.start();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.unsubscribe?.();
    for (const timer of this.timers) timer.cancel();
    this.link.close();
    this.sync.close();
    this.duplicationSync.close();
    this.readiness.close();
    this.backups.close();
    this.restores.close();
    this.stub.close();
    this.store.close();
    this.metrics.close();
    await this.compactions.close();
  }

  describe(): Record<string, unknown> {
    const { link, stub, sync } = this;
    const counts = stub.counts();
    return {
      lease: {
        state: link.state,
        meta: link.leader ?? null,
        target: link.target,
        sinceLastAckMs: rounded(link.sinceAckedMs),
        sinceConfigSyncMs: rounded(sync.sinceSyncMs),
      },
      replicas: {
        total: Object.values(counts).reduce((sum, count) => sum + count, 0),
        primary: counts.PS_PRIMARY,
        secondary: counts.PS_SECONDARY,
        learning: counts.PS_POTENTIAL_SECONDARY,
        inactive: counts.PS_INACTIVE,
        error: counts.PS_ERROR,
        stored: stub.storedCount,
      },
      learningNow: this.learnSlots.inUse,
      disk: this.describeDisk(),
      compactions: { queued: this.compactions.queuedCount, running: this.compactions.runningCount },
      usageScenarios: this.describeScenarios(),
      ballots: Object.fromEntries(
        [...stub.all()].map(({ gpid, standing }) => [gpidText(gpid), standing.ballot]),
      ),
    };
  }

  /** The scenario of each table that has replicas here and is not in the normal one, by table id. */
  private describeScenarios(): Record<string, string> {
    const scenarios = [...this.stub.all()].map(({ gpid, envDuties }) => [
      gpid.appId,
      envDuties.usageScenario,
    ]);
    return Object.fromEntries(scenarios.filter(([, scenario]) => scenario !== 'normal')) as Record<
      string,
      string
    >;
  }

  private describeDisk(): Record<string, unknown> | null {
    const { knownSpace: space, store } = this;
    if (space === undefined) return null;
    const [status] = Object.entries(DiskStatus).find(([, value]) => value === this.diskStatus) ?? [];
    return { directory: store.directory, ...space, status };
  }

  private get space(): DiskSpace {
    this.knownSpace ??= readDiskSpace(this.store.directory);
    return this.knownSpace;
  }

  private onLeaseLost(cause: string | undefined): void {
    const replicas = [...this.stub.all()].length;
    const lost = this.context.events.tell('lease-lost', { replicas }, cause);
    this.sync.abandon();
    this.readiness.lost();
    this.stub.onLeaseLost(lost);
  }

  private lookAtDisk(): void {
    const { gcGarbageReplicaIntervalMs, gcErrorReplicaIntervalMs, diskMinAvailableSpaceRatio } =
      this.settings;
    try {
      this.knownSpace = readDiskSpace(this.store.directory);
      this.diskStatus = isSpaceInsufficient(this.knownSpace, diskMinAvailableSpaceRatio)
        ? DiskStatus.SPACE_INSUFFICIENT
        : DiskStatus.NORMAL;
      this.metrics.measureDisk(this.store.directory, this.knownSpace);
      this.metrics.measureDirectories(
        this.store.removeOld({ gar: gcGarbageReplicaIntervalMs, err: gcErrorReplicaIntervalMs }),
      );
    } catch (error) {
      this.diskStatus = DiskStatus.IO_ERROR;
      this.context.log.error(`disk of ${this.store.directory}: ${describeError(error)}`);
    }
  }
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}
