import { OneboxError, describeError } from '@onebox/base';
import type { Clock, Logger, Node, Timer } from '@onebox/base';
import { RPC, beaconMsg, make, toWireHostPort, wireNode } from '@onebox/protocol';
import type { BeaconAck } from '@onebox/protocol';
import type { EventLog } from '@onebox/server';
import type { AddressBook, Network } from '../network';
import { addressOf } from '../wire/node-fields';
import { isLeaseOver } from './lease';

/** Whether this server may act: disconnected (no lease), connecting (lease, roles not agreed on yet), connected. */
export type LinkState = 'disconnected' | 'connecting' | 'connected';

/** How long to wait before another meta server is tried, Pegasus ms (reference/cluster-behaviour.md 3.2). */
const NEXT_META_MS = 1000;

export interface MetaLinkOptions {
  readonly self: Node;
  /** `[meta_server] server_list`. */
  readonly metaServers: readonly Node[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventLog;
  readonly network: Network;
  readonly addresses: AddressBook;
  /** Pegasus ms. */
  readonly timers: {
    readonly beaconIntervalMs: number;
    readonly checkIntervalMs: number;
    readonly leaseMs: number;
  };
  /** Unix ms; the meta server tells restarts by it. */
  readonly startedAtUnixMs: number;
  /** A number in [0, 1), for the first meta server to try. */
  readonly random?: () => number;
}

/**
 * The replica server's side of the failure detector (reference/cluster-behaviour.md 3.2): finds the leader among the meta
 * servers, sends it beacons, and holds a lease that counts from the sending of the last beacon that was acknowledged.
 */
export class MetaLink {
  private readonly metas: readonly Node[];
  private contact: Node;
  private linkState: LinkState = 'disconnected';
  /** When roles were agreed on last; undefined while this process is starting. */
  private agreedMs: number | undefined;
  private acknowledgedBy: Node | undefined;
  /** When the last acknowledged beacon was sent; Pegasus ms of the monotonic clock. */
  private lastAckedMs: number | undefined;
  /** Whose acknowledgement was told, until it is told as lost. */
  private found: Node | undefined;
  private lost: string | undefined;
  private followed = false;
  private beaconTimer: Timer | undefined;
  private checkTimer: Timer | undefined;
  private closed = false;
  /** Answers to beacons of another round, sent before the contact changed, count no more. */
  private round = 0;

  constructor(
    private readonly options: MetaLinkOptions,
    private readonly listener: {
      onLease(): void;
      /** @param cause the event that told the loss of the meta server */
      onLeaseLost(cause: string | undefined): void;
      onBeaconFailed?(): void;
    },
  ) {
    this.metas = options.metaServers;
    const first = this.metas[Math.floor((options.random ?? Math.random)() * this.metas.length)];
    if (first === undefined) {
      throw new OneboxError('ONEBOX_NO_META_SERVERS', 'no meta servers are configured', {
        nextStep: 'Name them in [meta_server] server_list.',
      });
    }
    this.contact = first;
  }

  get state(): LinkState {
    return this.linkState;
  }

  /** False already when the next check will find the lease over: a process that was stopped must not act on an old one. */
  get connected(): boolean {
    return this.linkState === 'connected' && !this.isOver();
  }

  /** No lease was ever granted to this process: it is still starting. */
  get starting(): boolean {
    return this.agreedMs === undefined;
  }

  /** When roles were agreed on last; Pegasus ms of the monotonic clock. */
  get connectedSinceMs(): number {
    return this.agreedMs ?? this.options.clock.monotonicMs();
  }

  /** The meta server that acknowledged the last beacon as leader. */
  get leader(): Node | undefined {
    return this.linkState === 'disconnected' ? undefined : this.acknowledgedBy;
  }

  /** The meta server that gets the beacons now. */
  get target(): Node {
    return this.contact;
  }

  /** Pegasus ms since the last acknowledged beacon was sent; undefined before the first one. */
  get sinceAckedMs(): number | undefined {
    return this.lastAckedMs === undefined ? undefined : this.options.clock.monotonicMs() - this.lastAckedMs;
  }

  start(): void {
    const { clock, timers } = this.options;
    this.checkTimer = clock.every(timers.checkIntervalMs, () => this.check());
    this.beacon();
  }

  /** Roles were agreed on with the leader. */
  markConnected(): void {
    if (this.linkState !== 'connecting') return;
    this.linkState = 'connected';
    this.agreedMs = this.options.clock.monotonicMs();
    this.options.log.info(`meta link: connected to ${this.acknowledgedBy ?? '-'}`);
  }

  close(): void {
    this.closed = true;
    this.beaconTimer?.cancel();
    this.checkTimer?.cancel();
  }

  private beacon(): void {
    const { clock, timers } = this.options;
    this.beaconTimer?.cancel();
    this.beaconTimer = clock.after(timers.beaconIntervalMs, () => this.beacon());
    void this.ping(this.contact, this.round);
  }

  private async ping(to: Node, round: number): Promise<void> {
    const { clock, network, timers, self, addresses, startedAtUnixMs } = this.options;
    const sentMs = clock.monotonicMs();
    const beacon = make(beaconMsg, {
      time: Math.floor(sentMs),
      from_node: addressOf(self, addresses),
      to_node: addressOf(to, addresses),
      start_time: startedAtUnixMs,
      hp_from_node: toWireHostPort(self),
      hp_to_node: toWireHostPort(to),
    });
    let ack: BeaconAck | undefined;
    let failure = '';
    try {
      const timeoutMs = (timers.beaconIntervalMs * 2) / 3;
      ack = await network.call(to, RPC.RPC_FD_FAILURE_DETECTOR_PING, beacon, { timeoutMs });
    } catch (error) {
      failure = describeError(error);
      // One that was under way when the target changed failed as well.
      if (!this.closed) this.listener.onBeaconFailed?.();
    }
    if (this.closed || round !== this.round) return;
    if (ack === undefined) this.tryNext(failure);
    else if (!ack.is_master) this.redirect(to, wireNode(ack.hp_primary_node, ack.primary_node));
    else if (ack.allowed) this.acknowledged(to, sentMs);
    else this.options.log.warn(`meta link: ${to} does not accept this server`);
  }

  private acknowledged(by: Node, sentMs: number): void {
    this.followed = false;
    this.acknowledgedBy = by;
    this.tellFound(by);
    this.lastAckedMs = Math.max(this.lastAckedMs ?? sentMs, sentMs);
    if (this.linkState !== 'disconnected' || this.isOver()) return;
    this.linkState = 'connecting';
    this.options.log.info(`meta link: lease from ${by}`);
    this.listener.onLease();
  }

  /** "Not the leader": on to the leader at once, but not round in circles when two of them point at each other. */
  private redirect(from: Node, leader: Node | undefined): void {
    if (leader === undefined || leader === from || this.followed) {
      this.tryNext(leader === undefined ? 'it knows no leader' : `it says the leader is ${leader}`);
      return;
    }
    this.options.log.info(`meta link: ${from} says the leader is ${leader}`);
    this.tellLost(`it says the leader is ${leader}`);
    this.followed = true;
    this.switchTo(leader, 0);
  }

  private tryNext(why: string): void {
    this.tellLost(why);
    this.followed = false;
    const next = this.metas[(this.metas.indexOf(this.contact) + 1) % this.metas.length] ?? this.contact;
    this.options.log.debug(`meta link: ${this.contact}: ${why}; next ${next}`);
    this.switchTo(next, NEXT_META_MS);
  }

  private switchTo(target: Node, delayMs: number): void {
    this.round += 1;
    this.contact = target;
    this.beaconTimer?.cancel();
    this.beaconTimer = undefined;
    if (delayMs === 0) this.beacon();
    else this.beaconTimer = this.options.clock.after(delayMs, () => this.beacon());
  }

  private isOver(): boolean {
    const { clock, timers } = this.options;
    return this.lastAckedMs === undefined || isLeaseOver(clock.monotonicMs(), this.lastAckedMs, timers);
  }

  private check(): void {
    if (this.closed || this.linkState === 'disconnected' || !this.isOver()) return;
    this.linkState = 'disconnected';
    this.options.log.warn(
      `meta link: lease lost, last beacon was acknowledged by ${this.acknowledgedBy ?? '-'}`,
    );
    this.tellLost('no beacon was acknowledged in time');
    this.listener.onLeaseLost(this.lost);
  }

  private tellFound(meta: Node): void {
    if (this.found === meta) return;
    this.found = meta;
    this.options.events.tell('meta-found', { meta }, this.lost);
    this.lost = undefined;
  }

  /** The first sign of trouble with the meta server that acknowledged the last beacon. */
  private tellLost(reason: string): void {
    const { found } = this;
    if (found === undefined) return;
    this.found = undefined;
    this.lost = this.options.events.tell('meta-lost', { meta: found, reason });
  }
}
