import { serveNegotiation } from '@onebox/server';
import type { RoleModule, RpcRegistry, ServerContext } from '@onebox/server';
import { AppStatRounds } from './app-stat';
import { ClusterWatch } from './cluster-watch';

export type CollectorContext = Pick<
  ServerContext,
  'clock' | 'events' | 'flags' | 'log' | 'metaServers' | 'perfCounters' | 'rpcClient'
>;

/** The collector: serves the calls every server has, watches the cluster, and makes statistics of its tables. */
export class CollectorServer implements RoleModule {
  readonly httpHandlers = {};
  private readonly watch: ClusterWatch;
  private readonly rounds: AppStatRounds;

  constructor({ clock, events, flags, log, metaServers, perfCounters, rpcClient }: CollectorContext) {
    const intervalMs = flags.get('app_stat_interval_seconds') * 1000;
    this.watch = new ClusterWatch({ metaServers, calls: rpcClient, clock, events, log, intervalMs });
    const { generation } = perfCounters;
    this.rounds = new AppStatRounds({
      calls: rpcClient,
      clock,
      log,
      counters: perfCounters,
      leader: () => this.watch.current?.leader,
      intervalMs,
      // Master goes on computing what nobody sees (reference/metrics.md 4.13).
      generation: generation === 'none' ? '2.4' : generation,
      hotspotRounds: flags.get('max_hotspot_store_size'),
      hotThreshold: () => flags.get('hot_partition_threshold'),
    });
  }

  /** Remote commands, which every server has, are all that tools ask a collector. */
  registerRpc(registry: RpcRegistry): void {
    serveNegotiation(registry);
  }

  async start(): Promise<void> {
    this.watch.start();
    this.rounds.start();
  }

  async close(): Promise<void> {
    this.watch.close();
    this.rounds.close();
  }

  describe(): Record<string, unknown> {
    const { current, problem } = this.watch;
    const statistics = this.rounds.lastRound ?? null;
    if (current === undefined) return { leader: null, problem: problem ?? 'not looked yet', statistics };
    const { leader, info, tables, takenAtUnixMs } = current;
    return { leader, cluster: Object.fromEntries(info), tables, takenAtUnixMs, statistics };
  }
}
