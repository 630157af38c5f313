import type { LoggedEvent } from '@onebox/server';

type Told<T extends LoggedEvent['type']> = Extract<LoggedEvent, { type: T }>;

/** What one process told while it led, or believed to. */
interface Reign {
  /** `meta1/1a2b3c`: an instance, and when its process began to log. */
  readonly process: string;
  /** The number of its lock node: who won later has a higher one. */
  readonly lock: number;
  readonly told: readonly (Told<'state-snapshot'> | Told<'configuration-changed'>)[];
}

/**
 * What in a cluster's events cannot be true of one that ZooKeeper's lock and its fence keep: a lock node that was won twice, a ballot that
 * was given twice, left out or taken back (reference/cluster-behaviour.md 4.1, 4.2, scenario 42). The order is that of the lock nodes, not
 * of time: a leader that stood still tells late what was acknowledged long ago.
 *
 * @param events all since ZooKeeper held nothing
 * @returns in words, for a person; empty when all is well
 */
export function toldContradictions(events: readonly LoggedEvent[]): readonly string[] {
  const reigns = reignsOf(events);
  const found = reigns
    .filter(({ lock }, i) => lock === reigns[i - 1]?.lock)
    .map(({ process, lock }) => `${process} won lock node ${lock}, which was won before`);
  /** Of each partition the ballot in force. */
  const ballots = new Map<string, number>();
  for (const { process, told } of reigns) {
    for (const event of told) {
      if (event.type === 'state-snapshot') {
        if (event.why === 'rotated') continue;
        for (const { partition, ballot } of event.tables.flatMap(({ partitions }) => partitions)) {
          const before = ballots.get(partition) ?? ballot;
          // More is possible: the leader before was killed after ZooKeeper's answer.
          if (ballot < before) found.push(`${process} read ballot ${ballot} of ${partition} after ${before}`);
          ballots.set(partition, Math.max(before, ballot));
        }
        continue;
      }
      const { partition, ballot, change } = event;
      const before = ballots.get(partition) ?? -1;
      const due = change === 'CT_RECALL' ? before : before + 1;
      if (ballot !== due)
        found.push(`${process} gave ${partition} ballot ${ballot} (${change}) after ${before}`);
      ballots.set(partition, Math.max(before, ballot));
    }
  }
  return found;
}

function reignsOf(events: readonly LoggedEvent[]): readonly Reign[] {
  const reigns = events
    .filter((event) => event.type === 'election-won')
    .map(({ id, lockNode }): Reign => {
      const process = processOf(id);
      const told = events.filter(
        (event) =>
          (event.type === 'state-snapshot' || event.type === 'configuration-changed') &&
          processOf(event.id) === process,
      );
      return { process, lock: lockNumber(lockNode), told: told as Reign['told'] };
    });
  return reigns.sort((a, b) => a.lock - b.lock);
}

/** The id without its running number. */
function processOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'));
}

/** `…/LOCKNODE0000000007`: 7. */
export function lockNumber(lockNode: string): number {
  return Number(/\d+$/.exec(lockNode)?.[0]);
}
