import { OneboxError } from '@onebox/base';
import { closestWord } from '@onebox/server';
import type { LoggedEvent } from '@onebox/server';

/** A table that events tell of, as it was when they end. */
interface ToldTable {
  readonly appId: number;
  readonly name: string;
  readonly lives: boolean;
}

const BY_ID = /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const BY_NAME = /^(.+)\.(0|[1-9]\d*)$/;
const GONE: ReadonlySet<string> = new Set(['AS_DROPPED', 'AS_DROPPING']);

/** Ids of more tables than these are shown without their names. */
const MOST_NAMED = 8;

/**
 * The partition that a person means: `2.3`, or with the name of its table `temp.3`. An id counts more than a name that looks
 * like one, a living table more than dropped ones of its name.
 *
 * @param events gives all there are; called for names only
 * @returns `APP_ID.INDEX`
 * @throws OneboxError ONEBOX_NO_SUCH_PARTITION
 */
export function demandPartition(word: string, events: () => readonly LoggedEvent[]): string {
  if (BY_ID.test(word)) return word;
  const [, name, index] = BY_NAME.exec(word) ?? [];
  if (name === undefined || index === undefined) {
    throw noSuch(
      word,
      `'${word}' is no partition`,
      'Write its table, by id or name, and its index: 2.3 or temp.3.',
    );
  }
  const tables = tablesIn(events());
  const named = tables.filter((table) => table.name === name);
  const living = named.filter(({ lives }) => lives);
  const [meant, other] = living.length > 0 ? living : named;
  if (meant === undefined) {
    const closest = closestWord(
      name,
      tables.map((table) => table.name),
    );
    const nextStep = closest === undefined ? tablesThereAre(tables) : `Do you mean ${closest}.${index}?`;
    throw noSuch(word, `no event tells of a table '${name}'`, nextStep);
  }
  if (other !== undefined) {
    const ids = named.map(({ appId }) => `${appId}.${index}`);
    throw noSuch(
      word,
      `${named.length} tables were named '${name}', and all are dropped`,
      `Write ${ids.join(' or ')}.`,
    );
  }
  return `${meant.appId}.${index}`;
}

/** Words for the tables that can be named, in the order of their ids. */
export function tablesThereAre(tables: readonly ToldTable[]): string {
  if (tables.length === 0) return 'No table was ever created here.';
  const each = tables.map(({ appId, name }) =>
    tables.length > MOST_NAMED ? String(appId) : `${appId} ('${name}')`,
  );
  return `There ${tables.length === 1 ? 'is table' : 'are tables'} ${each.join(', ')}.`;
}

/** Every table that events tell of, in the order of their ids. @param events in order */
export function tablesIn(events: readonly LoggedEvent[]): readonly ToldTable[] {
  const tables = new Map<number, ToldTable>();
  const has = (appId: number, name: string, lives: boolean) => tables.set(appId, { appId, name, lives });
  for (const event of events) {
    switch (event.type) {
      case 'state-snapshot':
        for (const { appId, name, status } of event.tables) has(appId, name, !GONE.has(status));
        break;
      case 'table-created':
      case 'table-recalled':
      case 'table-renamed':
        has(event.appId, event.name, true);
        break;
      case 'table-dropped':
        has(event.appId, event.name, false);
        break;
      default:
        break;
    }
  }
  return [...tables.values()].sort((a, b) => a.appId - b.appId);
}

function noSuch(partition: string, message: string, nextStep: string): OneboxError {
  return new OneboxError('ONEBOX_NO_SUCH_PARTITION', message, { nextStep, data: { partition } });
}
