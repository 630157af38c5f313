import { followEvents } from '@onebox/cluster';
import type { EventWords, StateDirectory } from '@onebox/cluster';
import { EVENTS_SHOWN } from '../model';
import type { EventEntry } from '../model';
import { eventEntry } from '../log/event-entry';

/** The end of the event log, as long as somebody watches, and how often each server was started. */
export class EventTail {
  private entries: readonly EventEntry[] = [];
  private readonly starts = new Map<string, number>();
  private pending: EventEntry[] = [];
  private readonly ended = new AbortController();
  private readonly caughtUp: Promise<void>;

  /** Begins at once. @param onError is told when the log cannot be read any more */
  constructor(
    state: Pick<StateDirectory, 'path' | 'pm2Home'>,
    private readonly words: Partial<EventWords>,
    onError: (error: unknown) => void,
  ) {
    this.follow(state).catch(onError);
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

  /** How often a server was started again, as far as its log goes back; null when it does not tell. */
  restarts(server: string): number | null {
    const starts = this.starts.get(server);
    return starts === undefined ? null : starts - 1;
  }

  /** Idempotent. */
  close(): void {
    this.ended.abort();
  }

  private async follow(state: Pick<StateDirectory, 'path' | 'pm2Home'>): Promise<void> {
    for await (const event of followEvents(state, {}, { signal: this.ended.signal, keepsAlive: false })) {
      if (event.type === 'server-started') {
        this.starts.set(event.server, (this.starts.get(event.server) ?? 0) + 1);
      }
      this.pending.push(eventEntry(event, this.words));
      if (this.pending.length > 2 * EVENTS_SHOWN) this.pending = this.pending.slice(-EVENTS_SHOWN);
    }
  }
}
