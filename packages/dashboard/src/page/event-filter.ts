import type { EventEntry } from '../model';

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
