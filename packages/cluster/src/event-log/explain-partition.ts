import type { LoggedEvent } from '@onebox/server';
import type { ServerInstance } from '../topology';
import { causesOf } from './causes';
import { partitionOf } from './event-filter';
import { History } from './history';

/** An event of a partition, and for a change of its configuration what led to it, the nearest cause first. */
export interface ExplainedEvent {
  readonly event: LoggedEvent;
  readonly causes: readonly LoggedEvent[];
}

/**
 * Everything that happened to a partition, with the reasons of each ballot.
 *
 * @param events all there are, in order
 * @param servers of the cluster
 * @param timeScale of the cluster
 */
export function explainPartition(
  events: readonly LoggedEvent[],
  partition: string,
  servers: readonly Pick<ServerInstance, 'name' | 'node'>[] = [],
  timeScale = 1,
): readonly ExplainedEvent[] {
  const history = new History(events, servers, timeScale);
  return events
    .filter((event) => partitionOf(event) === partition)
    .map((event) => ({
      event,
      causes: event.type === 'configuration-changed' ? causesOf(event, history) : [],
    }));
}
