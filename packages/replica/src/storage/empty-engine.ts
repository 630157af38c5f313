import { OneboxError } from '@onebox/base';
import { decodeArgument, duplicateRequest } from '@onebox/protocol';
import { DUPLICATED_WRITE, EMPTY_WRITE } from './storage-engine';
import type {
  CompactionOptions,
  LearnState,
  Mutation,
  MutationUpdate,
  OpenEngine,
  StorageEngine,
} from './storage-engine';
import { syncFiles } from './sync-files';

/**
 * The engine of replicas that carry no user data yet: decrees are all its state, and the replica's own record keeps
 * them. It refuses operations instead of pretending to have stored them.
 */
class EmptyEngine implements StorageEngine {
  /** New tables have the current format; only tables of old releases had another one. */
  readonly dataVersion = 1;
  private durable: number;

  constructor(
    private readonly directory: string,
    private committed: number,
  ) {
    this.durable = committed;
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

  learnState(_fromDecree: number): LearnState {
    return { toDecree: this.committed, meta: Buffer.alloc(0), files: [] };
  }

  learn(state: LearnState): void {
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
  if (code === EMPTY_WRITE) return true;
  return code === DUPLICATED_WRITE && decodeArgument(duplicateRequest, data).entries.length === 0;
}

export const openEmptyEngine: OpenEngine = ({ directory, lastCommittedDecree }) =>
  new EmptyEngine(directory, lastCommittedDecree);
