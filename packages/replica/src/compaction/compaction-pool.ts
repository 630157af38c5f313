/** A compaction that waits for its turn; it must not reject. */
export type CompactionJob = () => Promise<void>;

/**
 * The `THREAD_POOL_COMPACT` of a server: all its replicas share few workers, one in a onebox
 * (reference/cluster-behaviour.md 10.1). Jobs run in the order in which they were added.
 */
export class CompactionPool {
  private readonly waiting: CompactionJob[] = [];
  private readonly active = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly workers = 1) {}

  /** How many wait: legacy counter `manual.compact.enqueue.count`. */
  get queuedCount(): number {
    return this.waiting.length;
  }

  /** How many run now: legacy counter `manual.compact.running.count`. */
  get runningCount(): number {
    return this.active.size;
  }

  add(job: CompactionJob): void {
    if (this.closed) return;
    this.waiting.push(job);
    this.startNext();
  }

  /** Nothing new begins. Resolves when what runs has ended. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.length = 0;
    await Promise.all(this.active);
  }

  private startNext(): void {
    if (this.active.size >= this.workers) return;
    const job = this.waiting.shift();
    if (job === undefined) return;
    const running = job().finally(() => {
      this.active.delete(running);
      this.startNext();
    });
    this.active.add(running);
  }
}
