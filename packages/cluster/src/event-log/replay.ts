import type { LoggedConfiguration, LoggedEvent } from '@onebox/server';

/**
 * The partition configurations that events lead to, by partition (`APP_ID.INDEX`): what ZooKeeper holds after the last of them. It
 * begins at the last snapshot, so that what is older need not be there. A dropped table keeps its partitions, as its
 * znodes do, until a snapshot is without them.
 *
 * @param events in order, as `readEvents` gives them
 */
export function replay(events: readonly LoggedEvent[]): ReadonlyMap<string, LoggedConfiguration> {
  const begin = events.findLastIndex(({ type }) => type === 'state-snapshot');
  const configurations = new Map<string, LoggedConfiguration>();
  for (const event of events.slice(Math.max(begin, 0))) {
    if (event.type === 'state-snapshot') {
      for (const { partitions } of event.tables) {
        for (const each of partitions) configurations.set(each.partition, configurationOf(each));
      }
    } else if (event.type === 'configuration-changed') {
      configurations.set(event.partition, configurationOf(event));
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
