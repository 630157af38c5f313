import type { DupEntry } from './dup-entry';
import { Duplicator } from './duplicator';
import type { Confirmation, DuplicatedReplica, DuplicationContext } from './duplicator';

/** The duplications of one partition, on its primary; a replica of another role has none. */
export class PartitionDuplications {
  private readonly running = new Map<number, Duplicator>();

  constructor(
    private readonly context: DuplicationContext,
    private readonly replica: DuplicatedReplica,
  ) {}

  /** In the order of their ids. */
  all(): readonly Duplicator[] {
    return [...this.running.values()].sort((a, b) => a.dupId - b.dupId);
  }

  /** What the answer of a sync says; of a replica that is no primary everything ends. */
  update(entries: readonly DupEntry[]): void {
    const wanted = this.replica.isPrimary ? entries : [];
    for (const dupId of [...this.running.keys()]) {
      if (!wanted.some((entry) => entry.dupId === dupId)) this.end(dupId);
    }
    for (const entry of wanted) {
      const known = this.running.get(entry.dupId);
      if (known !== undefined) known.update(entry);
      else this.running.set(entry.dupId, new Duplicator(this.context, this.replica, entry));
    }
    const confirmed = this.minConfirmedDecree;
    if (confirmed !== undefined) this.replica.mutations.trim(confirmed);
  }

  confirmations(): Confirmation[] {
    return this.all().map((duplicator) => duplicator.confirmation());
  }

  /** Up to here no duplication needs a mutation any more; undefined when there is none. */
  get minConfirmedDecree(): number | undefined {
    const decrees = this.all().map(({ confirmedDecree }) => confirmedDecree);
    return decrees.length === 0 ? undefined : Math.min(...decrees);
  }

  get pendingMutations(): number {
    return this.all().reduce((sum, { pendingMutations }) => sum + pendingMutations, 0);
  }

  /** The replica has committed something, or changed its role. */
  wake(): void {
    for (const duplicator of this.running.values()) duplicator.wake();
  }

  close(): void {
    for (const dupId of [...this.running.keys()]) this.end(dupId);
  }

  private end(dupId: number): void {
    this.running.get(dupId)?.close();
    this.running.delete(dupId);
  }
}
