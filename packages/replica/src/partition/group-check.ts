import { describeError } from '@onebox/base';
import type { Gpid, Node, Timer } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import type { GroupCheckRequest, GroupCheckResponse } from '@onebox/protocol';
import { RPC_TIMEOUT_MS, callWithin } from '../network';
import { patienceMs } from './replica-context';
import type { ReplicaContext } from './replica-context';
import type { Peer } from './replication-group';

/** What a primary's group check needs from its replica. */
export interface CheckedGroup {
  readonly gpid: Gpid;
  peers(): readonly Peer[];
  checkRequest(peer: Peer): GroupCheckRequest;
  onCheckAnswer(peer: Peer, response: GroupCheckResponse): void;
  onCheckFailure(peer: Peer, why: string): void;
  /** Called after each round of requests went out. */
  onCheckRound(): void;
}

/**
 * The primary's periodic look at its group, the first one as soon as it is primary: it tells members and learners the
 * ballot and what they are, and finds out who does not answer (reference/cluster-behaviour.md 4.5).
 */
export class GroupCheck {
  private abort: AbortController | undefined;
  private timer: Timer | undefined;
  private readonly asking = new Set<Node>();

  constructor(
    private readonly context: ReplicaContext,
    private readonly group: CheckedGroup,
  ) {}

  /** Begins anew; answers to earlier rounds count no more. */
  start(): void {
    this.stop();
    const { clock, settings } = this.context;
    if (settings.groupCheckDisabled) return;
    const abort = new AbortController();
    this.abort = abort;
    this.timer = clock.every(settings.groupCheckIntervalMs, () => this.round(abort.signal));
    this.round(abort.signal);
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.abort?.abort();
    this.abort = undefined;
    this.asking.clear();
  }

  private round(signal: AbortSignal): void {
    for (const peer of this.group.peers()) {
      if (!this.asking.has(peer.node)) void this.check(peer, signal);
    }
    this.group.onCheckRound();
  }

  private async check(peer: Peer, signal: AbortSignal): Promise<void> {
    const { network, clock } = this.context;
    this.asking.add(peer.node);
    let failure: string | undefined;
    let response: GroupCheckResponse | undefined;
    try {
      const request = this.group.checkRequest(peer);
      const call = { to: peer.node, rpc: RPC.RPC_GROUP_CHECK, request, gpid: this.group.gpid };
      response = await callWithin({ network, clock, signal }, call, patienceMs(this.context, RPC_TIMEOUT_MS));
      if (response.err !== 'ERR_OK') failure = `it answered ${response.err}`;
    } catch (error) {
      failure = describeError(error);
    }
    if (signal.aborted) return;
    this.asking.delete(peer.node);
    if (failure !== undefined) this.group.onCheckFailure(peer, `group check: ${failure}`);
    else if (response !== undefined) this.group.onCheckAnswer(peer, response);
  }
}
