/** Snapshots that are kept: the second is for the day the first turns out to be damaged. */
const KEEP = 2;

export interface Kept {
  /** Oldest first. */
  readonly snapshots: readonly bigint[];
  /** The `after` of each segment, oldest first. */
  readonly segments: readonly bigint[];
}

/**
 * What is not needed any more: snapshots beyond the newest two, and segments that end before the oldest snapshot that is kept.
 * With a single snapshot the whole log stays, so that there is always a second way back.
 */
export function dispensable({ snapshots, segments }: Kept): Kept {
  const kept = snapshots.slice(-KEEP);
  const [oldest] = kept;
  if (oldest === undefined || kept.length < KEEP) return { snapshots: [], segments: [] };
  return {
    snapshots: snapshots.slice(0, -KEEP),
    // A segment ends where the next one begins.
    segments: segments.filter((_, index) => (segments[index + 1] ?? oldest + 1n) <= oldest),
  };
}
