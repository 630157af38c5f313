import type { RoleModule, RpcRegistry, ServerContext } from '@onebox/server';
import { ClusterWatch } from './cluster-watch';

export type CollectorContext = Pick<ServerContext, 'clock' | 'flags' | 'log' | 'metaServers' | 'rpcClient'>;

/** The collector: serves the calls every server has, and watches the cluster. Its table statistics follow with metrics. */
export class CollectorServer implements RoleModule {
  readonly httpHandlers = {};
  private readonly watch: ClusterWatch;

  constructor({ clock, flags, log, metaServers, rpcClient }: CollectorContext) {
    this.watch = new ClusterWatch({
      metaServers,
      calls: rpcClient,
      clock,
      log,
      intervalMs: flags.get('app_stat_interval_seconds') * 1000,
    });
  }

  registerRpc(_registry: RpcRegistry): void {
    // No tool calls a collector: what comes is answered ERR_HANDLER_NOT_FOUND.
  }

  async start(): Promise<void> {
    this.watch.start();
  }

  async close(): Promise<void> {
    this.watch.close();
  }

  describe(): Record<string, unknown> {
    const { current, problem } = this.watch;
    if (current === undefined) return { leader: null, problem: problem ?? 'not looked yet' };
    const { leader, info, tables, takenAtUnixMs } = current;
    return { leader, cluster: Object.fromEntries(info), tables, takenAtUnixMs };
  }
}
