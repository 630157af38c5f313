import { OneboxError } from '@onebox/base';
import { closestWord, examplesOf } from '@onebox/server';
import type { EventType, LoggedEvent } from '@onebox/server';
import type { ClusterRecord } from '../record/cluster-record';
import { serversOf } from '../topology';
import { partitionOf } from './event-filter';
import { EVENT_TYPES, isEventType } from './event-text';

/** @throws OneboxError ONEBOX_NO_SUCH_EVENT_TYPE naming those that may be meant */
export function demandEventType(word: string): EventType {
  if (isEventType(word)) return word;
  throw new OneboxError('ONEBOX_NO_SUCH_EVENT_TYPE', `there is no event of type '${word}'`, {
    nextStep: `${nearest(word, EVENT_TYPES)} docs/events.md has them all.`,
    data: { type: word, types: EVENT_TYPES },
  });
}

/** Who tells events, or is told of. @throws OneboxError ONEBOX_NO_SUCH_INSTANCE */
export function demandEventServer(word: string, record: ClusterRecord): string {
  const names = [...serversOf(record).map(({ name }) => name), 'zookeeper', 'onebox'];
  if (names.includes(word)) return word;
  throw new OneboxError('ONEBOX_NO_SUCH_INSTANCE', `cluster '${record.name}' has no ${word}`, {
    nextStep: `It has ${names.join(', ')}; 'onebox' stands for commands and supervisors.`,
    data: { instance: word, names },
  });
}

/** @throws OneboxError ONEBOX_NO_SUCH_PARTITION */
export function demandPartitionText(word: string): string {
  if (/^(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(word)) return word;
  throw new OneboxError('ONEBOX_NO_SUCH_PARTITION', `'${word}' is no partition`, {
    nextStep: 'Write the id of its table and its index: 2.3; `onebox app list` shows the ids.',
    data: { partition: word },
  });
}

/** @param events all there are. @throws OneboxError ONEBOX_NO_SUCH_PARTITION naming the nearest */
export function refuseUnheardPartition(word: string, events: readonly LoggedEvent[]): void {
  const known = partitionsIn(events);
  if (known.has(word)) return;
  const [table] = word.split('.');
  const ofTable = [...known].filter((each) => each.startsWith(`${table}.`));
  const choice = ofTable.length > 0 ? ofTable : [...known];
  throw new OneboxError('ONEBOX_NO_SUCH_PARTITION', `no event tells of a partition ${word}`, {
    nextStep: choice.length === 0 ? 'No table was ever created here.' : nearest(word, choice.sort(byNumbers)),
    data: { partition: word },
  });
}

function partitionsIn(events: readonly LoggedEvent[]): Set<string> {
  const known = new Set<string>();
  for (const event of events) {
    const partition = partitionOf(event);
    if (partition !== undefined) known.add(partition);
    if (event.type !== 'state-snapshot') continue;
    for (const table of event.tables) for (const each of table.partitions) known.add(each.partition);
  }
  return known;
}

function byNumbers(a: string, b: string): number {
  const [[tableA = 0, indexA = 0], [tableB = 0, indexB = 0]] = [
    a.split('.').map(Number),
    b.split('.').map(Number),
  ];
  return tableA - tableB || indexA - indexB;
}

function nearest(word: string, words: readonly string[]): string {
  const closest = closestWord(word, words);
  return closest === undefined
    ? `There are ${examplesOf(word, words).join(', ')}.`
    : `Do you mean ${closest}?`;
}
