import type { Mutation, StorageEngine } from '../storage/storage-engine';

/** Mutations that were prepared and are not committed yet, in decree order, on top of a storage engine. */
export class PrepareList {
  private readonly prepared = new Map<number, Mutation>();
  private last: number;

  /** @param onCommitted called for every mutation that was applied */
  constructor(
    private readonly engine: StorageEngine,
    uncommitted: readonly Mutation[] = [],
    private readonly onCommitted?: (mutation: Mutation) => void,
  ) {
    this.last = engine.lastCommittedDecree;
    for (const mutation of uncommitted) this.prepare(mutation);
  }

  get lastCommittedDecree(): number {
    return this.engine.lastCommittedDecree;
  }

  get lastPreparedDecree(): number {
    return this.last;
  }

  /** In decree order. */
  uncommitted(): readonly Mutation[] {
    const mutations: Mutation[] = [];
    for (let decree = this.lastCommittedDecree + 1; decree <= this.last; decree += 1) {
      const mutation = this.prepared.get(decree);
      if (mutation !== undefined) mutations.push(mutation);
    }
    return mutations;
  }

  /**
   * Takes a mutation in. One with a higher ballot replaces what an earlier primary prepared at this decree, and makes
   * everything after it void. False when a mutation before it is missing: then this replica has to learn again.
   */
  prepare(mutation: Mutation): boolean {
    const { decree } = mutation;
    if (decree <= this.lastCommittedDecree) return true;
    if (decree > this.last + 1) return false;
    const present = this.prepared.get(decree);
    if (present !== undefined && present.ballot < mutation.ballot) this.truncate(decree);
    this.prepared.set(decree, mutation);
    this.last = Math.max(this.last, decree);
    return true;
  }

  /** Applies everything prepared up to `decree`. */
  commitTo(decree: number): void {
    for (let next = this.lastCommittedDecree + 1; next <= Math.min(decree, this.last); next += 1) {
      const mutation = this.prepared.get(next);
      if (mutation === undefined) return;
      this.engine.apply(mutation);
      this.prepared.delete(next);
      this.onCommitted?.(mutation);
    }
  }

  /** Forgets what is not committed: a learner starts from what it has applied. */
  reset(): void {
    this.prepared.clear();
    this.last = this.engine.lastCommittedDecree;
  }

  private truncate(fromDecree: number): void {
    for (let decree = fromDecree; decree <= this.last; decree += 1) this.prepared.delete(decree);
    this.last = fromDecree - 1;
  }
}
