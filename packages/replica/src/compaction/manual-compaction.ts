import { describeError } from '@onebox/base';
import type { Clock, Logger } from '@onebox/base';
import type { ReplicaSettings } from '../settings';
import type { CompactionOptions } from '../storage/storage-engine';
import type { CompactionPool } from './compaction-pool';
import { decideCompaction, isDisabled, runningLimit } from './compaction-rules';

/** What others see of a replica's manual compaction. `finished` is known to this process alone (10.1). */
export type CompactionStatus = 'idle' | 'queuing' | 'running' | 'finished';

/** What all manual compactions of a server share. */
export interface CompactionContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: Pick<ReplicaSettings, 'manualCompactMinIntervalMs' | 'storageLevels'>;
  readonly compactions: CompactionPool;
}

/** The replica that is compacted, as its compaction sees it. */
export interface CompactedReplica {
  readonly label: string;
  /** Compacts the engine. */
  compact(options: CompactionOptions): Promise<void>;
  /** Stores {@link ManualCompaction.lastFinishMs} with the rest of the record. */
  store(): void;
  fail(why: string): void;
}

/**
 * Manual compaction of one replica: idle, queuing, running, finished (reference/cluster-behaviour.md 10.1). The envs of
 * its table say when; when the last one finished is stored, so that a restart does not do it again.
 */
export class ManualCompaction {
  private phase: 'none' | 'queuing' | 'running' = 'none';
  private finishedHere = false;
  private envs: ReadonlyMap<string, string> = new Map();
  private closed = false;

  /**
   * @param finishMs when the last one finished, real unix milliseconds; 0 for never
   * @param onFinished called after each one that finished in this process
   */
  constructor(
    private readonly context: CompactionContext,
    private readonly replica: CompactedReplica,
    private finishMs: number,
    private readonly onFinished: () => void,
  ) {}

  get status(): CompactionStatus {
    if (this.phase !== 'none') return this.phase;
    return this.finishedHere ? 'finished' : 'idle';
  }

  /** Real unix milliseconds; 0 when it was never compacted. */
  get lastFinishMs(): number {
    return this.finishMs;
  }

  /** The envs of the table, as a config-sync brought them. */
  onEnvs(envs: ReadonlyMap<string, string>): void {
    this.envs = envs;
    if (this.closed || this.phase !== 'none') return;
    const { clock, settings, compactions } = this.context;
    const decision = decideCompaction(envs, {
      nowMs: clock.unixMs(),
      lastFinishMs: this.finishMs,
      // The finish is wall-clock time, because it outlives the process; durations are the clock's.
      minIntervalMs: settings.manualCompactMinIntervalMs * clock.scale,
      levels: settings.storageLevels,
    });
    if (decision.act === 'nothing') return;
    if (decision.act === 'ignore') {
      this.log(`ignored: ${decision.why}`);
      return;
    }
    this.phase = 'queuing';
    this.log(`queued, ${decision.rule}`);
    compactions.add(() => this.run(decision.options));
  }

  /** What waits is given up; what runs ends without leaving a trace. */
  close(): void {
    this.closed = true;
    this.phase = 'none';
  }

  /** Its turn has come. */
  private async run(options: CompactionOptions): Promise<void> {
    if (this.closed) return;
    const { clock, compactions } = this.context;
    const against = this.reasonAgainst(compactions.runningCount);
    if (against !== undefined) {
      this.phase = 'none';
      this.log(`ignored: ${against}`);
      return;
    }
    this.phase = 'running';
    const startMs = clock.unixMs();
    this.log(`begins, target level ${options.targetLevel}, bottommost ${options.bottommost}`);
    try {
      await this.replica.compact(options);
    } catch (error) {
      if (!this.closed) this.replica.fail(`manual compaction failed: ${describeError(error)}`);
      this.phase = 'none';
      return;
    }
    if (this.closed) return;
    this.finishMs = clock.unixMs();
    this.finishedHere = true;
    this.phase = 'none';
    this.replica.store();
    this.onFinished();
    this.log(`finished in ${this.finishMs - startMs} ms`);
  }

  /** @param othersRunning on this server */
  private reasonAgainst(othersRunning: number): string | undefined {
    if (isDisabled(this.envs)) return 'manual compaction is disabled';
    const limit = runningLimit(this.envs);
    return othersRunning + 1 > limit ? `more than ${limit} at once` : undefined;
  }

  private log(what: string): void {
    this.context.log.info(`${this.replica.label}: manual compaction: ${what}`);
  }
}
