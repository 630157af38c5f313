import { EVENTS_SHOWN, MOST_PARTITION_EVENTS } from '../model';
import type { EventEntry } from '../model';
import type { PartitionLog } from './partition-log';

/** What the event log shows. Empty: all of it. */
export interface EventFilter {
  readonly type: string;
  /** What it tells, and what is told about it. */
  readonly server: string;
  /** `APP_ID.INDEX`: the events of this partition, and what led to them. Or `APP_ID`: those of all its partitions. */
  readonly partition: string;
}

export const ALL_EVENTS: EventFilter = { type: '', server: '', partition: '' };

/** Events that a filter lets through, in order. */
export function eventsShown(events: readonly EventEntry[], filter: EventFilter): readonly EventEntry[] {
  const { type, server } = filter;
  const partition = filter.partition.trim();
  const wanted = partition === '' ? undefined : withCauses(events, partition);
  return events.filter(
    (event) =>
      (type === '' || event.type === type) &&
      (server === '' || event.server === server || names(event.text, server)) &&
      (wanted === undefined || wanted.has(event.id)),
  );
}

function names(text: string, server: string): boolean {
  return text.split(/[^\w-]+/).includes(server);
}

/** The command that shows the same; it knows partitions, but not whole tables. */
export function eventsCommand({ type, server, partition }: EventFilter, cluster: string): string {
  const words = [
    ...(type === '' ? [] : ['--type', type]),
    ...(server === '' ? [] : ['--server', server]),
    ...(/^\d+\.\d+$/.test(partition) ? ['--partition', partition] : ['-f']),
    ...(cluster === 'onebox' ? [] : ['--name', cluster]),
  ];
  return ['onebox', 'events', ...words].join(' ');
}

/**
 * What of the log is not shown, and which command has it; null when nothing is missing.
 *
 * @param full whether the state has as many events as it holds: there may be older ones
 */
export function eventsNote(
  full: boolean,
  log: Pick<PartitionLog, 'state' | 'cut'>,
  filter: EventFilter,
  cluster: string,
): string | null {
  const name = cluster === 'onebox' ? '' : ` --name ${cluster}`;
  const all = `\`${log.state === null ? `onebox events${name}` : eventsCommand(filter, cluster)}\` has all that are kept.`;
  switch (log.state) {
    case 'reading':
      return 'Reading the whole log of this partition …';
    case 'unknown':
      return `The whole log could not be read: these are of the last ${EVENTS_SHOWN} events. ${all}`;
    case 'known':
      return log.cut ? `The newest ${MOST_PARTITION_EVENTS} events of this partition. ${all}` : null;
    case null:
      return full ? `Of the last ${EVENTS_SHOWN} events. ${all}` : null;
  }
}

/** The events of a partition or table, and the chains of causes that led to them: ids. */
function withCauses(events: readonly EventEntry[], partition: string): ReadonlySet<string> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const wanted = new Set<string>();
  for (const event of events) {
    const { partition: about } = event;
    if (about === null || !(about === partition || about.startsWith(`${partition}.`))) continue;
    let each: EventEntry | undefined = event;
    while (each !== undefined && !wanted.has(each.id)) {
      wanted.add(each.id);
      each = each.cause === null ? undefined : byId.get(each.cause);
    }
  }
  return wanted;
}

/** Whether an event tells of something that went wrong, of something that went right again, or of neither. */
export type EventMood = 'bad' | 'good' | 'plain';

const MOODS: Readonly<Record<string, EventMood>> = {
  'server-died': 'bad',
  'node-dead': 'bad',
  'session-suspended': 'bad',
  'session-expired': 'bad',
  'election-lost': 'bad',
  'lease-lost': 'bad',
  'meta-lost': 'bad',
  'fault-set': 'bad',
  paused: 'bad',
  'server-started': 'good',
  'node-alive': 'good',
  'session-resumed': 'good',
  'election-won': 'good',
  'meta-found': 'good',
  'fault-ended': 'good',
  resumed: 'good',
};

export function moodOf(type: string): EventMood {
  return MOODS[type] ?? 'plain';
}

/** The text before and after the partition's name in it, which is a button there; without the name in it the button is at its end. */
export function aroundPartition(text: string, partition: string | null): readonly [string, string] {
  if (partition === null) return [text, ''];
  const name = partition.replace('.', '\\.');
  const found = new RegExp(`^(.*?(?:^|[^\\w.]))${name}(?![\\w.]*\\d)(.*)$`, 's').exec(text);
  return found === null ? [`${text} `, ''] : [found[1] ?? '', found[2] ?? ''];
}
