import type { PerfCounterType } from './counter-definition';
import type { CounterGroup } from './counter-group';

/** The counters of a group, as they were when the snapshot was taken. */
export interface SnapshotPart {
  readonly group: CounterGroup;
  /** By place in the group; NaN: the subject did not have this counter. */
  readonly values: Float64Array;
  /** Of percentiles, by place in the group. */
  readonly p999: Float64Array | undefined;
}

/** All counters of a server at one moment: what remote commands and exposition show (reference/metrics.md 4.4). */
export interface Snapshot {
  /** Unix seconds; 0: there was no snapshot yet. */
  readonly takenAt: number;
  readonly parts: readonly SnapshotPart[];
}

export const NO_SNAPSHOT: Snapshot = { takenAt: 0, parts: [] };

export interface SnapshotRow {
  readonly name: string;
  readonly type: PerfCounterType;
  readonly value: number;
}

/** Reads the counters of a group, with all that reading does to them. @param nowMs real milliseconds */
export function readGroup(group: CounterGroup, nowMs: number): SnapshotPart {
  const values = new Float64Array(group.size);
  let p999: Float64Array | undefined;
  for (let at = 0; at < group.size; at += 1) {
    values[at] = group.readValue(at, nowMs) ?? Number.NaN;
    if (group.type(at) === 'PERCENTILE') (p999 ??= new Float64Array(group.size))[at] = group.readP999(at);
  }
  return { group, values, p999 };
}

/** The rows of a part: one for each counter, and for a percentile another one `<name>.p999`. */
export function* rowsOf({ group, values, p999 }: SnapshotPart): Generator<SnapshotRow> {
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const name = group.name(at);
    const type = group.type(at);
    yield { name, type, value };
    if (type === 'PERCENTILE') yield { name: `${name}.p999`, type, value: p999?.[at] ?? 0 };
  }
}
