import { StateDirectory, eventText, readEvents } from '@onebox/cluster';
import type { EventFilter } from '@onebox/cluster';
import type { LoggedEvent } from '@onebox/server';

/** Where a cluster's events are. */
interface Place {
  readonly home: string;
  readonly name: string;
}

/** How many events a failed test shows. */
const SHOWN = 80;

/** What the servers of a cluster told, and what was done to them, in order. */
export function eventsOf({ home, name }: Place, filter: EventFilter = {}): readonly LoggedEvent[] {
  return readEvents(new StateDirectory(home, name), filter);
}

/** In words, for a failure's message. */
export function lastEvents(cluster: Place): readonly string[] {
  const shown = eventsOf(cluster).slice(-SHOWN);
  return shown.map((event) => `${new Date(event.unixMs).toISOString()} ${event.server}: ${eventText(event)}`);
}
