import type { ErrorCode } from '@onebox/base';
import { compareBytes } from '@onebox/server';
import type { ProfileVariants } from '@onebox/server';
import type { TableInfo } from '../state/table';
import { validateEnvs } from './validate-envs';
import type { EnvChecks } from './validate-envs';

type Envs = ReadonlyMap<string, string>;

/** What generations differ in (reference/http-api.md 3.19). */
export type EnvVariants = EnvChecks & Pick<ProfileVariants, 'envOfUnknownTable' | 'envOfDroppingTable'>;

/** What comes of an env request: the answer, and the envs to store when there is something to store. */
export interface EnvUpdate {
  readonly error: ErrorCode;
  readonly hint: string;
  /** The table's envs afterwards; undefined when nothing changes and nothing is written. */
  readonly envs: Envs | undefined;
}

/** An env request as it arrives: lists that were not sent are undefined. */
export type EnvRequest =
  | { readonly op: 'set'; readonly keys?: readonly string[]; readonly values?: readonly string[] }
  | { readonly op: 'delete'; readonly keys?: readonly string[] }
  | { readonly op: 'clear'; readonly prefix?: string };

function refused(error: ErrorCode, hint = ''): EnvUpdate {
  return { error, hint, envs: undefined };
}

const NOTHING_TO_DELETE: EnvUpdate = { error: 'ERR_OK', hint: 'no key needs to be deleted', envs: undefined };

function deleted(current: Envs, keys: readonly string[]): EnvUpdate {
  const envs = new Map(current);
  const gone = keys.filter((key) => envs.delete(key));
  if (gone.length === 0) return NOTHING_TO_DELETE;
  return { error: 'ERR_OK', hint: ['deleted keys:', ...gone.map((key) => `\n    ${key}`)].join(''), envs };
}

/**
 * Sets pairs, all or none: every pair is checked, in order, before anything changes. Later values of a key win; the
 * result is in key order.
 * Errors: ERR_INVALID_PARAMETERS without a hint when keys or values are missing, empty or of unequal length, with the
 * hint of the first refused pair otherwise (reference/cluster-behaviour.md 7.4).
 *
 * @param checks how strict the generation is; master's when left out
 */
export function setEnvs(
  current: Envs,
  keys: readonly string[] = [],
  values: readonly string[] = [],
  checks?: EnvChecks,
): EnvUpdate {
  const fault = faultOfSet(keys, values, checks);
  if (fault !== undefined) return fault;
  const envs = new Map([...current, ...pairsOf(keys, values)]);
  return { error: 'ERR_OK', hint: '', envs: new Map([...envs].sort(([a], [b]) => compareBytes(a, b))) };
}

/** Deletes keys; the hint names those that were there, in the order asked for. */
export function deleteEnvs(current: Envs, keys: readonly string[] = []): EnvUpdate {
  return keys.length === 0 ? refused('ERR_INVALID_PARAMETERS') : deleted(current, keys);
}

/** Deletes every key that starts with `prefix.` and goes on after the dot; an empty prefix deletes all. */
export function clearEnvs(current: Envs, prefix?: string): EnvUpdate {
  if (prefix === undefined) return refused('ERR_INVALID_PARAMETERS');
  const keys = [...current.keys()].sort(compareBytes);
  if (prefix === '') return deleted(current, keys);
  const start = `${prefix}.`;
  return deleted(
    current,
    keys.filter((key) => key.startsWith(start) && key.length > start.length),
  );
}

/**
 * Decides a whole env request in upstream's order: parameters and values first, then the table, then the change.
 *
 * @param table the table that owns the name now, or undefined
 */
export function decideEnvUpdate(
  request: EnvRequest,
  table: TableInfo | undefined,
  variants: EnvVariants,
): EnvUpdate {
  const fault = faultOfRequest(request, variants);
  if (fault !== undefined) return fault;
  if (table === undefined)
    return refused(variants.envOfUnknownTable, UNKNOWN_TABLE[variants.envOfUnknownTable]);
  if (table.status === 'AS_DROPPING' && variants.envOfDroppingTable === 'ERR_BUSY_DROPPING')
    return refused('ERR_BUSY_DROPPING', 'app is being dropped');
  switch (request.op) {
    case 'set':
      return setEnvs(table.envs, request.keys, request.values, variants);
    case 'delete':
      return deleteEnvs(table.envs, request.keys);
    case 'clear':
      return clearEnvs(table.envs, request.prefix);
  }
}

/** The answer when the table was dropped between the decision and the write. */
export const DROPPED_MEANWHILE: EnvUpdate = refused('ERR_APP_DROPPED', 'app has just been dropped');

const UNKNOWN_TABLE: Readonly<Record<EnvVariants['envOfUnknownTable'], string>> = {
  ERR_APP_NOT_EXIST: 'app cannot be found',
  ERR_INVALID_PARAMETERS: 'invalid app name',
};

function faultOfRequest(request: EnvRequest, checks: EnvChecks): EnvUpdate | undefined {
  switch (request.op) {
    case 'set':
      return faultOfSet(request.keys ?? [], request.values ?? [], checks);
    case 'delete':
      return (request.keys ?? []).length === 0 ? refused('ERR_INVALID_PARAMETERS') : undefined;
    case 'clear':
      return request.prefix === undefined ? refused('ERR_INVALID_PARAMETERS') : undefined;
  }
}

function faultOfSet(
  keys: readonly string[],
  values: readonly string[],
  checks: EnvChecks | undefined,
): EnvUpdate | undefined {
  if (keys.length === 0 || keys.length !== values.length) return refused('ERR_INVALID_PARAMETERS');
  const hint = validateEnvs(pairsOf(keys, values), checks);
  return hint === undefined ? undefined : refused('ERR_INVALID_PARAMETERS', hint);
}

function pairsOf(keys: readonly string[], values: readonly string[]): [string, string][] {
  return keys.map((key, index) => [key, values[index] ?? '']);
}
