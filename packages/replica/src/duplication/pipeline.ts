import { describeError, pause } from '@onebox/base';
import type { Clock, Logger } from '@onebox/base';
import { duplicateRequest, encodeArgument } from '@onebox/protocol';
import type { DuplicateRequest, DuplicateResponse } from '@onebox/protocol';
import type { Mutation } from '../storage/storage-engine';
import type { DupFailMode } from './dup-entry';
import { judgeFailure } from './failure-verdict';
import { batchLength, batchOf } from './mutation-batch';

/** Pegasus ms before a batch that was not taken is shipped again; twice as long every time, up to the second. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 10_000;

/** Mutations that are looked at together. */
const LOADED_AT_ONCE = 1000;

const OK = 0;

/** What the pipeline of a duplication of a partition works with. */
export interface PipelineParts {
  readonly label: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly remote: { duplicate(request: DuplicateRequest): Promise<DuplicateResponse> };
  readonly clusterId: number | undefined;
  readonly settings: { readonly duplicateLogBatchBytes: number; readonly dupNoMutationLoadDelayMs: number };
  /** Shipping is for primaries: while false, the pipeline waits. */
  mayShip(): boolean;
  /** The first decree that is not shipped yet. */
  nextDecree(): number;
  /** Committed mutations from there on; `gone` when the log does not reach that far back, and where it begins. */
  load(decree: number, limit: number): readonly Mutation[] | 'gone';
  firstLoadable(): number;
  failMode(): DupFailMode;
  /** Everything up to a decree is acknowledged, or given up. */
  onProgress(lastDecree: number): void;
  readonly events: PipelineEvents;
  endProcess(reason: string): void;
}

export interface PipelineEvents {
  /** @param bytes of the request */
  onShipped(bytes: number): void;
  onShipFailed(): void;
  onLoadFailed(): void;
  /** So many mutations will never be shipped. */
  onLost(count: number): void;
}

/** Loads committed mutations, ships them, and goes on when the other cluster has acknowledged them: one batch at a time. */
export class Pipeline {
  private readonly abort = new AbortController();
  private wakeUp: () => void = () => undefined;
  private failures = 0;

  constructor(private readonly parts: PipelineParts) {
    // Whatever happens inside is handled there: it never rejects.
    void this.run();
  }

  /** Something was committed, or may be shipped again. */
  wake(): void {
    this.wakeUp();
  }

  close(): void {
    this.abort.abort();
    this.wakeUp();
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      const { clock, settings } = this.parts;
      const decree = this.parts.nextDecree();
      const loaded = this.parts.mayShip() ? this.parts.load(decree, LOADED_AT_ONCE) : [];
      if (loaded === 'gone') await this.onGone(decree);
      else if (loaded.length > 0) await this.ship(loaded);
      else {
        await new Promise<void>((resolve) => (this.wakeUp = resolve));
        this.wakeUp = () => undefined;
        // What comes right behind goes with it.
        await pause(clock, settings.dupNoMutationLoadDelayMs, signal);
      }
    }
  }

  private async ship(loaded: readonly Mutation[]): Promise<void> {
    const { settings, clusterId, events, remote } = this.parts;
    const { request, lastDecree, mutationCount } = batchOf(
      loaded.slice(0, batchLength(loaded, settings.duplicateLogBatchBytes)),
      clusterId,
    );
    if (request === undefined) {
      this.parts.onProgress(lastDecree);
      return;
    }
    let refusal: string;
    try {
      const { error = OK, error_hint: hint = '' } = await remote.duplicate(request);
      if (this.abort.signal.aborted) return;
      if (error === OK) {
        this.failures = 0;
        events.onShipped(encodeArgument(0, duplicateRequest, request, false).length);
        this.parts.onProgress(lastDecree);
        return;
      }
      refusal = `refused with error ${error}: ${hint}`;
    } catch (error) {
      if (this.abort.signal.aborted) return;
      events.onShipFailed();
      // The other cluster is waited for in every fail mode: nothing is wrong with the mutations.
      await this.backOff(`not shipped: ${describeError(error)}`);
      return;
    }
    events.onShipFailed();
    await this.giveUpOrWait(`up to decree ${lastDecree} ${refusal}`, lastDecree, mutationCount);
  }

  private async onGone(decree: number): Promise<void> {
    const first = this.parts.firstLoadable();
    this.parts.events.onLoadFailed();
    const what = `decrees ${decree} to ${first - 1} are in the log no more`;
    await this.giveUpOrWait(what, first - 1, first - decree);
  }

  private async giveUpOrWait(what: string, lastDecree: number, count: number): Promise<void> {
    const verdict = judgeFailure(this.parts.failMode(), this.failures + 1);
    switch (verdict) {
      case 'end-process':
        this.abort.abort();
        this.parts.endProcess(`${this.parts.label}: ${what} (FAIL_FAST)`);
        return;
      case 'skip':
        this.parts.log.error(`${this.parts.label}: ${what}: skipped (FAIL_SKIP)`);
        this.failures = 0;
        this.parts.events.onLost(count);
        this.parts.onProgress(lastDecree);
        return;
      case 'try-again':
        await this.backOff(what);
        return;
    }
  }

  private async backOff(why: string): Promise<void> {
    const { clock, log, label } = this.parts;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.failures, 10), LAST_RETRY_MS);
    const line = `${label}: ${why}; next attempt in ${delayMs} ms`;
    // One line when it begins: it may go on for days.
    if (this.failures === 0) log.warn(line);
    else log.debug(line);
    this.failures += 1;
    await pause(clock, delayMs, this.abort.signal);
  }
}
