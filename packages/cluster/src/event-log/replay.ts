import type { LoggedConfiguration, LoggedEvent } from '@onebox/server';

/**
 * The partition configurations that events lead to, by partition (`APP_ID.INDEX`): what ZooKeeper holds after the last of them. It
 * begins at the last snapshot of a new leader, so that what is older need not be there. A dropped table keeps its partitions, as
 * its znodes do, until a snapshot is without them.
 *
 * A ballot only grows. A deposed leader that stood still may tell late what ZooKeeper acknowledged long ago, or begin a new file
 * with what it still believes: a lower ballot never replaces a higher one.
 *
 * @param events in order, as `readEvents` gives them
 */
export function replay(events: readonly LoggedEvent[]): ReadonlyMap<string, LoggedConfiguration> {
  const begin = events.findLastIndex((event) => event.type === 'state-snapshot' && event.why === 'elected');
  const configurations = new Map<string, LoggedConfiguration>();
  const take = (told: LoggedConfiguration): void => {
    const known = configurations.get(told.partition);
    if (known === undefined || told.ballot >= known.ballot)
      configurations.set(told.partition, configurationOf(told));
  };
  for (const event of events.slice(Math.max(begin, 0))) {
    if (event.type === 'state-snapshot') {
      for (const { partitions } of event.tables) {
        partitions.forEach(take);
      }
    } else if (event.type === 'configuration-changed') {
      take(event);
    }
  }
  return configurations;
}

/** Without what the event tells beside it. */
function configurationOf(told: LoggedConfiguration): LoggedConfiguration {
  const { partition, ballot, maxReplicaCount, primary, secondaries, lastDrops, lastCommittedDecree, flags } =
    told;
  return { partition, ballot, maxReplicaCount, primary, secondaries, lastDrops, lastCommittedDecree, flags };
}
