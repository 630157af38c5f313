import { randomUUID } from 'node:crypto';

/**
 * Which tables changed since somebody looked last, so that who watches a leader is told only those. A change of any kind counts: of
 * the table, of a configuration, of a replica that is being added.
 */
export class TableChanges {
  /** Counts of different leaders say nothing about each other. */
  readonly leader = randomUUID();
  private changes = 0;
  /** By app id, in the order of their latest change. */
  private readonly latest = new Map<number, number>();

  /** How many changes there were. */
  get count(): number {
    return this.changes;
  }

  touch(appId: number): void {
    this.changes += 1;
    this.latest.delete(appId);
    this.latest.set(appId, this.changes);
  }

  /** Tables that changed after so many changes, and at which change, the earliest first. */
  since(count: number): readonly { readonly appId: number; readonly count: number }[] {
    const found: { readonly appId: number; readonly count: number }[] = [];
    for (const [appId, changed] of this.latest) if (changed > count) found.push({ appId, count: changed });
    return found;
  }
}
