import { BEAT_EVERY_MS, applyPatch } from '../model';
import type { Beat, DashboardPatch, DashboardState } from '../model';

/**
 * `silent`: the connection stands, but nothing comes. `paused`: nobody sees the page. `refused`: the server does not know our token, which
 * a new attempt does not change.
 */
export type Link = 'connecting' | 'live' | 'silent' | 'lost' | 'paused' | 'refused';

export interface ConnectionListener {
  /**
   * @param before undefined for the first state; after a reconnect the last one that was known
   * @param whole whether it is the whole state, and not what a patch made of the one before
   */
  state(state: DashboardState, before: DashboardState | undefined, whole: boolean): void;
  /** @param heardAt Unix milliseconds of the last sign of life; 0: there was none */
  link(link: Link, heardAt: number): void;
}

/** Between attempts, in milliseconds; the last one repeats. */
const RETRY_MS = [250, 500, 1000, 2000] as const;

/** Two beats that did not come, and a moment: a process that stands still keeps its connections, and says nothing. */
const SILENT_AFTER_MS = 2 * BEAT_EVERY_MS + 1000;

/** How long the question why a connection ended may take. */
const ASK_WITHIN_MS = 10_000;

/**
 * The live state: the whole of it when a connection begins, then patches. A connection that is lost is made again, and begins with the whole
 * state, so that nothing missed in between is missing. While the page is hidden there is none: a browser has six of them to one server, and
 * as many forgotten tabs would keep every action waiting.
 */
export class Connection {
  private source: EventSource | undefined;
  private current: DashboardState | undefined;
  private link: Link | undefined;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  /** By how much the clock of the dashboard's process is ahead; a beat that comes late makes it too little, never too much. */
  private clockAhead: number | undefined;

  constructor(
    private readonly url: string,
    private readonly listener: ConnectionListener,
  ) {}

  open(): void {
    this.close();
    if (this.link !== 'lost') this.tell('connecting');
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('state', (event) => {
      this.attempts = 0;
      this.heard();
      this.take(told<DashboardState>(event), true);
    });
    source.addEventListener('patch', (event) => {
      if (this.current === undefined) return;
      this.heard();
      this.take(applyPatch(this.current, told<DashboardPatch>(event)), false);
    });
    source.addEventListener('beat', (event) => {
      const ahead = told<Beat>(event).at - Date.now();
      this.clockAhead = Math.max(this.clockAhead ?? ahead, ahead);
      // The first state of a slow cluster may come after some beats.
      if (this.link === 'live' || this.link === 'silent') this.heard();
      else this.watch();
    });
    source.onerror = () => void this.again(source);
    this.watch();
  }

  /** Tries at once: the reader asked for it, or the network is back. */
  now(): void {
    if (this.retry !== undefined || this.link === 'silent') this.open();
  }

  /** Ends the connection while nobody sees the page, and makes it again. */
  show(visible: boolean): void {
    if (this.link === 'refused') return;
    if (visible) {
      if (this.source === undefined) this.open();
      return;
    }
    this.close();
    this.attempts = 0;
    this.tell('paused');
  }

  /** Unix milliseconds, by the clock of the dashboard's process; undefined while it has not told. */
  serverTime(): number | undefined {
    return this.clockAhead === undefined ? undefined : Date.now() + this.clockAhead;
  }

  private close(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    this.retry = undefined;
    this.clockAhead = undefined;
    this.source?.close();
    this.source = undefined;
  }

  private heard(): void {
    this.heardAt = Date.now();
    this.tell('live');
    this.watch();
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.tell('silent'), SILENT_AFTER_MS);
  }

  private tell(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.listener.link(link, this.heardAt);
  }

  private take(state: DashboardState, whole: boolean): void {
    const before = this.current;
    this.current = state;
    this.listener.state(state, before, whole);
  }

  /** The browser's own reconnection gives up at an answer that is not a stream, and does not say which; ours asks. */
  private async again(source: EventSource): Promise<void> {
    source.close();
    if (this.source !== source) return;
    clearTimeout(this.watchdog);
    this.tell('lost');
    const refused = await fetch(this.url, {
      headers: { accept: 'application/json' },
      method: 'HEAD',
      signal: AbortSignal.timeout(ASK_WITHIN_MS),
    })
      .then(({ status }) => status === 403)
      .catch(() => false);
    // Meanwhile the page was hidden, or somebody tried again.
    if (this.source !== source) return;
    this.source = undefined;
    if (refused) return this.tell('refused');
    const wait = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)];
    this.attempts += 1;
    this.retry = setTimeout(() => this.open(), wait);
  }
}

/** The data of an event of the stream. */
function told<T>(event: Event & { readonly data?: unknown }): T {
  return JSON.parse(String(event.data)) as T;
}
