/**
 * What expires when, in buckets of a tick: a deadline is rounded up to the next whole tick, so that a thousand sessions that
 * are touched all the time are moved rarely and expire together (ExpiryQueue). Milliseconds of one monotonic clock.
 */
export class ExpiryBuckets<T> {
  private readonly buckets = new Map<number, Set<T>>();
  private readonly dueOf = new Map<T, number>();

  constructor(private readonly tickMs: number) {}

  get size(): number {
    return this.dueOf.size;
  }

  /** Lets an element expire `timeoutMs` from now, rounded up; an element that is there already is moved. */
  touch(element: T, nowMs: number, timeoutMs: number): void {
    const due = (Math.floor((nowMs + timeoutMs) / this.tickMs) + 1) * this.tickMs;
    const before = this.dueOf.get(element);
    if (before === due) return;
    if (before !== undefined) this.leave(element, before);
    this.dueOf.set(element, due);
    const bucket = this.buckets.get(due);
    if (bucket === undefined) this.buckets.set(due, new Set([element]));
    else bucket.add(element);
  }

  remove(element: T): void {
    const due = this.dueOf.get(element);
    if (due === undefined) return;
    this.dueOf.delete(element);
    this.leave(element, due);
  }

  /** When the next bucket is due; undefined while there is none. */
  get nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const due of this.buckets.keys()) if (next === undefined || due < next) next = due;
    return next;
  }

  /** Takes out everything that is due, in the order of the buckets. */
  take(nowMs: number): T[] {
    const due = [...this.buckets.keys()].filter((at) => at <= nowMs).sort((a, b) => a - b);
    const taken: T[] = [];
    for (const at of due) {
      for (const element of this.buckets.get(at) ?? []) {
        taken.push(element);
        this.dueOf.delete(element);
      }
      this.buckets.delete(at);
    }
    return taken;
  }

  private leave(element: T, due: number): void {
    const bucket = this.buckets.get(due);
    bucket?.delete(element);
    if (bucket?.size === 0) this.buckets.delete(due);
  }
}
