import { OneboxError } from '@onebox/base';
import { closestWord, examplesOf } from '@onebox/server';
import type { EventType, LoggedEvent } from '@onebox/server';
import type { ClusterRecord } from '../record/cluster-record';
import { serversOf } from '../topology';
import { partitionOf } from './event-filter';
import { EVENT_TYPES, isEventType } from './event-text';
import { tablesIn, tablesThereAre } from './partition-named';

/** @throws OneboxError ONEBOX_NO_SUCH_EVENT_TYPE naming those that may be meant */
export function demandEventType(word: string): EventType {
  if (isEventType(word)) return word;
  throw new OneboxError('ONEBOX_NO_SUCH_EVENT_TYPE', `there is no event of type '${word}'`, {
    nextStep: `${similarTypes(word)}\`onebox events --help\` lists all types.`,
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

/** @param events all there are. @throws OneboxError ONEBOX_NO_SUCH_PARTITION naming the nearest */
export function refuseUnheardPartition(word: string, events: readonly LoggedEvent[]): void {
  const known = partitionsIn(events);
  if (known.has(word)) return;
  const [table = ''] = word.split('.');
  const ofTable = [...known].filter((each) => each.startsWith(`${table}.`)).sort(byNumbers);
  throw new OneboxError('ONEBOX_NO_SUCH_PARTITION', `no event tells of a partition ${word}`, {
    nextStep: ofTable.length > 0 ? nearest(word, ofTable) : tablesThereAre(tablesIn(events)),
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

/** Types that may be meant: one that was misspelt, else those in which a word of it stands. */
function similarTypes(word: string): string {
  const closest = closestWord(word, EVENT_TYPES);
  if (closest !== undefined) return `Do you mean ${closest}? `;
  const parts = word.toLowerCase().split(/[^a-z]+/);
  const isLike = (part: string) =>
    parts.some((each) => each.length > 2 && (part.startsWith(each) || each.startsWith(part)));
  const similar = EVENT_TYPES.filter((type) => type.split('-').some(isLike));
  return similar.length === 0 ? '' : `Do you mean ${similar.join(' or ')}? `;
}
