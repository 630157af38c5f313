import { describeError } from '@onebox/base';
import type { Node } from '@onebox/base';
import {
  openBlockService,
  readDefaultTables,
  readDuplicationClusters,
  serveNegotiation,
} from '@onebox/server';
import type { ControlCommand, HttpHandler, RoleModule, RpcRegistry, ServerContext } from '@onebox/server';
import { metaHttpHandlers } from './http';
import { Leader } from './leader';
import { LeaderView } from './leader-view';
import type { Election, SessionTicket, WonElection } from './leadership/election';
import { UnstableRestarts } from './liveness/unstable-restarts';
import { showNodeCounts } from './metrics';
import { tellPartitions } from './partitions-command';
import { serveBackupRpcs } from './rpc/backup-rpcs';
import { serveBeacons } from './rpc/beacon-rpc';
import { serveBulkLoadRpcs } from './rpc/bulk-load-rpcs';
import { serveClusterRpcs } from './rpc/cluster-rpcs';
import { serveConfigurationRpcs } from './rpc/configuration-rpcs';
import { serveDuplicationRpcs } from './rpc/duplication-rpcs';
import { LeaderOnly } from './rpc/leader-only';
import { serveCompactionRpcs } from './rpc/compaction-rpcs';
import { serveRestoreRpcs } from './rpc/restore-rpcs';
import { serveTableRpcs } from './rpc/table-rpcs';
import { serveUnavailableRpcs } from './rpc/unavailable-rpcs';
import type { MetaStore } from './state/meta-store';
import type { HintedAnswer } from './tables/hinted-answer';
import { beginTableEnvs } from './tables/table-envs';
import { unixSeconds } from './tables/table-operations';

const SECOND_MS = 1000;

/**
 * A meta server: a standby that redirects to the leader until it is elected, and then the leader until the process
 * ends (reference/cluster-behaviour.md 2.4 to 2.6).
 */
export class MetaServer implements RoleModule {
  readonly httpHandlers: Readonly<Record<string, HttpHandler>>;
  readonly controlCommands: Readonly<Record<string, ControlCommand>> = {
    partitions: (request) => tellPartitions(this.leader, request),
  };
  /** The state as HTTP calls and queries see it. */
  readonly view: LeaderView;
  private readonly restarts: UnstableRestarts;
  private leader: Leader | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly context: ServerContext,
    private readonly election: Election,
  ) {
    const { self, metaServers, flags, settings, profile, clock } = context;
    this.view = new LeaderView(
      {
        self,
        metaServers,
        zookeeperHosts: flags.get('hosts_list'),
        zookeeperRoot: flags.get('cluster_root'),
        clusterName: settings.clusterName,
      },
      () => this.leader,
    );
    this.restarts = new UnstableRestarts({
      minRunningMs: flags.get('stable_rs_min_running_seconds') * SECOND_MS,
      maxUnstableRestarts: flags.get('max_succssive_unstable_restart'),
      scale: clock.scale,
    });
    showNodeCounts(context.metrics, () => this.leader?.nodes.counts() ?? { alive: 0, unalive: 0 });
    context.perfCounters.provide('balance operations', () => this.view.balanceCounts().total);
    this.httpHandlers = metaHttpHandlers(this.view, profile.variants, {
      writeEnvs: (appName, envs) => this.writeEnvs(appName, envs),
      unixSecond: () => unixSeconds(clock),
      bulkLoads: () => this.leader?.bulkLoads,
    });
  }

  registerRpc(registry: RpcRegistry): void {
    const { addresses, clock, log, profile } = this.context;
    const leadership = { leader: () => this.leader, owner: () => this.election.owner };
    serveNegotiation(registry);
    serveBeacons(registry, { leadership, restarts: this.restarts, addresses, clock, log });
    const rpcs = new LeaderOnly(registry, leadership);
    serveConfigurationRpcs(rpcs, addresses);
    serveClusterRpcs(rpcs, { view: this.view, variants: profile.variants, addresses });
    serveTableRpcs(rpcs);
    serveBackupRpcs(rpcs);
    serveRestoreRpcs(rpcs);
    serveBulkLoadRpcs(rpcs, addresses);
    serveCompactionRpcs(rpcs);
    serveDuplicationRpcs(rpcs);
    serveUnavailableRpcs(rpcs);
  }

  /** Queues for the lock. @throws OneboxError ONEBOX_ZOOKEEPER_UNREACHABLE */
  async start(): Promise<void> {
    await this.election.start({
      onElected: (store, won) => this.lead(store, won),
      onLost: (reason) => {
        // Upstream ends the process with success: its supervisor decides what comes next (2.5).
        if (this.closing === undefined) this.context.exit(0, reason);
      },
    });
  }

  /** `serve` while this server is the leader, even one that is still loading: nobody else would serve. */
  redirect(): Node | undefined | 'serve' {
    return this.leader === undefined ? this.election.owner : 'serve';
  }

  zookeeperSessionMs(): number | undefined {
    return this.election.sessionMs;
  }

  zookeeperSession(): SessionTicket | undefined {
    return this.election.sessionTicket;
  }

  describe(): Record<string, unknown> {
    return {
      leader: this.leader !== undefined,
      knownLeader: this.election.owner,
      zookeeper: this.election.describe(),
      ...this.leader?.describe(),
    };
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.leader?.close();
    await this.election.close();
  }

  private writeEnvs(appName: string, envs: ReadonlyMap<string, string>): HintedAnswer {
    const { leader } = this;
    if (leader?.ready !== true) return { error: 'ERR_SERVICE_NOT_ACTIVE', hint: '' };
    return beginTableEnvs(leader.operations, appName, {
      op: 'set',
      keys: [...envs.keys()],
      values: [...envs.values()],
    });
  }

  /** A leader that cannot begin ends its process: alive, it would keep the lock from those who can. */
  private lead(store: MetaStore, elected: WonElection | undefined): void {
    if (this.closing !== undefined) return;
    const fatal = (reason: string): void => {
      if (this.closing === undefined) this.context.exit(1, reason);
    };
    this.startLeader(store, elected, fatal).catch((error: unknown) => {
      fatal(`the leader cannot load its state: ${describeError(error)}`);
    });
  }

  private async startLeader(
    store: MetaStore,
    elected: WonElection | undefined,
    fatal: (reason: string) => void,
  ): Promise<void> {
    const {
      flags,
      clock,
      log,
      events,
      addresses,
      rpcClient,
      metrics,
      config,
      eagerCure,
      settings,
      profile,
      directory,
    } = this.context;
    this.leader = new Leader({
      store,
      flags,
      variants: profile.variants,
      clock,
      log,
      events,
      elected,
      addresses,
      rpcClient,
      metrics,
      blockService: (name) => openBlockService(config, name, { baseDirectory: directory }),
      defaultTables: () => readDefaultTables(config).tables,
      duplicationClusters: readDuplicationClusters(config).clusters,
      metaServers: this.context.metaServers,
      eagerCure,
      replicaServers: settings.replicaCount,
      fatal,
    });
    await this.leader.start();
  }
}
