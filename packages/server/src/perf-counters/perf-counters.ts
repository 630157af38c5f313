import type { Clock, Timer } from '@onebox/base';
import type { MetricRegistry } from '../metrics';
import type { Role } from '../process/role';
import type {
  CounterDefinition,
  CounterGeneration,
  PerfCounterType,
  ProvidedSource,
} from './counter-definition';
import { CounterGroup } from './counter-group';
import type { CounterReading } from './counter-group';
import { CounterGroups } from './counter-groups';
import type { TableNames } from './counter-groups';
import { NO_SNAPSHOT, readGroup } from './snapshot';
import type { Snapshot, SnapshotPart } from './snapshot';
import { inSlices } from './work-in-slices';
import type { SlicedWork } from './work-in-slices';

export interface PerfCountersOptions {
  readonly metrics: MetricRegistry;
  readonly role: Role;
  readonly clock: Clock;
  /** `none`: what master leaves of the counters, commands that never find anything (reference/metrics.md 4.13). */
  readonly generation: CounterGeneration | 'none';
  /** `[pegasus.server] perf_counter_update_interval_seconds`, in Pegasus milliseconds. */
  readonly intervalMs: number;
  /** Spreads the first snapshot: 0 to 1. */
  readonly random?: () => number;
}

/** A counter that nothing but its owner drives. */
export interface OwnCounter {
  /** Full name, e.g. `collector*app.pegasus*app.stat.get_qps#temp`. */
  readonly name: string;
  readonly description: string;
  read(): number;
}

/** What a live reader of one counter sees. */
export interface LiveCounter extends CounterReading {
  readonly name: string;
  readonly type: PerfCounterType;
  readonly description: string;
}

/**
 * The counters of the old generation. They are read live by name, with upstream's side effects, and as a snapshot that is taken
 * periodically, which is itself such a reader (reference/metrics.md 4.1, 4.4).
 */
export class PerfCounters {
  private readonly groups: CounterGroups | undefined;
  private readonly ownGroups = new Set<CounterGroup>();
  private readonly ownNames = new Set<string>();
  private readonly sources = new Map<ProvidedSource, () => number>();
  private readonly listeners: ((snapshot: Snapshot) => void)[] = [];
  private tableName: TableNames = () => undefined;
  private taken: Snapshot = NO_SNAPSHOT;
  private timer: Timer | undefined;
  private work: SlicedWork | undefined;
  private closed = false;

  constructor(private readonly options: PerfCountersOptions) {
    const { metrics, role, generation } = options;
    if (generation === 'none') return;
    this.groups = new CounterGroups({
      metrics,
      role,
      generation,
      nowMs: () => this.nowMs(),
      provided: (name) => this.sources.get(name)?.() ?? 0,
      tableName: (replica) => this.tableName(replica),
    });
  }

  get generation(): CounterGeneration | 'none' {
    return this.options.generation;
  }

  /** The last snapshot. */
  get snapshot(): Snapshot {
    return this.taken;
  }

  /** Takes snapshots from now on, the first one after a random 1 s to one interval. Harmless under master. */
  start(): void {
    if (this.groups === undefined || this.timer !== undefined) return;
    const { clock, intervalMs, random = Math.random } = this.options;
    const firstMs = (Math.floor((random() * intervalMs) / 1000) + 1) * 1000;
    this.timer = clock.after(firstMs, () => {
      this.timer = clock.every(intervalMs, () => void this.takeSnapshot());
      void this.takeSnapshot();
    });
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.work?.cancel();
  }

  /** Where values come from that no metric holds. */
  provide(name: ProvidedSource, read: () => number): void {
    this.sources.set(name, read);
  }

  /** How the tables of replicas are called: the counters of a table carry its name. */
  nameTables(tableName: TableNames): void {
    this.tableName = tableName;
  }

  /** Adds NUMBER counters. @throws RangeError when one of that name is there. @returns what takes them away again */
  add(counters: readonly OwnCounter[]): () => void {
    for (const { name } of counters) {
      if (this.ownNames.has(name)) throw new RangeError(`there is a counter ${name} already`);
    }
    for (const { name } of counters) this.ownNames.add(name);
    const group = ownGroup(counters, this.nowMs());
    this.ownGroups.add(group);
    return () => {
      if (this.ownGroups.delete(group)) for (const { name } of counters) this.ownNames.delete(name);
    };
  }

  /** Reads the counter of this full name now; undefined when there is none. */
  read(name: string): LiveCounter | undefined {
    for (const group of this.allGroups()) {
      const at = group.find(name);
      if (at === undefined) continue;
      const reading = group.read(at, this.nowMs());
      if (reading === undefined) continue;
      return { name, type: group.type(at), description: group.description(at), ...reading };
    }
    return undefined;
  }

  /** Calls `listener` with every snapshot. */
  onSnapshot(listener: (snapshot: Snapshot) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Takes a snapshot; a server with very many replicas does it in slices. One that is under way goes on instead. Settles when there
   * is a new one, or none any more because of {@link close}. Nothing happens under master.
   */
  takeSnapshot(): Promise<void> {
    if (this.closed || this.groups === undefined) return Promise.resolve();
    this.work ??= this.readAll();
    return this.work.ended;
  }

  private readAll(): SlicedWork {
    const nowMs = this.nowMs();
    const parts: SnapshotPart[] = [];
    const work = inSlices(
      this.allGroups(),
      (group) => parts.push(readGroup(group, nowMs)),
      () => {
        this.taken = { takenAt: Math.floor(this.options.clock.unixMs() / 1000), parts };
        for (const tell of this.listeners) tell(this.taken);
      },
    );
    void work.ended.then(() => (this.work = undefined));
    return work;
  }

  private allGroups(): readonly CounterGroup[] {
    return this.groups === undefined ? [] : [...this.groups.now(), ...this.ownGroups];
  }

  /** Rates are per real second: what is counted comes in real time, however fast the timers run. */
  private nowMs(): number {
    const { clock } = this.options;
    return clock.monotonicMs() * clock.scale;
  }
}

function ownGroup(counters: readonly OwnCounter[], nowMs: number): CounterGroup {
  const definitions = counters.map((counter): CounterDefinition<undefined> => ({
    name: counter.name,
    type: 'NUMBER',
    description: counter.description,
    since: '2.0',
    source: 'level',
    read: () => counter.read(),
  }));
  return CounterGroup.of(definitions, undefined, { prefix: '', suffix: '' }, nowMs);
}
