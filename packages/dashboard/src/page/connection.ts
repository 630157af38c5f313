import { applyPatch } from '../model';
import type { DashboardPatch, DashboardState } from '../model';

/** `refused`: the server does not know our token, which a new attempt does not change. */
export type Link = 'connecting' | 'live' | 'lost' | 'refused';

export interface ConnectionListener {
  /** @param before undefined for the first state; after a reconnect the last one that was known */
  state(state: DashboardState, before: DashboardState | undefined): void;
  link(link: Link): void;
}

/** Between attempts, in milliseconds; the last one repeats. */
const RETRY_MS = [250, 500, 1000, 2000] as const;

/**
 * The live state: the whole of it when a connection begins, then patches. A connection that is lost is made again, and begins with the whole
 * state, so that nothing missed in between is missing.
 */
export class Connection {
  private source: EventSource | undefined;
  private current: DashboardState | undefined;
  private attempts = 0;
  private retry: number | undefined;

  constructor(
    private readonly url: string,
    private readonly listener: ConnectionListener,
  ) {}

  open(): void {
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('state', ({ data }: MessageEvent<string>) => {
      this.attempts = 0;
      this.listener.link('live');
      this.take(JSON.parse(data) as DashboardState);
    });
    source.addEventListener('patch', ({ data }: MessageEvent<string>) => {
      if (this.current === undefined) return;
      this.take(applyPatch(this.current, JSON.parse(data) as DashboardPatch));
    });
    source.onerror = () => void this.again(source);
  }

  /** Tries at once: the reader has come back to the page, or asked for it. */
  now(): void {
    if (this.retry === undefined) return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.open();
  }

  private take(state: DashboardState): void {
    const before = this.current;
    this.current = state;
    this.listener.state(state, before);
  }

  /** The browser's own reconnection gives up at an answer that is not a stream, and does not say which; ours asks. */
  private async again(source: EventSource): Promise<void> {
    source.close();
    if (this.source !== source) return;
    this.source = undefined;
    const refused = await fetch(this.url, { headers: { accept: 'application/json' }, method: 'HEAD' })
      .then(({ status }) => status === 403)
      .catch(() => false);
    this.listener.link(refused ? 'refused' : 'lost');
    if (refused) return;
    const wait = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)];
    this.attempts += 1;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.open();
    }, wait);
  }
}
