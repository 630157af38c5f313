import type { DupFailMode } from './dup-entry';

/** How often something that time does not mend is tried before the fail mode counts. */
export const TRIES_BEFORE_VERDICT = 3;

/**
 * What is done about mutations that cannot be shipped at all: they are in no log any more, or the other cluster finds them
 * illegal (reference/cluster-behaviour.md 8.1). FAIL_SLOW tries until somebody helps, FAIL_SKIP goes on behind them, FAIL_FAST ends the
 * process. A cluster that is only not reached is waited for in every mode.
 */
export function judgeFailure(mode: DupFailMode, tries: number): 'try-again' | 'skip' | 'end-process' {
  if (tries < TRIES_BEFORE_VERDICT || mode === 'FAIL_SLOW') return 'try-again';
  return mode === 'FAIL_SKIP' ? 'skip' : 'end-process';
}
