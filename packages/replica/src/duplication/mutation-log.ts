import type { Mutation } from '../storage/storage-engine';

/** How many of the last committed mutations every replica remembers: enough to begin with when its table is duplicated. */
const KEPT_ALWAYS = 32;

/** The bound while the table is duplicated and the other cluster does not confirm: beyond it the oldest are lost. */
export const KEPT_WHILE_DUPLICATING = 10_000;

/** Where the log lives on disk while its table is duplicated. Every method may throw what the disk says. */
export interface LogFile {
  append(mutation: Mutation): void;
  replace(mutations: readonly Mutation[]): void;
  remove(): void;
}

/**
 * The last committed mutations of a replica, without gaps, in decree order: what a primary ships to other clusters. While the table is
 * duplicated they are on disk too and stay until every duplication has confirmed them, within a bound; secondaries keep them as
 * well, since any of them may be the next primary.
 */
export class MutationLog {
  private entries: Mutation[];
  private durable = false;
  /** Mutations in the file that are in {@link entries} no more. */
  private dead = 0;

  /**
   * @param found on disk, in decree order
   * @param lastDecree the last committed decree; what the file has beyond it will be committed again
   */
  constructor(
    private readonly file: LogFile,
    found: readonly Mutation[],
    private last: number,
    private readonly onDiskError: (error: unknown) => void,
  ) {
    this.entries = withoutGaps(found.filter(({ decree }) => decree <= last));
    if (this.entries.at(-1)?.decree !== last) this.entries = [];
    this.durable = found.length > 0;
  }

  /** The first decree that can be read; one more than the last when there is none. */
  get firstDecree(): number {
    return this.entries[0]?.decree ?? this.last + 1;
  }

  /** Everything it has, while the table is duplicated: what a learner has to keep too. */
  get kept(): readonly Mutation[] {
    return this.durable ? this.entries : [];
  }

  /** A mutation was applied. One that does not follow on the last makes everything before it void: the replica has learned. */
  append(mutation: Mutation): void {
    const follows = mutation.decree === this.last + 1;
    if (follows) this.entries.push(mutation);
    else this.entries = [mutation];
    this.last = mutation.decree;
    this.touchFile(() => (follows ? this.file.append(mutation) : this.rewrite()));
    this.bound();
  }

  /** The replica has learned: its state is that of another one, and so are its mutations. */
  replace(mutations: readonly Mutation[], lastDecree: number): void {
    const known = withoutGaps(mutations.filter(({ decree }) => decree <= lastDecree));
    this.last = lastDecree;
    this.entries = known.at(-1)?.decree === lastDecree ? known : [];
    this.bound();
    this.touchFile(() => this.rewrite());
  }

  /** Whether the table is duplicated: then the log is on disk, and as long as it has to be. */
  keep(duplicating: boolean): void {
    if (duplicating === this.durable) return;
    this.durable = duplicating;
    if (duplicating) this.touchFile(() => this.rewrite());
    else {
      this.bound();
      this.guarded(() => this.file.remove());
    }
  }

  /** Every duplication has confirmed everything up to this decree. */
  trim(confirmedDecree: number): void {
    if (this.durable) this.dropTo(confirmedDecree);
  }

  /** At most `limit` mutations from a decree on; `gone` when the log does not reach that far back. */
  from(decree: number, limit: number): readonly Mutation[] | 'gone' {
    if (decree < this.firstDecree) return 'gone';
    const skip = decree - this.firstDecree;
    return this.entries.slice(skip, skip + limit);
  }

  private bound(): void {
    const excess = this.entries.length - (this.durable ? KEPT_WHILE_DUPLICATING : KEPT_ALWAYS);
    if (excess > 0) this.dropTo(this.firstDecree + excess - 1);
  }

  private dropTo(decree: number): void {
    const drop = Math.min(decree - this.firstDecree + 1, this.entries.length);
    if (drop <= 0) return;
    this.entries = this.entries.slice(drop);
    this.dead += drop;
    // Rewritten when half of it is dead, so that a mutation is written twice at most.
    if (this.dead > KEPT_ALWAYS && this.dead > this.entries.length) this.touchFile(() => this.rewrite());
  }

  private rewrite(): void {
    this.dead = 0;
    this.file.replace(this.entries);
  }

  private touchFile(work: () => void): void {
    if (this.durable) this.guarded(work);
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.onDiskError(error);
    }
  }
}

/** The end of the list that has no gap in it. */
function withoutGaps(mutations: readonly Mutation[]): Mutation[] {
  let start = 0;
  mutations.forEach(({ decree }, index) => {
    const before = mutations[index - 1];
    if (before !== undefined && before.decree + 1 !== decree) start = index;
  });
  return mutations.slice(start);
}
