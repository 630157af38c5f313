import type { Node } from '@onebox/base';

/** What a node reported about a replica it holds, as far as choosing a primary needs it. */
export interface ReplicaProgress {
  readonly ballot: number;
  readonly lastCommittedDecree: number;
  readonly lastPreparedDecree: number;
}

/** A node that left a partition, or that reported a replica of it without being a member. */
export interface DroppedReplica {
  readonly node: Node;
  /** When it left, in Pegasus ms of the clock; undefined for one that was never seen leaving. */
  readonly droppedAtMs: number | undefined;
  /** The same in unix ms, for display only; 0 when unknown. */
  readonly droppedAtUnixMs: number;
  /** Undefined until the node reported it by config-sync. */
  readonly progress: ReplicaProgress | undefined;
}

/** The dropped list of a partition, oldest first, with the cursor of emergency cures (reference/cluster-behaviour.md 4.1). */
export interface DroppedList {
  readonly replicas: readonly DroppedReplica[];
  /** The index the next emergency cure tries first; -1 when the list was tried to its end. */
  readonly cursor: number;
}

export const NOTHING_DROPPED: DroppedList = { replicas: [], cursor: -1 };

/** A moment on the clock and on the wall. */
export interface Moment {
  readonly monotonicMs: number;
  readonly unixMs: number;
}

export function findDropped(list: DroppedList, node: Node): DroppedReplica | undefined {
  return list.replicas.find((replica) => replica.node === node);
}

/** A member left: it becomes the newest, unless it is in the list already. */
export function recordDrop(list: DroppedList, node: Node, now: Moment): DroppedList {
  if (findDropped(list, node) !== undefined) return list;
  const replica: DroppedReplica = {
    node,
    droppedAtMs: now.monotonicMs,
    droppedAtUnixMs: now.unixMs,
    progress: undefined,
  };
  return fresh([...list.replicas, replica]);
}

/** A node became a member. */
export function forgetDrop(list: DroppedList, node: Node): DroppedList {
  if (findDropped(list, node) === undefined) return list;
  return fresh(list.replicas.filter((replica) => replica.node !== node));
}

/** A node that is no member reported its replica. Those never seen leaving sort before those that were. */
export function recordReport(list: DroppedList, node: Node, progress: ReplicaProgress): DroppedList {
  const known = findDropped(list, node);
  const reported: DroppedReplica = {
    node,
    droppedAtMs: known?.droppedAtMs,
    droppedAtUnixMs: known?.droppedAtUnixMs ?? 0,
    progress,
  };
  const others = list.replicas.filter((replica) => replica.node !== node);
  const at = others.findIndex((other) => compareDropped(other, reported) >= 0);
  const index = at === -1 ? others.length : at;
  return fresh([...others.slice(0, index), reported, ...others.slice(index)]);
}

/** Throws the oldest out until members and dropped ones together are no more than `room`. */
export function limitDropped(list: DroppedList, memberCount: number, room: number): DroppedList {
  const keep = Math.max(0, room - memberCount);
  return list.replicas.length <= keep ? list : fresh(keep === 0 ? [] : list.replicas.slice(-keep));
}

function fresh(replicas: readonly DroppedReplica[]): DroppedList {
  return { replicas, cursor: replicas.length - 1 };
}

function compareDropped(a: DroppedReplica, b: DroppedReplica): number {
  const key = (replica: DroppedReplica): readonly number[] => [
    replica.droppedAtMs ?? -1,
    replica.progress?.ballot ?? -1,
    replica.progress?.lastCommittedDecree ?? -1,
    replica.progress?.lastPreparedDecree ?? -1,
  ];
  const left = key(a);
  const right = key(b);
  const differing = left.findIndex((value, index) => value !== right[index]);
  return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}
