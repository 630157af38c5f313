/** Sums of counters by their names, e.g. `recent.read.cu`: of a partition, of a table, of all tables. */
export class CounterSums {
  private readonly sums = new Map<string, number>();

  /** @param partitions how many partitions are summed up in it */
  constructor(readonly partitions: number) {}

  add(counter: string, value: number): void {
    this.sums.set(counter, this.of(counter) + value);
  }

  /** One counter, or several together; 0 for what was never added. */
  of(...counters: readonly string[]): number {
    let sum = 0;
    for (const counter of counters) sum += this.sums.get(counter) ?? 0;
    return sum;
  }

  /** All of these together. */
  static total(parts: readonly CounterSums[]): CounterSums {
    const total = new CounterSums(parts.reduce((count, part) => count + part.partitions, 0));
    for (const part of parts) for (const [counter, value] of part.sums) total.add(counter, value);
    return total;
  }
}
