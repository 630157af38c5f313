import type { ServerResponse } from 'node:http';
import type { StateFeed } from '../feed/state-feed';
import { BEAT_EVERY_MS } from '../model';
import type { Beat, DashboardPatch, DashboardState } from '../model';

/** What may wait for a client that reads slowly, in bytes. One that is further behind is told the whole state when it has caught up. */
const MOST_WAITING = 1024 * 1024;

/** A browser has six connections to a server; these are many windows. */
const MOST_STREAMS = 100;

/**
 * Server-sent events: to each client `state` once, and then `patch` with what is new, and `beat` all the time: a page sees by it that
 * this process still runs, which an open connection alone does not say.
 */
export class StateStreams {
  private readonly streams = new Set<Stream>();
  private readonly texts = new EventTexts();
  private beating: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: Pick<StateFeed, 'watch'>,
    private readonly beatEveryMs = BEAT_EVERY_MS,
  ) {}

  get isFull(): boolean {
    return this.streams.size >= MOST_STREAMS;
  }

  /** Answers a request with the stream, until its client goes away. */
  serve(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    const stream = new Stream(response, this.texts);
    this.streams.add(stream);
    const unwatch = this.feed.watch((state, patch) => stream.looked(state, patch));
    this.beating ??= setInterval(() => {
      const beat: Beat = { at: Date.now() };
      for (const each of this.streams) each.beat(beat);
    }, this.beatEveryMs);
    response.on('close', () => {
      unwatch();
      this.streams.delete(stream);
      if (this.streams.size === 0) this.close();
    });
  }

  /** Ends every stream; idempotent. */
  close(): void {
    clearInterval(this.beating);
    this.beating = undefined;
    for (const stream of this.streams) stream.end();
  }
}

/** One client. */
class Stream {
  /** Whether it knows the state, so that patches mean something to it. */
  private knows = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly texts: EventTexts,
  ) {}

  looked(state: DashboardState, patch: DashboardPatch | undefined): void {
    const waiting = this.response.writableLength;
    if (!this.knows) {
      // It is behind: until all that was sent is read, more would only wait.
      if (waiting > 0) return;
      this.knows = true;
      this.response.write(this.texts.of('state', state));
    } else if (patch !== undefined) {
      this.knows = waiting <= MOST_WAITING;
      if (this.knows) this.response.write(this.texts.of('patch', patch));
    }
  }

  beat(beat: Beat): void {
    if (this.response.writableLength === 0) this.response.write(this.texts.of('beat', beat));
  }

  end(): void {
    this.response.end();
  }
}

/** What many clients are told alike is put into words once. */
class EventTexts {
  private readonly texts = new WeakMap<object, string>();

  of(name: 'state' | 'patch' | 'beat', value: object): string {
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    const text = `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
    this.texts.set(value, text);
    return text;
  }
}
