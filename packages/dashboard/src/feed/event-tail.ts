import { describeError } from '@onebox/base';
import { followEvents } from '@onebox/cluster';
import type { EventWords, StateDirectory } from '@onebox/cluster';
import { EVENTS_SHOWN } from '../model';
import type { EventEntry } from '../model';
import { eventEntry } from '../log/event-entry';

/** Real milliseconds until a log that could not be read is tried again. */
const RETRY_MS = 1000;

/** At most so many times that. */
const LONGEST_RETRY = 32;

/** The end of the event log, as long as somebody watches, and how often each server was started. */
export class EventTail {
  private entries: readonly EventEntry[] = [];
  private readonly starts = new Map<string, number>();
  private pending: EventEntry[] = [];
  private readonly ended = new AbortController();
  private readonly caughtUp: Promise<void>;

  private broken: string | null = null;
  private retry: NodeJS.Timeout | undefined;

  /**
   * Begins at once.
   *
   * @param onError is told when the log cannot be read; it is read again from its beginning after a while
   * @param retryMs real milliseconds until then, at first; after each failure twice as long, up to {@link LONGEST_RETRY} times that
   */
  constructor(
    private readonly state: Pick<StateDirectory, 'path' | 'pm2Home'>,
    private readonly words: Partial<EventWords>,
    private readonly onError: (error: unknown) => void,
    private readonly retryMs = RETRY_MS,
    private readonly read: typeof followEvents = followEvents,
  ) {
    this.begin(1);
    // All that was told before is read in the first step of the loop; a macrotask later it has been taken.
    this.caughtUp = new Promise((resolve) => setImmediate(resolve));
  }

  /** What was told so far: the same list while nothing was added. */
  async latest(): Promise<readonly EventEntry[]> {
    await this.caughtUp;
    if (this.pending.length > 0) {
      this.entries = [...this.entries, ...this.pending].slice(-EVENTS_SHOWN);
      this.pending = [];
    }
    return this.entries;
  }

  /** Why nothing is added now; null while the log is read. */
  get stale(): string | null {
    return this.broken;
  }

  /** How often a server was started again, as far as its log goes back; null when it does not tell. */
  restarts(server: string): number | null {
    const starts = this.starts.get(server);
    return starts === undefined ? null : starts - 1;
  }

  /** Idempotent. */
  close(): void {
    this.ended.abort();
    clearTimeout(this.retry);
  }

  private begin(failures: number): void {
    this.starts.clear();
    this.follow().catch((error: unknown) => {
      if (this.ended.signal.aborted) return;
      this.broken = `the event log cannot be read: ${describeError(error)}`;
      this.onError(error);
      this.retry = setTimeout(
        () => this.begin(Math.min(failures * 2, LONGEST_RETRY)),
        this.retryMs * failures,
      );
      this.retry.unref();
    });
  }

  private async follow(): Promise<void> {
    const before = [...this.entries, ...this.pending];
    const known = new Set(before.map(({ id }) => id));
    const oldestMs = before[0]?.unixMs ?? -Infinity;
    for await (const event of this.read(this.state, {}, { signal: this.ended.signal, keepsAlive: false })) {
      this.broken = null;
      if (event.type === 'server-started') {
        this.starts.set(event.server, (this.starts.get(event.server) ?? 0) + 1);
      }
      // What was there before a failure is told again.
      if (known.has(event.id) || event.unixMs < oldestMs) continue;
      this.pending.push(eventEntry(event, this.words));
      if (this.pending.length > 2 * EVENTS_SHOWN) this.pending = this.pending.slice(-EVENTS_SHOWN);
    }
  }
}
