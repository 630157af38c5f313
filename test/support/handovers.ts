import { electionOf, processOf, replay } from '@onebox/cluster';
import type { LoggedConfiguration, LoggedEvent } from '@onebox/server';

/** Partition configurations by partition, `APP_ID.INDEX`. */
export type Configurations = ReadonlyMap<string, LoggedConfiguration>;

/** How `app_status` marks a partition of a dropped table. */
const DROPPED = 1;

/**
 * What is stored of each partition, compared with what leaders told until then: nothing that was told is missing, and what is stored
 * beyond it is only what nobody had the chance to tell.
 *
 * A change is told in the moment in which its acknowledgement arrives. One that ZooKeeper has acknowledged is not told when its leader
 * ended before that, or was cut off and fenced. A partition has one write in flight at most; the next one begins when
 * the change was told, which is written before the turn of the event loop ends. So of each partition may be missing
 *
 * - one change: a ballot that is higher by one, or the flag of a recall, which keeps the ballot;
 * - its creation, with all partitions of its table or, when the leader was killed while it told them, with the rest;
 * - after that, what the next leader repaired while it read: a drop that was begun is completed, one more ballot, or a recall.
 *
 * @returns what is wrong, in words
 */
export function untruths(told: Configurations, stored: Configurations): readonly string[] {
  const lost = [...told.keys()].filter((partition) => !stored.has(partition));
  return [
    ...lost.map((partition) => `${partition} is told and not stored`),
    ...[...stored.values()]
      .filter((each) => !mayFollow(told.get(each.partition), each))
      .map((each) => `told: ${JSON.stringify(told.get(each.partition))}, stored: ${JSON.stringify(each)}`),
  ];
}

function mayFollow(told: LoggedConfiguration | undefined, stored: LoggedConfiguration): boolean {
  const repaired = isDropped(stored) ? 1 : 0;
  if (told === undefined) {
    return stored.ballot <= repaired && stored.primary === null && stored.secondaries.length === 0;
  }
  if (stored.ballot === told.ballot) {
    const recalled = { ...told, flags: told.flags & ~DROPPED };
    return [told, recalled].some((each) => JSON.stringify(each) === JSON.stringify(stored));
  }
  return stored.ballot > told.ballot && stored.ballot <= told.ballot + 1 + repaired;
}

function isDropped({ flags }: LoggedConfiguration): boolean {
  return (flags & DROPPED) !== 0;
}

/** What a log proves of its leaders, one after the other. */
export interface Handovers {
  /** Leaders after the first one. */
  readonly count: number;
  /** Changes that leaders told in all. */
  readonly changes: number;
  /** Of {@link untruths}. */
  readonly wrong: readonly string[];
}

/** The first of some events before which nothing of these servers is missing: their oldest files may be gone, after a long time. */
function beginningOf(events: readonly LoggedEvent[], servers: ReadonlySet<string>): number {
  const known = new Set<string>();
  return events.reduce((begin, event, index) => {
    const isFirst = servers.has(event.server) && !known.has(processOf(event));
    known.add(processOf(event));
    return isFirst && !event.id.endsWith('/1') ? index : begin;
  }, 0);
}

/**
 * The snapshot that each leader began with, against a replay of everything that all leaders before it told, late or in time: they tell what
 * ZooKeeper has acknowledged, which is what a later one has read.
 *
 * @param events of the whole life of a cluster, in order; where the oldest are gone, it is told of those leaders that are told in full
 */
export function handoversIn(events: readonly LoggedEvent[]): Handovers {
  const snapshots = events.filter((event) => event.type === 'state-snapshot');
  const begin = beginningOf(events, new Set(snapshots.map(({ server }) => server)));
  const begun = snapshots
    .filter((snapshot) => events.indexOf(snapshot) >= begin)
    .filter(({ why }) => why === 'elected')
    .sort((a, b) => (electionOf(a) ?? NaN) - (electionOf(b) ?? NaN));
  const changes = events.filter(({ type }) => type === 'configuration-changed').length;
  const [first, ...later] = begun;
  if (first === undefined) return { count: 0, changes, wrong: ['no leader tells what it began with'] };
  const earlier = new Set([processOf(first)]);
  const wrong = later.flatMap((snapshot) => {
    const before = replay(events.filter((event) => earlier.has(processOf(event))));
    earlier.add(processOf(snapshot));
    return untruths(before, replay([snapshot])).map((each) => `${snapshot.server} was elected; ${each}`);
  });
  const strangers = events.filter(
    (event) => event.type === 'configuration-changed' && !earlier.has(processOf(event)),
  );
  if (begin === 0 && strangers.length > 0)
    wrong.push(`${strangers.length} changes are told by who never led`);
  return { count: later.length, changes, wrong };
}
