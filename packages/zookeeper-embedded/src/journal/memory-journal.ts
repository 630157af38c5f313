import { OneboxError } from '@onebox/base';
import type { Journal, Recovered } from './journal';

/** Keeps nothing: the tree of an ephemeral cluster ends with its server. Everything counts as durable at once. */
export class MemoryJournal implements Journal {
  readonly pending = undefined;
  readonly wantsSnapshot = false;
  private closed = false;

  async recover(): Promise<Recovered> {
    return { snapshot: undefined, entries: nothing() };
  }

  async append(_zxid: bigint, _bytes: Buffer): Promise<void> {
    this.refuseClosed();
  }

  async snapshot(_zxid: bigint, _chunks: Iterable<Buffer>): Promise<void> {
    this.refuseClosed();
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private refuseClosed(): void {
    if (this.closed) throw new OneboxError('ONEBOX_JOURNAL_CLOSED', 'the journal is closed');
  }
}

async function* nothing(): AsyncGenerator<never> {
  // A memory that was just made.
}
