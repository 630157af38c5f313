import type { StartTime } from './start-time';

/** Which tables are backed up, where to, and how often: what the znode of a backup policy holds. */
export interface Policy {
  readonly name: string;
  /** The block service: `[block_service.<provider>]`. */
  readonly provider: string;
  /** Ascending, each once. */
  readonly appIds: readonly number[];
  /** Names of the tables when they were added; those of removed tables stay, as upstream's do. */
  readonly appNames: ReadonlyMap<number, string>;
  readonly intervalSeconds: number;
  readonly historyCountToKeep: number;
  readonly disabled: boolean;
  readonly startTime: StartTime;
}

/** One run of a policy: what its znode holds. */
export interface Backup {
  /** When it began, in unix milliseconds; the same as {@link startTimeMs}. */
  readonly id: number;
  readonly startTimeMs: number;
  /** 0 while it is not finished. */
  readonly endTimeMs: number;
  /** The policy's tables when it began. */
  readonly appIds: readonly number[];
  readonly appNames: ReadonlyMap<number, string>;
  /** Deleting: its files are being removed from the block service, then its znode follows. */
  readonly status: 'alive' | 'deleting';
}

/** Upstream's default of `backup_history_count_to_keep`. */
export const DEFAULT_HISTORY_COUNT = 6;

/** The ids, ascending and each once. */
export function idSet(appIds: readonly number[]): readonly number[] {
  return [...new Set(appIds)].sort((a, b) => a - b);
}
