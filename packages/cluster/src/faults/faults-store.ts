import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS_FILE } from '@onebox/server';
import type { Fault } from '@onebox/server';
import { writeAtomically } from '../atomic-file';
import type { StateDirectory } from '../state-directory/state-directory';
import type { CommandsFaultsFile, Pause } from './pause';

/** What stands in the way of a cluster on purpose, as its commands know it. */
export interface SetFaults {
  /** The number of the last id that was given. */
  readonly last: number;
  readonly faults: readonly Fault[];
  readonly pauses: readonly Pause[];
}

const NONE: SetFaults = { last: 0, faults: [], pauses: [] };

type Place = Pick<StateDirectory, 'path' | 'readText'>;

const fileOf = ({ path }: Pick<Place, 'path'>): string => join(path, FAULTS_FILE);

/**
 * The faults that are set and not over, and all pauses: whether one is over its process tells, not the clock, because whoever was to
 * resume it may not have. A file that nobody can read holds nothing, as for the servers.
 *
 * @param now Unix milliseconds
 */
export function readFaults(state: Place, now: number): SetFaults {
  const text = state.readText(fileOf(state));
  if (text === undefined) return NONE;
  const { last, faults, pauses = [] } = parsed(text);
  const lasting = faults.filter(({ untilUnixMs }) => untilUnixMs === null || untilUnixMs > now);
  return { last, faults: lasting, pauses };
}

/** Servers that start from now on begin with these faults. The caller holds the cluster's lock. */
export function writeFaults(state: Place, { last, faults, pauses }: SetFaults): void {
  const file: CommandsFaultsFile = { format: 1, last, faults, pauses };
  writeAtomically(fileOf(state), `${JSON.stringify(file)}\n`);
}

/** Nothing is set any more. The number of the last id stays: events tell of a fault by its id, so none is given again. Idempotent. */
export function forgetFaults(state: Place): void {
  const { last } = readFaults(state, 0);
  if (last === 0) rmSync(fileOf(state), { force: true });
  else writeFaults(state, { ...NONE, last });
}

/** The next id, and the number that is then the last one. */
export function nextId({ last }: SetFaults): { readonly id: string; readonly last: number } {
  return { id: `f${last + 1}`, last: last + 1 };
}

function parsed(text: string): CommandsFaultsFile {
  try {
    const file = JSON.parse(text) as Partial<CommandsFaultsFile> | null;
    if (file?.format === 1 && Array.isArray(file.faults) && typeof file.last === 'number') {
      return file as CommandsFaultsFile;
    }
  } catch {
    // As good as none.
  }
  return { format: 1, ...NONE };
}
