import { EVENTS_SHOWN } from './dashboard-state';
import type {
  DashboardPatch,
  DashboardState,
  PartitionEntry,
  ServerEntry,
  TableEntry,
  TablePatch,
} from './dashboard-state';

/**
 * The state after a patch. What the patch does not name stays the same object, so that whoever shows it sees by `===` what there
 * is to be drawn anew.
 */
export function applyPatch(state: DashboardState, patch: DashboardPatch): DashboardState {
  return {
    cluster: merged(state.cluster, patch.cluster),
    zookeeper: merged(state.zookeeper, patch.zookeeper),
    servers: entriesAfter(state.servers, patch.servers, serverAfter),
    nodes: patch.nodes === undefined ? state.nodes : [...state.nodes, ...patch.nodes],
    tables: entriesAfter(state.tables, patch.tables, tableAfter),
    faults: entriesAfter(state.faults, patch.faults, (_before, fault) => fault),
    events:
      patch.events === undefined ? state.events : [...state.events, ...patch.events].slice(-EVENTS_SHOWN),
    eventsStale: patch.eventsStale === undefined ? state.eventsStale : patch.eventsStale,
  };
}

function merged<T>(before: T, change: Partial<T> | undefined): T {
  return change === undefined ? before : { ...before, ...change };
}

function entriesAfter<E, C>(
  before: Readonly<Record<string, E>>,
  changes: Readonly<Record<string, C | null>> | undefined,
  /** `undefined`: the entry is new, and its change has every member. */
  change: (before: E | undefined, change: C) => E,
): Readonly<Record<string, E>> {
  if (changes === undefined) return before;
  const after: Record<string, E> = { ...before };
  for (const [key, each] of Object.entries(changes)) {
    if (each === null) delete after[key];
    else after[key] = change(before[key], each);
  }
  return after;
}

function serverAfter(before: ServerEntry | undefined, change: Partial<ServerEntry>): ServerEntry {
  return { ...before, ...change } as ServerEntry;
}

function tableAfter(
  before: TableEntry | undefined,
  { partitions: changed, ...change }: TablePatch,
): TableEntry {
  const partitions: PartitionEntry[] = [...(before?.partitions ?? [])];
  for (const [index, partition] of Object.entries(changed ?? {})) partitions[Number(index)] = partition;
  return { ...before, ...change, partitions } as TableEntry;
}
