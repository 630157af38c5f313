import { formatSeconds } from '@onebox/base';
import { jsonText } from '../http/json-text';
import { shortestDouble } from '../http/pretty-json';
import { BasicRegex, BasicRegexError } from './basic-regex';
import { rowsOf } from './snapshot';
import type { Snapshot, SnapshotRow } from './snapshot';
import { inSlices } from './work-in-slices';

/** Whether a counter of this name is wanted. */
type Wanted = (name: string) => boolean;

/** How `perf-counters*` choose: the counters that match one of the arguments, or all when there is none. */
export type CounterMatch = 'regex' | 'substring' | 'prefix' | 'suffix';

const LITERAL: Readonly<Record<Exclude<CounterMatch, 'regex'>, (name: string, argument: string) => boolean>> =
  {
    substring: (name, argument) => name.includes(argument),
    prefix: (name, argument) => name.startsWith(argument),
    suffix: (name, argument) => name.endsWith(argument),
  };

/**
 * The answer of `perf-counters` and its relatives, from the snapshot (reference/metrics.md 4.4): compact JSON in a fixed order,
 * which scripts grep.
 */
export async function queryCounters(
  snapshot: Snapshot,
  match: CounterMatch,
  args: readonly string[],
): Promise<string> {
  const wanted = filterOf(match, args);
  if (typeof wanted === 'string') return answer(snapshot, wanted, '');
  const texts: string[] = [];
  await inSlices(snapshot.parts, (part) => {
    for (const row of rowsOf(part)) if (wanted(row.name)) texts.push(rowText(row));
  }).ended;
  return answer(snapshot, 'OK', texts.join(','));
}

/** The filter, or the `result` that says which argument is none. */
function filterOf(match: CounterMatch, args: readonly string[]): Wanted | string {
  if (args.length === 0) return () => true;
  if (match !== 'regex') {
    const test = LITERAL[match];
    return (name) => args.some((argument) => test(name, argument));
  }
  const expressions: BasicRegex[] = [];
  for (const argument of args) {
    try {
      expressions.push(new BasicRegex(argument));
    } catch (error) {
      if (error instanceof BasicRegexError) return `ERROR: invalid filter: ${argument}`;
      throw error;
    }
  }
  return (name) => expressions.some((expression) => expression.matches(name));
}

function rowText({ name, type, value }: SnapshotRow): string {
  // Most values are 0, whatever is counted.
  const number = value === 0 ? '0.0' : shortestDouble(value);
  return `{"name":${jsonText(name)},"type":"${type}","value":${number}}`;
}

function answer({ takenAt }: Snapshot, result: string, rows: string): string {
  const time = `"timestamp":${takenAt},"timestamp_str":"${formatSeconds(takenAt)}"`;
  return `{"result":${jsonText(result)},${time},"counters":[${rows}]}`;
}
