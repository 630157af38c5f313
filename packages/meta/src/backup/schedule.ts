import type { Policy } from './policy';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
const NO_FIXED_HOUR = 24;

/** What decides whether a backup begins. */
export interface ScheduleMoment {
  /** When the last backup of the policy began, unix milliseconds; undefined before the first. */
  readonly lastStartMs: number | undefined;
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** Of the clock: the interval passes that much faster, times of day are those of the wall. */
  readonly scale: number;
}

/**
 * Whether it is time for the next backup of a policy (reference/cluster-behaviour.md 10.3). With a fixed start time it
 * begins within that hour of the local day only, whatever the minute, as upstream's; being late one day does not make it
 * later the next: the delay against the start time is taken off the interval.
 */
export function isBackupDue(
  { intervalSeconds, startTime }: Pick<Policy, 'intervalSeconds' | 'startTime'>,
  { lastStartMs, nowMs, scale }: ScheduleMoment,
): boolean {
  const anyTime = startTime.hour === NO_FIXED_HOUR;
  if (!anyTime && new Date(nowMs).getHours() !== startTime.hour) return false;
  if (lastStartMs === undefined) return true;
  const last = new Date(lastStartMs);
  const lateMs =
    (last.getHours() - startTime.hour) * HOUR_MS + (last.getMinutes() - startTime.minute) * MINUTE_MS;
  const allowanceMs = anyTime ? 0 : Math.max(0, lateMs);
  return lastStartMs + intervalSeconds * SECOND_MS * scale - allowanceMs <= nowMs;
}
