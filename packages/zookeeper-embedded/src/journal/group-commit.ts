import type { OneboxError } from '@onebox/base';
import { Batch } from './batch';

interface Waiting {
  readonly batch: Batch;
  readonly written: Promise<void>;
  readonly settle: (error?: OneboxError) => void;
}

/**
 * One flush at a time: what is added while one is under way shares the next. When a write fails, everything that was added
 * and everything that will be is refused with the same error: nobody knows what the disk has of it.
 */
export class GroupCommit {
  private collecting: Waiting | undefined;
  private writing: Waiting | undefined;
  private failed: Promise<never> | undefined;
  /** Why everything is refused. */
  failure: OneboxError | undefined;

  /** @param write makes a batch durable; throws OneboxError */
  constructor(private readonly write: (batch: Batch) => Promise<void>) {}

  /** Settles when the entry is durable. */
  add(zxid: bigint, bytes: Uint8Array): Promise<void> {
    if (this.failed !== undefined) return this.failed;
    if (this.collecting === undefined) {
      this.collecting = newWaiting();
      // Whatever the event loop still has to read at this moment belongs to the same flush.
      if (this.writing === undefined) setImmediate(() => void this.flush());
    }
    this.collecting.batch.add(zxid, bytes);
    return this.collecting.written;
  }

  /** Settles when everything added so far is durable; undefined when it is. */
  get pending(): Promise<void> | undefined {
    return this.failed ?? (this.collecting ?? this.writing)?.written;
  }

  private fail(error: OneboxError): void {
    this.failure = error;
    this.failed = Promise.reject(error);
    // Whoever waits has a promise of its own; this one may never be asked for.
    this.failed.catch(() => undefined);
    this.collecting?.settle(error);
    this.collecting = undefined;
  }

  private async flush(): Promise<void> {
    for (let next = this.take(); next !== undefined; next = this.take()) {
      try {
        await this.write(next.batch);
        next.settle();
      } catch (error) {
        next.settle(error as OneboxError);
        this.fail(error as OneboxError);
      }
      this.writing = undefined;
    }
  }

  private take(): Waiting | undefined {
    this.writing = this.collecting;
    this.collecting = undefined;
    return this.writing;
  }
}

function newWaiting(): Waiting {
  let settle: (error?: OneboxError) => void = () => undefined;
  const written = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  // The journal fails as a whole: an entry nobody waits for is no separate problem.
  written.catch(() => undefined);
  return { batch: new Batch(), written, settle };
}
