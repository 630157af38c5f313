import { describeError } from '@onebox/base';
import type { Clock, ErrorCode, Logger, Node, Timer } from '@onebox/base';
import {
  AppStatus,
  RPC,
  configurationClusterInfoRequest,
  configurationListAppsRequest,
  make,
} from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import type { EventLog } from '@onebox/server';

/** How long a meta server may take to answer, Pegasus ms. */
const ASK_MS = 1000;

/** The calls the watch makes, as `RpcClient` offers them. */
export interface MetaCalls {
  call<Q, A>(to: Node, rpc: Rpc<Q, A>, request: Q, options?: { timeoutMs?: number }): Promise<A>;
}

/** What the collector knows about the cluster it belongs to. */
export interface ClusterPicture {
  readonly leader: Node;
  /** As the leader lists it, e.g. `meta_function_level`. */
  readonly info: ReadonlyMap<string, string>;
  /** Names of the available tables. */
  readonly tables: readonly string[];
  /** When it was taken; unix ms. */
  readonly takenAtUnixMs: number;
}

/** Looks at the cluster periodically: finds the leader among the meta servers and asks it what there is. */
export class ClusterWatch {
  private timer: Timer | undefined;
  private closed = false;
  private looking = false;
  private picture: ClusterPicture | undefined;
  private trouble: string | undefined;

  /** @param intervalMs Pegasus ms between two looks */
  constructor(
    private readonly options: {
      readonly metaServers: readonly Node[];
      readonly calls: MetaCalls;
      readonly clock: Clock;
      readonly log: Logger;
      readonly events: EventLog;
      readonly intervalMs: number;
    },
  ) {}

  /** The last picture; undefined before the first one, and while no leader can be found. */
  get current(): ClusterPicture | undefined {
    return this.picture;
  }

  /** Why there is no picture. */
  get problem(): string | undefined {
    return this.trouble;
  }

  start(): void {
    this.timer = this.options.clock.every(this.options.intervalMs, () => void this.look());
    void this.look();
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const { log, events } = this.options;
    try {
      const picture = await this.take();
      if (this.closed) return;
      const leader = picture?.leader;
      if (leader !== this.picture?.leader) {
        log.info(`leader: ${leader ?? 'none'}`);
        events.tell('leader-seen', { leader: leader ?? null });
      }
      this.picture = picture;
    } finally {
      this.looking = false;
    }
  }

  /** Asks the leader of the last picture first, then all others in their order. */
  private async take(): Promise<ClusterPicture | undefined> {
    const { metaServers } = this.options;
    const last = this.picture?.leader;
    const order = last === undefined ? metaServers : [last, ...metaServers.filter((meta) => meta !== last)];
    const troubles: string[] = [];
    for (const meta of order) {
      const outcome = await this.askMeta(meta);
      if (typeof outcome !== 'string') {
        this.trouble = undefined;
        return outcome;
      }
      troubles.push(outcome);
    }
    this.trouble = troubles.join('; ');
    return undefined;
  }

  /** The picture of the cluster, or why this meta server cannot give one. */
  private async askMeta(meta: Node): Promise<ClusterPicture | string> {
    const { calls, clock } = this.options;
    const within = { timeoutMs: ASK_MS };
    const refused = (err: ErrorCode): string => `${meta} answered ${err}`;
    try {
      const cluster = await calls.call(
        meta,
        RPC.RPC_CM_CLUSTER_INFO,
        make(configurationClusterInfoRequest, {}),
        within,
      );
      if (cluster.err !== 'ERR_OK') return refused(cluster.err);
      const apps = await calls.call(
        meta,
        RPC.RPC_CM_LIST_APPS,
        make(configurationListAppsRequest, { status: AppStatus.AS_AVAILABLE }),
        within,
      );
      if (apps.err !== 'ERR_OK') return refused(apps.err);
      return {
        leader: meta,
        info: new Map(cluster.keys.map((key, i) => [key, cluster.values[i] ?? ''])),
        tables: apps.infos.map((info) => info.app_name),
        takenAtUnixMs: clock.unixMs(),
      };
    } catch (error) {
      return describeError(error);
    }
  }
}
