import { describeError, pause } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import type { PrepareMsg } from '@onebox/protocol';
import { callWithin } from '../network';
import type { Mutation } from '../storage/storage-engine';
import { patienceMs } from './replica-context';
import type { ReplicaContext } from './replica-context';
import type { Peer } from './replication-group';

/** How long to wait before a peer that asked for a moment's patience is asked again, Pegasus ms. */
const TRY_AGAIN_MS = 50;

/** What the two-phase commit of a primary needs from its replica. */
export interface CommittingGroup {
  readonly gpid: Gpid;
  peers(): readonly Peer[];
  prepareMessage(peer: Peer, mutation: Mutation): PrepareMsg;
  onPrepareFailure(peer: Peer, why: string): void;
  /** All mutations up to this decree are prepared everywhere. */
  commitTo(decree: number): void;
}

interface Pending {
  readonly mutation: Mutation;
  readonly waitingFor: Set<Node>;
}

/** The primary's side of agreeing on mutations: every member and every learner that takes part must have prepared one. */
export class TwoPhaseCommit {
  private abort = new AbortController();
  private readonly pending = new Map<number, Pending>();

  constructor(
    private readonly context: ReplicaContext,
    private readonly group: CommittingGroup,
  ) {}

  /** Begins anew, with what an earlier round, or an earlier primary, left uncommitted. */
  start(uncommitted: readonly Mutation[]): void {
    this.stop();
    this.abort = new AbortController();
    for (const mutation of uncommitted) this.submit(mutation);
  }

  /** Answers that are still on their way count no more; what was prepared stays prepared. */
  stop(): void {
    this.abort.abort();
    this.pending.clear();
  }

  /** Prepares a mutation, which this replica has prepared already, on all others. */
  submit(mutation: Mutation): void {
    const peers = this.group.peers().filter((peer) => peer.prepares);
    this.pending.set(mutation.decree, { mutation, waitingFor: new Set(peers.map(({ node }) => node)) });
    for (const peer of peers) void this.prepare(peer, mutation, this.abort.signal);
    this.commitReady();
  }

  /** A learner takes part from now on: it gets what is under way. */
  include(peer: Peer): void {
    for (const { mutation, waitingFor } of this.pending.values()) {
      waitingFor.add(peer.node);
      void this.prepare(peer, mutation, this.abort.signal);
    }
  }

  /** A learner is none any more: nothing waits for it. */
  exclude(node: Node): void {
    for (const { waitingFor } of this.pending.values()) waitingFor.delete(node);
    this.commitReady();
  }

  private async prepare(peer: Peer, mutation: Mutation, signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.context;
    const usualMs =
      peer.status === 'PS_SECONDARY' ? settings.prepareTimeoutMs : settings.prepareTimeoutForLearnersMs;
    const deadline = clock.monotonicMs() + patienceMs(this.context, usualMs);
    for (;;) {
      const error = await this.ask(peer, mutation, deadline - clock.monotonicMs(), signal);
      if (signal.aborted) return;
      if (error === undefined) {
        this.pending.get(mutation.decree)?.waitingFor.delete(peer.node);
        this.commitReady();
        return;
      }
      // It is between two roles, or just about to take part.
      const passing = error === 'ERR_INACTIVE_STATE' || error === 'ERR_TRY_AGAIN';
      if (!passing || clock.monotonicMs() + TRY_AGAIN_MS >= deadline) {
        this.group.onPrepareFailure(peer, `prepare of decree ${mutation.decree}: ${error}`);
        return;
      }
      await pause(clock, TRY_AGAIN_MS, signal);
      if (signal.aborted) return;
    }
  }

  /** Undefined when the peer has prepared the mutation; otherwise why not. */
  private async ask(
    peer: Peer,
    mutation: Mutation,
    windowMs: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { network, clock } = this.context;
    const request = this.group.prepareMessage(peer, mutation);
    const call = { to: peer.node, rpc: RPC.RPC_PREPARE, request, gpid: this.group.gpid };
    try {
      const { err } = await callWithin({ network, clock, signal }, call, windowMs);
      return err === 'ERR_OK' ? undefined : err;
    } catch (error) {
      return describeError(error);
    }
  }

  private commitReady(): void {
    let ready: number | undefined;
    for (const [decree, { waitingFor }] of [...this.pending].sort(([a], [b]) => a - b)) {
      if (waitingFor.size > 0) break;
      this.pending.delete(decree);
      ready = decree;
    }
    if (ready !== undefined) this.group.commitTo(ready);
  }
}
