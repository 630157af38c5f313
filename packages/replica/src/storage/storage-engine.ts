/** One operation of a mutation: a task code, and its request as it came from the client. */
export interface MutationUpdate {
  readonly code: string;
  readonly data: Buffer;
}

/** One write of a partition: its place in the order (decree), and the ballot it was last prepared under. */
export interface Mutation {
  readonly decree: number;
  readonly ballot: number;
  /** Unix microseconds, given by the primary. */
  readonly timestampUs: number;
  readonly updates: readonly MutationUpdate[];
}

/** The task code of the write without operations by which an idle primary moves its decree (reference/cluster-behaviour.md 11.3). */
export const EMPTY_WRITE = 'RPC_REPLICATION_WRITE_EMPTY';

/** The task code of a batch of writes that another cluster duplicated to this one. */
export const DUPLICATED_WRITE = 'RPC_RRDB_RRDB_DUPLICATE';

/** The task code of the write by which all members ingest the files of a bulk load (reference/cluster-behaviour.md 9.2). */
export const INGESTION_WRITE = 'RPC_RRDB_RRDB_BULK_LOAD';

/** A file from outside, in the format of the engine. */
export interface ExternalFile {
  /** Where it is; it is deleted when it was ingested. */
  readonly path: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex; empty when nobody said. */
  readonly md5: string;
}

/** What a learner is given to catch up: everything up to and including a decree. */
export interface LearnState {
  readonly toDecree: number;
  /** For the engine alone. */
  readonly meta: Buffer;
  /** Names of files below the learnee's directory; the empty engine has none. */
  readonly files: readonly string[];
}

/** How a manual compaction is to be done. */
export interface CompactionOptions {
  /** -1: the lowest level that holds data. */
  readonly targetLevel: number;
  readonly bottommost: 'skip' | 'force';
}

/**
 * The seam where a storage engine sits: one per open replica, owned by it. Mutations come committed and in decree
 * order; everything about ballots, roles and agreement stays outside.
 */
export interface StorageEngine {
  /** The last decree that was applied. */
  readonly lastCommittedDecree: number;
  /** Up to here the engine's own files hold everything, whatever happens to the process. */
  readonly lastDurableDecree: number;
  /** Of its files, as `/replica/data_version` tells it: 1 is upstream's current format, 0 the one before. */
  readonly dataVersion: 0 | 1;
  /** Applies the next mutation; its decree is {@link lastCommittedDecree} + 1. */
  apply(mutation: Mutation): void;
  /**
   * Takes files from outside into what is stored, durable when it returns. The mutation that asked for it has been applied
   * before, and only moves the decree. Files that were ingested already do no harm.
   */
  ingest(files: readonly ExternalFile[]): void;
  /** What a learner that has everything up to `fromDecree` lacks. */
  learnState(fromDecree: number): LearnState;
  /** Takes over what {@link learnState} of another engine gave; afterwards that decree is the last committed one. */
  learn(state: LearnState): void;
  /** Everything that was applied is durable afterwards; called every `checkpoint_interval_seconds`. */
  checkpoint(): void;
  /**
   * Rewrites what is stored in the shortest form; everything applied before the call is durable afterwards. It takes as long
   * as it takes, beside everything else, and only one call is under way at a time.
   */
  compact(options: CompactionOptions): Promise<void>;
  /** Releases files and memory. The engine is not used afterwards; idempotent. */
  close(): void;
}

/** Opens the engine of a replica in its directory, where it may keep what it wants below `data/`. */
export type OpenEngine = (options: {
  readonly directory: string;
  /** As the replica's own record says; an engine with files of its own knows better. */
  readonly lastCommittedDecree: number;
}) => StorageEngine;
