import { existsSync } from 'node:fs';
import { machineTimes } from '@onebox/server';
import type { EventTimes, LoggedEvent } from '@onebox/server';
import type { StateDirectory } from '../state-directory/state-directory';
import { eventFiles, GrowingFiles } from './event-files';
import { matches } from './event-filter';
import type { EventFilter } from './event-filter';
import { inOrder } from './event-order';
import { parseEvent } from './parse-event';
import { readEvents } from './read-events';
import { deathEvents, deathsIn, pm2LogOf, ProcessesStarted } from './supervisor-deaths';

/** How often files are looked at for more, real milliseconds: fast enough for a person who watches. */
const LOOK_EVERY_MS = 100;

/** A process may be held up so long between reading the clock and writing its event. */
const WRITTEN_WITHIN_US = 20_000;

export interface FollowOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Whether to go on with what is told from now on. Default true. */
  readonly follow?: boolean;
  /** Whether waiting for events keeps this process alive. Default true. */
  readonly keepsAlive?: boolean;
  /** Where the events of this machine get their times from. */
  readonly times?: EventTimes;
}

/**
 * All that is told of a cluster so far, and then what is told, for ever, in order: an event is held back for a few milliseconds,
 * until whatever happened before it must be there as well. It comes within about 0.15 s. Ends when the signal is aborted, when the
 * loop over it is left, or when the cluster is deleted.
 */
export async function* followEvents(
  state: Pick<StateDirectory, 'path' | 'pm2Home'>,
  filter: EventFilter = {},
  options: FollowOptions = {},
): AsyncGenerator<LoggedEvent, void, undefined> {
  const { signal, follow = true, keepsAlive = true, times = machineTimes() } = options;
  if (!follow) {
    yield* readEvents(state, filter);
    return;
  }
  const source = new EventSource(state, times);
  const ended = () => signal?.aborted === true;
  while (!ended()) {
    const isThere = existsSync(state.path);
    for (const event of isThere ? source.next() : source.rest()) {
      if (matches(event, filter)) yield event;
      if (ended()) return;
    }
    if (!isThere) return;
    await pause(signal, keepsAlive);
  }
}

/** What was told since the last look. */
class EventSource {
  private readonly files = new GrowingFiles();
  private readonly pm2Log = new GrowingFiles();
  private readonly started = new ProcessesStarted();
  private held: readonly LoggedEvent[] = [];
  private looks = 0;

  constructor(
    private readonly state: Pick<StateDirectory, 'path' | 'pm2Home'>,
    private readonly times: EventTimes,
  ) {}

  next(): readonly LoggedEvent[] {
    const { boot } = this.times;
    const until = this.times.monotonicUs() - WRITTEN_WITHIN_US;
    const all = inOrder([...this.held, ...this.newEvents()]);
    const isSettled = (event: LoggedEvent) => event.boot !== boot || event.monotonicUs <= until;
    this.held = all.filter((event) => !isSettled(event));
    return all.filter(isSettled).map((event) => this.started.completed(event));
  }

  /** What was held back, when nothing more comes. */
  rest(): readonly LoggedEvent[] {
    const { held } = this;
    this.held = [];
    return held.map((event) => this.started.completed(event));
  }

  private newEvents(): readonly LoggedEvent[] {
    const events = this.files.newLines(eventFiles(this.state)).map(parseEvent);
    const told = events.filter((event) => event !== undefined);
    const deaths = deathsIn(this.pm2Log.newLines([pm2LogOf(this.state)]));
    this.looks += 1;
    // The first look is at the past; later ones at what happened just now.
    const now = { unixMs: this.times.unixMs(), monotonicUs: this.times.monotonicUs(), boot: this.times.boot };
    return [...told, ...deathEvents(deaths, this.looks === 1 && told.length > 0 ? told : [now])];
  }
}

/** Settles when it is time to look again, or when the signal is aborted. */
function pause(signal: AbortSignal | undefined, keepsAlive: boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, LOOK_EVERY_MS);
    if (!keepsAlive) timer.unref();
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
