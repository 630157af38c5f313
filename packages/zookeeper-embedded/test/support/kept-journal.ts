import type { Journal, JournalEntry, Recovered } from '../../src';

/** A journal in memory that outlives its server: what was appended is there for the next one. Flushes when it is told to. */
export class KeptJournal implements Journal {
  readonly kept: JournalEntry[] = [];
  snapshots: { readonly zxid: bigint; readonly chunks: readonly Buffer[] }[] = [];
  wantsSnapshot = false;
  private flush: { readonly done: Promise<void>; readonly settle: (error?: Error) => void } | undefined;
  private failure: Error | undefined;

  /** @param byHand entries are durable only when {@link settle} is called */
  constructor(private readonly byHand = false) {}

  async recover(): Promise<Recovered> {
    const snapshot = this.snapshots.at(-1);
    const entries = this.kept.filter(({ zxid }) => zxid > (snapshot?.zxid ?? 0n));
    return {
      snapshot: snapshot && { zxid: snapshot.zxid, chunks: each(snapshot.chunks) },
      entries: each(entries),
    };
  }

  append(zxid: bigint, bytes: Buffer): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.kept.push({ zxid, bytes });
    if (!this.byHand) return Promise.resolve();
    this.flush ??= newFlush();
    return this.flush.done;
  }

  get pending(): Promise<void> | undefined {
    return this.flush?.done;
  }

  async snapshot(zxid: bigint, chunks: Iterable<Buffer>): Promise<void> {
    this.wantsSnapshot = false;
    const taken: Buffer[] = [];
    for (const chunk of chunks) {
      taken.push(Buffer.from(chunk));
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.snapshots.push({ zxid, chunks: taken });
  }

  /** Makes what was appended durable, or fails for good. */
  settle(error?: Error): void {
    const { flush } = this;
    this.flush = undefined;
    this.failure = error;
    flush?.settle(error);
  }

  async close(): Promise<void> {
    this.settle();
  }
}

function newFlush(): { done: Promise<void>; settle: (error?: Error) => void } {
  let settle: (error?: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  done.catch(() => undefined);
  return { done, settle };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
