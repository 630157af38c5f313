import { OneboxError, formatSeconds } from '@onebox/base';
import { InvalidArgumentError } from 'commander';
import type { ListedTable, TableAdmin } from '@onebox/cluster';

/** The block service that every onebox has. */
export const DEFAULT_PROVIDER = 'local_service';

/** Reads names with commas between them, at least one. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('It must be names with commas between them.');
  return names;
}

/** Reads `HH:MM` as the real shell does: the server would take what it cannot read for any time. */
export function parseTime(text: string): string {
  const [, hour, minute] = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? [];
  const [h, m] = [Number(hour), Number(minute)];
  if (hour === undefined || h > 24 || m > 59 || (h === 24 && m > 0)) {
    throw new InvalidArgumentError('It must be a time of day, HH:MM, or 24:00 for any time.');
  }
  return text;
}

/** Reads the id of a backup: a time in unix milliseconds. */
export function parseBackupId(text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new InvalidArgumentError('It must be the id of a backup.');
  return Number(text);
}

/** The ids of tables that are named, by name or by id. @throws OneboxError ERR_APP_NOT_EXIST */
export async function tableIds(tables: TableAdmin, words: readonly string[]): Promise<readonly number[]> {
  if (words.length === 0) return [];
  const known = await tables.list();
  return words.map((word) => tableOf(known, word).id);
}

function tableOf(known: readonly ListedTable[], word: string): ListedTable {
  const found =
    known.find(({ name, status }) => name === word && status !== 'DROPPED') ??
    known.find(({ id }) => String(id) === word);
  if (found !== undefined) return found;
  throw new OneboxError('ERR_APP_NOT_EXIST', `there is no table '${word}'`, {
    nextStep: 'See `onebox app list`.',
    data: { table: word },
  });
}

/** A time in the local time zone; `-` for one that has not come. */
export function timeText(unixMs: number): string {
  return unixMs === 0 ? '-' : formatSeconds(Math.floor(unixMs / 1000));
}
