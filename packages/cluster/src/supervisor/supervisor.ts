import type { ProcessSpec } from './process-spec';

/** How a process ended: with an exit code of its own, or by a signal. Both null: nobody saw it end. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export type SupervisorKind = 'pm2' | 'child-processes';

/**
 * Starts processes, and knows how they ended. That is all a supervisor is asked for: which processes there are, and
 * ending them, is decided from the cluster's own records (`ProcessRecords`), which outlive every supervisor.
 */
export interface Supervisor {
  readonly kind: SupervisorKind;
  /**
   * Makes the supervisor itself ready. Calling it early, without waiting, lets its start overlap with other work;
   * `start` does it by itself. Idempotent.
   */
  open(): Promise<void>;
  /**
   * Starts processes, all at once. Returns when each of them is in the cluster's records; what they do from then on is
   * not waited for.
   *
   * @throws OneboxError ONEBOX_SPAWN_FAILED naming the processes that could not be started
   */
  start(specs: readonly ProcessSpec[]): Promise<void>;
  /** How the latest process of that name ended; undefined when it runs, never ran, or nobody saw it end. */
  exitOf(name: string): Promise<ProcessExit | undefined>;
  /**
   * Ends the supervisor itself. Its processes must be gone before: what becomes of others depends on the kind.
   * Idempotent.
   */
  close(): Promise<void>;
  /** Lets go of the supervisor without ending it, so that the calling process can end. */
  release(): void;
}
