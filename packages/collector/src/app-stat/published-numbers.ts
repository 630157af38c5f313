import type { OwnCounter, PerfCounters } from '@onebox/server';

export interface PublishedNumber {
  readonly name: string;
  readonly description: string;
  readonly value: number;
}

/** Numbers by the group they come and go with; a group of one key always has the same names. */
export type PublishedGroups = ReadonlyMap<string, readonly PublishedNumber[]>;

interface Shown {
  values: readonly number[];
  readonly remove: () => void;
}

/** NUMBER counters whose values somebody works out from time to time. They are integers: fractions are cut off, as upstream's are. */
export class PublishedNumbers {
  private readonly shown = new Map<string, Shown>();

  constructor(private readonly counters: Pick<PerfCounters, 'add'>) {}

  /** What is shown from now on; a group that is not among them disappears. */
  show(groups: PublishedGroups): void {
    for (const [key, { remove }] of this.shown) {
      if (groups.has(key)) continue;
      remove();
      this.shown.delete(key);
    }
    for (const [key, numbers] of groups) {
      const values = numbers.map(({ value }) => Math.trunc(value) + 0);
      const shown = this.shown.get(key);
      if (shown === undefined) this.shown.set(key, { values, remove: this.add(key, numbers) });
      else shown.values = values;
    }
  }

  private add(key: string, numbers: readonly PublishedNumber[]): () => void {
    const counters = numbers.map(({ name, description }, at): OwnCounter => ({
      name,
      description,
      read: () => this.shown.get(key)?.values[at] ?? 0,
    }));
    return this.counters.add(counters);
  }
}
