import { describeError } from '@onebox/base';
import type { Clock, Gpid, Logger, Node, Timer } from '@onebox/base';
import { RPC, configurationQueryByNodeRequest, make, replicaServerInfo } from '@onebox/protocol';
import type { ConfigurationQueryByNodeResponse, ReplicaInfo } from '@onebox/protocol';
import type { LinkState } from '../failure-detector/meta-link';
import type { AddressBook, Network } from '../network';
import type { Membership } from '../partition/membership';
import type { TableInfo } from '../partition/table-info';
import type { ReplicaSettings } from '../settings';
import { readMembership } from '../wire/membership-wire';
import { nodeFields } from '../wire/node-fields';
import { readTableInfo } from '../wire/table-info-wire';

/** How long to wait when the meta server is busy, or roles are not agreed on yet; Pegasus ms (reference/cluster-behaviour.md 3.5). */
const RETRY_MS = 500;

/** What the meta server says about the replicas of this node. */
export interface SyncAnswer {
  /** The partitions this node is a member of. */
  readonly listed: readonly { readonly membership: Membership; readonly table: TableInfo }[];
  /** Stored replicas nobody needs; only at level lively. */
  readonly garbage: readonly Gpid[];
  /** When it was asked for; Pegasus ms of the monotonic clock. */
  readonly askedMs: number;
}

export interface ConfigSyncOptions {
  readonly self: Node;
  readonly clock: Clock;
  readonly log: Logger;
  readonly network: Network;
  readonly addresses: AddressBook;
  readonly settings: ReplicaSettings;
  readonly link: { readonly state: LinkState; readonly leader: Node | undefined };
  /** Every replica this node holds, open or stored. */
  report(): ReplicaInfo[];
  capacityMb(): number;
  apply(answer: SyncAnswer): void;
}

/** Tells the leader what this node holds and learns what it should be: at once with a new lease, then periodically (3.5). */
export class ConfigSync {
  private period: Timer | undefined;
  private retry: Timer | undefined;
  /** Counts the requests; an answer to any but the last one is void. */
  private asked = 0;
  private inFlight = false;
  private lastSyncMs: number | undefined;

  constructor(private readonly options: ConfigSyncOptions) {}

  /** Pegasus ms since the last answer that was applied; undefined before the first. */
  get sinceSyncMs(): number | undefined {
    return this.lastSyncMs === undefined ? undefined : this.options.clock.monotonicMs() - this.lastSyncMs;
  }

  /** Arms the period; again, when the interval has changed. */
  start(): void {
    const { clock, settings } = this.options;
    this.period?.cancel();
    if (settings.configSyncDisabled) return;
    this.period = clock.every(settings.configSyncIntervalMs, () => {
      if (!this.inFlight) this.syncNow();
    });
  }

  /** Asks now, whatever is on its way. */
  syncNow(): void {
    this.abandon();
    this.ask(this.asked).catch((error: unknown) => {
      this.options.log.error(`config-sync: ${describeError(error)}`);
    });
  }

  /** What is on its way counts no more: the lease is lost, or a new one was granted. */
  abandon(): void {
    this.asked += 1;
    this.inFlight = false;
    this.retry?.cancel();
    this.retry = undefined;
  }

  close(): void {
    this.abandon();
    this.period?.cancel();
    this.period = undefined;
  }

  private async ask(asked: number): Promise<void> {
    const { self, clock, network, addresses, link, log } = this.options;
    const { leader } = link;
    if (leader === undefined) return;
    const request = make(configurationQueryByNodeRequest, {
      ...nodeFields(self, addresses),
      stored_replicas: this.options.report(),
      info: make(replicaServerInfo, { geo_tags: [], total_capacity_mb: this.options.capacityMb() }),
    });
    const askedMs = clock.monotonicMs();
    this.inFlight = true;
    let response: ConfigurationQueryByNodeResponse | undefined;
    let problem: string | undefined;
    try {
      response = await network.call(leader, RPC.RPC_CM_CONFIG_SYNC, request);
      if (response.err !== 'ERR_OK') problem = response.err;
    } catch (error) {
      problem = describeError(error);
    }
    if (asked !== this.asked) return;
    this.inFlight = false;
    if (problem === undefined && response !== undefined) {
      this.lastSyncMs = clock.monotonicMs();
      this.options.apply(readAnswer(response, askedMs));
      return;
    }
    const again = problem === 'ERR_BUSY' || link.state === 'connecting';
    log[again ? 'info' : 'warn'](`config-sync: ${leader}: ${problem ?? ''}`);
    if (again) this.retry = clock.after(RETRY_MS, () => this.syncNow());
  }
}

function readAnswer(response: ConfigurationQueryByNodeResponse, askedMs: number): SyncAnswer {
  return {
    listed: response.partitions.map(({ config, info }) => ({
      membership: readMembership(config),
      table: readTableInfo(info),
    })),
    garbage: (response.gc_replicas ?? []).map(({ pid }) => pid),
    askedMs,
  };
}
