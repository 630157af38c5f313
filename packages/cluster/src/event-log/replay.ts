import type { LoggedConfiguration, LoggedEvent } from '@onebox/server';
import type { EventOf } from './history';

type Snapshot = EventOf<'state-snapshot'>;

/**
 * The partition configurations that events lead to, by partition (`APP_ID.INDEX`): what ZooKeeper holds after the last of them.
 *
 * Who was elected last is believed, and nobody else: what an earlier leader had stored is in the snapshot that the later one began
 * with, and what it tells afterwards, because it stood still, is of the past. One leader's events are true in the order in which it
 * told them: a snapshot replaces everything, a change one partition. Snapshots are also what files begin with, so that what is
 * older need not be there. A dropped table keeps its partitions, as its znodes do, until a snapshot is without them.
 *
 * @param events in order, as `readEvents` gives them
 */
export function replay(events: readonly LoggedEvent[]): ReadonlyMap<string, LoggedConfiguration> {
  const configurations = new Map<string, LoggedConfiguration>();
  const take = (told: LoggedConfiguration) => configurations.set(told.partition, configurationOf(told));
  let believed: Snapshot | undefined;
  for (const event of events) {
    if (event.type === 'state-snapshot') {
      if (believed !== undefined && !isBelievedAfter(believed, event)) continue;
      believed = event;
      configurations.clear();
      for (const { partitions } of event.tables) partitions.forEach(take);
    } else if (event.type === 'configuration-changed') {
      if (believed === undefined || processOf(believed) === processOf(event)) take(event);
    }
  }
  return configurations;
}

/** Whether a snapshot is of the same leader as an earlier one, or of one that was elected later. */
function isBelievedAfter(before: Snapshot, snapshot: Snapshot): boolean {
  if (processOf(before) === processOf(snapshot)) return true;
  const [known, other] = [electionOf(before), electionOf(snapshot)];
  return known === undefined || other === undefined ? snapshot.why === 'elected' : other > known;
}

/**
 * The number of a snapshot's lock node, which ZooKeeper counts upwards: whoever leads has the lowest one in the queue. A clock would
 * not do: a process that stands still may learn late that it is elected, and tell it when it is not any more.
 */
export function electionOf({ lockNode }: Snapshot): number | undefined {
  const number = /\d+$/.exec(lockNode ?? '')?.[0];
  return number === undefined ? undefined : Number(number);
}

/** The process that tells an event, and leads once at most: an id without its running number. */
export function processOf({ id }: Pick<LoggedEvent, 'id'>): string {
  return id.slice(0, id.lastIndexOf('/'));
}

/** Without what the event tells beside it. */
function configurationOf(told: LoggedConfiguration): LoggedConfiguration {
  const { partition, ballot, maxReplicaCount, primary, secondaries, lastDrops, lastCommittedDecree, flags } =
    told;
  return { partition, ballot, maxReplicaCount, primary, secondaries, lastDrops, lastCommittedDecree, flags };
}
