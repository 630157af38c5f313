/** Whether the compaction runs once, or every day. */
export type CompactionType = 'once' | 'periodic';

/** What a manual compaction is asked for with. */
export interface CompactionRequest {
  readonly type: CompactionType;
  /** -1: the lowest level that holds data. */
  readonly targetLevel: number;
  readonly bottommost: 'skip' | 'force';
  /** `once`: unix seconds; `periodic`: `HH:MM,HH:MM`. */
  readonly triggerTime: string;
  /** Per replica server; 0 leaves the table's own limit as it is. */
  readonly maxRunningCount: number;
}

/** Switches manual compaction off while it is `true`. */
export const COMPACTION_DISABLED = 'manual_compact.disabled';

/** The envs by which replica servers learn of a manual compaction, in upstream's order (reference/http-api.md 3.19). */
export function compactionEnvs(request: CompactionRequest): ReadonlyMap<string, string> {
  const prefix = `manual_compact.${request.type}`;
  return new Map([
    [`${prefix}.target_level`, String(request.targetLevel)],
    [`${prefix}.bottommost_level_compaction`, request.bottommost],
    [`${prefix}.trigger_time`, request.triggerTime],
    ...(request.maxRunningCount > 0
      ? ([['manual_compact.max_concurrent_running_count', String(request.maxRunningCount)]] as const)
      : []),
  ]);
}
