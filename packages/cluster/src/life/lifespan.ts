import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file';
import { lookFor, ownIdentity } from '../process-table/process-table';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table';
import type { StateDirectory } from '../state-directory/state-directory';
import type { ClusterParts } from './cluster-context';

/**
 * How long a cluster lives when it is not simply until somebody deletes it. It lies beside the record in
 * `lifespan.json`; a cluster that is there to stay has none.
 */
export interface Lifespan {
  /** Nothing of it persists: it is deleted when it stops. */
  readonly ephemeral: boolean;
  /** The process that started it. */
  readonly startedBy: ProcessIdentity;
  /** Whether it dies with that process, as with `exec`, `--foreground` and the programmatic API. */
  readonly owned: boolean;
}

const fileOf = (state: StateDirectory): string => join(state.path, 'lifespan.json');

/** Undefined for a cluster that is there to stay, and for a file that cannot be read. */
export function readLifespan(state: StateDirectory): Lifespan | undefined {
  const text = state.isOurs() ? state.readText(fileOf(state)) : undefined;
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Lifespan);
  } catch {
    return undefined;
  }
}

/** Undefined makes it one that is there to stay. */
export function writeLifespan(state: StateDirectory, lifespan: Lifespan | undefined): void {
  if (lifespan === undefined) rmSync(fileOf(state), { force: true });
  else writeAtomically(fileOf(state), `${JSON.stringify(lifespan)}\n`);
}

/** What to write when this process starts a cluster, or something of it. */
export function startedNow(parts: ClusterParts, ephemeral: boolean): Lifespan | undefined {
  const { state, table, will } = parts;
  const before = readLifespan(state);
  // What is added to a cluster that dies with another process changes nothing about that.
  if (will === undefined && ownerOf(before, table) !== undefined) return before;
  const owned = will !== undefined;
  return owned || ephemeral ? { ephemeral, startedBy: ownIdentity(table), owned } : undefined;
}

/** The living process that a cluster dies with. */
export function ownerOf(lifespan: Lifespan | undefined, table: ProcessTable): ProcessIdentity | undefined {
  if (lifespan?.owned !== true) return undefined;
  return lookFor(table, lifespan.startedBy) === undefined ? undefined : lifespan.startedBy;
}

/**
 * Whether a cluster's time is over: an ephemeral one whose owner is dead, or, when it has none, of which no process runs.
 * While the command that started it lives it may still be starting.
 */
export function isOver(
  lifespan: Lifespan | undefined,
  { records, table }: Pick<ClusterParts, 'records' | 'table'>,
): boolean {
  if (lifespan?.ephemeral !== true || lookFor(table, lifespan.startedBy) !== undefined) return false;
  return lifespan.owned || records.allLive().length === 0;
}
