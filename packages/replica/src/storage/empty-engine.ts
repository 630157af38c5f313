import { OneboxError } from '@onebox/base';
import { decodeArgument, duplicateRequest } from '@onebox/protocol';
import { IngestedFiles } from './ingested-files';
import { DUPLICATED_WRITE, EMPTY_WRITE, INGESTION_WRITE } from './storage-engine';
import type {
  CompactionOptions,
  ExternalFile,
  LearnState,
  Mutation,
  MutationUpdate,
  OpenEngine,
  StorageEngine,
} from './storage-engine';
import { syncFiles } from './sync-files';

/**
 * The engine of replicas that carry no user data yet: decrees are all its state, which the replica's own record
 * keeps, and what was ingested (ingested-files.ts). It refuses operations instead of pretending to have stored them.
 */
class EmptyEngine implements StorageEngine {
  /** New tables have the current format; only tables of old releases had another one. */
  readonly dataVersion = 1;
  private durable: number;
  private readonly ingested: IngestedFiles;

  constructor(
    private readonly directory: string,
    private committed: number,
  ) {
    this.durable = committed;
    this.ingested = new IngestedFiles(directory);
  }

  get lastCommittedDecree(): number {
    return this.committed;
  }

  get lastDurableDecree(): number {
    return this.durable;
  }

  apply(mutation: Mutation): void {
    const operation = mutation.updates.find((update) => !isWithoutOperations(update));
    if (operation !== undefined) {
      throw new OneboxError('ONEBOX_NO_STORAGE_ENGINE', `${operation.code} needs a storage engine`, {
        nextStep: 'This version keeps no user data.',
        data: { decree: mutation.decree, code: operation.code },
      });
    }
    this.committed = mutation.decree;
  }

  ingest(files: readonly ExternalFile[]): void {
    this.ingested.add(files);
  }

  learnState(_fromDecree: number): LearnState {
    return { toDecree: this.committed, meta: this.ingested.encode(), files: [] };
  }

  learn(state: LearnState): void {
    this.ingested.replace(state.meta);
    this.committed = state.toDecree;
    this.durable = state.toDecree;
  }

  checkpoint(): void {
    this.durable = this.committed;
  }

  /** Nothing is stored that could be shorter: what there is, the replica's record, becomes durable. */
  async compact(_options: CompactionOptions): Promise<void> {
    const decree = this.committed;
    await syncFiles(this.directory);
    this.durable = Math.max(this.durable, decree);
  }

  close(): void {
    // Nothing is open.
  }
}

/** An idle primary's write, or a batch of another cluster that holds nothing else. */
function isWithoutOperations({ code, data }: MutationUpdate): boolean {
  // The files of a bulk load come by `ingest`.
  if (code === EMPTY_WRITE || code === INGESTION_WRITE) return true;
  return code === DUPLICATED_WRITE && decodeArgument(duplicateRequest, data).entries.length === 0;
}

export const openEmptyEngine: OpenEngine = ({ directory, lastCommittedDecree }) =>
  new EmptyEngine(directory, lastCommittedDecree);
