/** A decree that is not known (reference/cluster-behaviour.md 8.2). */
export const UNKNOWN_DECREE = -1;

/** How far a duplication has come in one partition. */
export interface PartitionProgress {
  /** Confirmed by the other cluster, as it is in ZooKeeper; only this one replica servers are told. */
  readonly storedDecree: number;
  /** Confirmed, as a replica server reported it. Never below the stored one. */
  readonly reportedDecree: number;
  /** Of the partition's primary at its last report; not stored. */
  readonly lastCommittedDecree: number;
  readonly checkpointPrepared: boolean;
  /** The reported decree is on its way to ZooKeeper. */
  readonly storing: boolean;
  /** When it was stored last; Pegasus ms of the monotonic clock. */
  readonly storedMs: number;
}

/** What a replica server says about a partition it leads. */
export interface PartitionReport {
  readonly confirmedDecree: number;
  readonly checkpointPrepared: boolean;
  /** Undefined when it does not say. */
  readonly lastCommittedDecree: number | undefined;
}

/** The progress of a partition nobody has reported yet. */
export function progressFrom(storedDecree: number): PartitionProgress {
  return {
    storedDecree,
    reportedDecree: storedDecree,
    lastCommittedDecree: UNKNOWN_DECREE,
    checkpointPrepared: false,
    storing: false,
    storedMs: -Infinity,
  };
}

/**
 * The progress after a report. `storing` becomes true when the reported decree shall be written now: it only ever grows, and is
 * written at most once a period (`dup_progress_min_update_period_ms`).
 */
export function afterReport(
  progress: PartitionProgress,
  report: PartitionReport,
  nowMs: number,
  periodMs: number,
): PartitionProgress {
  const lastCommittedDecree = report.lastCommittedDecree ?? progress.lastCommittedDecree;
  if (progress.storing) return { ...progress, lastCommittedDecree };
  const reported: PartitionProgress = {
    ...progress,
    lastCommittedDecree,
    checkpointPrepared: report.checkpointPrepared,
    reportedDecree: Math.max(progress.reportedDecree, report.confirmedDecree),
  };
  const isDue = nowMs >= progress.storedMs + periodMs;
  if (reported.reportedDecree === reported.storedDecree || !isDue) return reported;
  return { ...reported, storing: true, storedMs: nowMs };
}

/** The decree that was reported when the write began is in ZooKeeper. */
export function afterStored(progress: PartitionProgress, decree: number): PartitionProgress {
  return { ...progress, storing: false, storedDecree: decree };
}

/** Mutations the other cluster has not confirmed; 0 while one of the decrees is unknown (design.md 4). */
export function notConfirmed({ storedDecree, lastCommittedDecree }: PartitionProgress): number {
  if (storedDecree === UNKNOWN_DECREE || lastCommittedDecree === UNKNOWN_DECREE) return 0;
  return Math.max(0, lastCommittedDecree - storedDecree);
}
