import type { LoggedEvent } from '@onebox/server';
import type { StateDirectory } from '../state-directory/state-directory';
import { eventFiles, GrowingFiles } from './event-files';
import { matches } from './event-filter';
import type { EventFilter } from './event-filter';
import { inOrder } from './event-order';
import { parseEvent } from './parse-event';
import { deathEvents, ProcessesStarted, readDeaths } from './supervisor-deaths';

/**
 * Everything that is told of a cluster, whether it runs or not, in the order in which it happened: what its servers told, commands, and
 * supervisors. Empty when there is no such cluster.
 */
export function readEvents(
  state: Pick<StateDirectory, 'path' | 'pm2Home'>,
  filter: EventFilter = {},
): readonly LoggedEvent[] {
  const lines = new GrowingFiles().newLines(eventFiles(state));
  const told = new Map<string, LoggedEvent>();
  for (const line of lines) {
    const event = parseEvent(line);
    if (event !== undefined) told.set(event.id, event);
  }
  const events = [...told.values()];
  const started = new ProcessesStarted();
  return inOrder([...events, ...deathEvents(readDeaths(state), events)])
    .map((event) => started.completed(event))
    .filter((event) => matches(event, filter));
}
