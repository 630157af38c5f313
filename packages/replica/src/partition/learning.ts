import { describeError, gpidText, pause } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { LearnerStatus, RPC } from '@onebox/protocol';
import type { GroupCheckResponse, LearnRequest, LearnResponse } from '@onebox/protocol';
import type { LearningEvents } from '../metrics';
import type { ReplicaContext } from './replica-context';
import { RETRY_MS } from './reconfiguration';

/** What learning needs from its replica. */
export interface LearningReplica {
  readonly gpid: Gpid;
  /** Of the configuration it learns in. */
  readonly ballot: number;
  readonly metrics: LearningEvents;
  /** Whom to learn from. */
  readonly primary: Node | undefined;
  /** Forgets what is prepared and not committed. */
  beginLearning(): void;
  learnRequest(signature: number): LearnRequest;
  /** Takes the answer over, and stores it. False when the replica is no learner any more. */
  learn(response: LearnResponse): boolean;
  completionReport(signature: number): GroupCheckResponse;
  onLearningFailed(why: string): void;
}

/** The outcome of one request to the primary. */
type Step = 'done' | 'again' | { readonly failed: string };

/**
 * The learner's side of becoming a secondary: fetch the primary's state, then tell it so; the primary asks the meta
 * server and announces the new role by its group check. While the primary itself is waiting for the meta server the
 * learner tries again every second; any other trouble ends learning until the primary asks for it again.
 */
export class Learning {
  private abort: AbortController | undefined;
  private attempt = 0;
  private startedMs = 0;
  /** The event of the present attempt, until its outcome is told. */
  private told: string | undefined;
  private progress: LearnerStatus = LearnerStatus.LearningInvalid;

  constructor(
    private readonly context: ReplicaContext,
    private readonly replica: LearningReplica,
  ) {}

  get status(): LearnerStatus {
    return this.progress;
  }

  /** The attempt that runs, or ended last; 0 when there was none in this role. */
  get signature(): number {
    return this.attempt;
  }

  get running(): boolean {
    return this.abort !== undefined;
  }

  /** How long the present attempt has taken, Pegasus ms; undefined when there is none. */
  get durationMs(): number | undefined {
    return this.attempt === 0 ? undefined : Math.floor(this.context.clock.monotonicMs() - this.startedMs);
  }

  /** Whether mutations can be prepared here. */
  get takesPart(): boolean {
    return this.progress === LearnerStatus.LearningSucceeded;
  }

  /** The primary wants this replica to learn. The attempt that runs already goes on; a finished one is reported again. */
  start(signature: number): void {
    if (signature === 0 || (this.running && signature === this.attempt)) return;
    if (signature !== this.attempt) {
      this.stop();
      this.attempt = signature;
      this.startedMs = this.context.clock.monotonicMs();
      this.replica.metrics.onLearnStarted();
      this.tellStarted();
      this.progress = LearnerStatus.LearningWithoutPrepare;
      this.replica.beginLearning();
    }
    const abort = new AbortController();
    this.abort = abort;
    this.run(abort.signal).then(
      (failed) => this.end(abort, failed),
      (error: unknown) => this.end(abort, describeError(error)),
    );
  }

  /** The replica is no learner any more. */
  stop(): void {
    this.tellEnded('stopped');
    this.abort?.abort();
    this.abort = undefined;
    this.attempt = 0;
    this.progress = LearnerStatus.LearningInvalid;
  }

  private end(abort: AbortController, failed: string | undefined): void {
    if (abort.signal.aborted) return;
    this.abort = undefined;
    if (failed === undefined) {
      this.replica.metrics.onLearnSucceeded();
      this.tellEnded('succeeded');
      return;
    }
    this.replica.metrics.onLearnFailed();
    this.tellEnded(`failed: ${failed}`);
    this.progress = LearnerStatus.LearningFailed;
    this.replica.onLearningFailed(failed);
  }

  private tellStarted(): void {
    const { gpid, primary, ballot } = this.replica;
    if (primary === undefined) return;
    const facts = { partition: gpidText(gpid), primary, ballot };
    this.told = this.context.events.tell('learning-started', facts);
  }

  /** Once for each attempt: one that succeeded may be reported to the primary again. */
  private tellEnded(outcome: string): void {
    if (this.told === undefined) return;
    const partition = gpidText(this.replica.gpid);
    this.context.events.tell('learning-ended', { partition, outcome }, this.told);
    this.told = undefined;
  }

  /** Why it failed; undefined when it did not. */
  private async run(signal: AbortSignal): Promise<string | undefined> {
    if (!this.takesPart) {
      const failed = await this.repeat(signal, () => this.fetch(signal));
      if (failed !== undefined || signal.aborted) return failed;
      this.progress = LearnerStatus.LearningSucceeded;
    }
    return this.repeat(signal, () => this.report());
  }

  private async repeat(signal: AbortSignal, step: () => Promise<Step>): Promise<string | undefined> {
    while (!signal.aborted) {
      const outcome = await step();
      if (outcome === 'done' || signal.aborted) return undefined;
      if (outcome !== 'again') return outcome.failed;
      await pause(this.context.clock, RETRY_MS, signal);
    }
    return undefined;
  }

  private async fetch(signal: AbortSignal): Promise<Step> {
    const release = await this.context.learnSlots.acquire();
    try {
      if (signal.aborted) return 'done';
      const { primary, gpid } = this.replica;
      if (primary === undefined) return { failed: 'no primary to learn from' };
      const request = this.replica.learnRequest(this.attempt);
      this.replica.metrics.onLearnRound();
      const response = await this.context.network.call(primary, RPC.RPC_LEARN, request, { gpid });
      if (signal.aborted) return 'done';
      this.replica.metrics.onLearnAnswered(response.state.meta.length);
      if (response.err === 'ERR_INACTIVE_STATE') return 'again';
      if (response.err !== 'ERR_OK') return { failed: `${primary} answered ${response.err}` };
      return this.replica.learn(response) ? 'done' : { failed: 'no learner any more' };
    } catch (error) {
      return { failed: describeError(error) };
    } finally {
      release();
    }
  }

  private async report(): Promise<Step> {
    const { primary, gpid } = this.replica;
    if (primary === undefined) return { failed: 'no primary to report to' };
    const report = this.replica.completionReport(this.attempt);
    try {
      const { network } = this.context;
      const { err } = await network.call(primary, RPC.RPC_LEARN_COMPLETION_NOTIFY, report, { gpid });
      if (err === 'ERR_INACTIVE_STATE') return 'again';
      return err === 'ERR_OK' ? 'done' : { failed: `${primary} answered ${err} to the completed learning` };
    } catch (error) {
      return { failed: describeError(error) };
    }
  }
}
