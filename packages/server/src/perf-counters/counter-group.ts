import type { CounterDefinition, PerfCounterType } from './counter-definition';

/** A read of a rate within this time of the one before repeats it: reference/metrics.md 4.3; real milliseconds. */
const SHORTEST_RATE_MS = 100;

/** What a reader of one counter sees. */
export interface CounterReading {
  /** Of a PERCENTILE its p99. */
  readonly value: number;
  readonly p999: number | undefined;
}

/** How counters of a subject are called: `<prefix><definition's name><suffix>`. */
export interface CounterNames {
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * The counters of one subject: of a replica, of a table, of the server. Reading has upstream's side effects: a volatile number
 * begins anew, and so does the interval of a rate, for whoever reads next (reference/metrics.md 4.1, 4.3).
 */
export class CounterGroup {
  /** Per counter: the total at the last read. */
  private readonly totals: Float64Array;
  private readonly rates: Float64Array;
  private readonly readAtMs: Float64Array;
  /** Those that somebody asked for. */
  private readonly fullNames: string[] = [];

  /** @param read one counter of the subject, see `groupOf` */
  private constructor(
    readonly definitions: readonly CounterDefinition<never>[],
    readonly names: CounterNames,
    private readonly readRaw: (at: number, p999: boolean) => number | undefined,
    createdAtMs: number,
  ) {
    this.totals = new Float64Array(definitions.length);
    this.rates = new Float64Array(definitions.length);
    this.readAtMs = new Float64Array(definitions.length).fill(createdAtMs);
  }

  /** @param createdAtMs real milliseconds of the clock that {@link read} is given */
  static of<S>(
    definitions: readonly CounterDefinition<S>[],
    subject: S,
    names: CounterNames,
    createdAtMs: number,
  ): CounterGroup {
    const readRaw = (at: number, p999: boolean): number | undefined => {
      const definition = definitions[at];
      return p999 ? definition?.p999?.(subject) : definition?.read(subject);
    };
    return new CounterGroup(definitions, names, readRaw, createdAtMs);
  }

  get size(): number {
    return this.definitions.length;
  }

  type(at: number): PerfCounterType {
    return this.definition(at).type;
  }

  /** The full name. */
  name(at: number): string {
    const { prefix, suffix } = this.names;
    return (this.fullNames[at] ??= prefix + this.definition(at).name + suffix);
  }

  description(at: number): string {
    const name = this.name(at);
    return this.definition(at).description ?? name.slice(name.lastIndexOf('*') + 1);
  }

  /** Where the counter of this full name stands; undefined when the group has none. */
  find(name: string): number | undefined {
    const { prefix, suffix } = this.names;
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) return undefined;
    const at = this.definitions.findIndex(
      (definition) =>
        definition.name.length === name.length - prefix.length - suffix.length &&
        name.startsWith(definition.name, prefix.length),
    );
    return at < 0 ? undefined : at;
  }

  /** Reads a counter, with all that reading does to it; undefined: the subject does not have it now. @param nowMs real milliseconds */
  read(at: number, nowMs: number): CounterReading | undefined {
    const value = this.readValue(at, nowMs);
    if (value === undefined) return undefined;
    return { value, p999: this.type(at) === 'PERCENTILE' ? this.readP999(at) : undefined };
  }

  /** As {@link read}; of a percentile the p99. */
  readValue(at: number, nowMs: number): number | undefined {
    const raw = this.readRaw(at, false);
    if (raw === undefined) return undefined;
    const { type, source } = this.definition(at);
    if (source === 'level') return raw;
    if (type === 'VOLATILE_NUMBER') return this.growth(at, raw);
    return type === 'RATE' ? this.rate(at, raw, nowMs) : raw;
  }

  /** Of a percentile. */
  readP999(at: number): number {
    return this.readRaw(at, true) ?? 0;
  }

  private growth(at: number, total: number): number {
    const grown = total - (this.totals[at] ?? 0);
    this.totals[at] = total;
    return grown;
  }

  private rate(at: number, total: number, nowMs: number): number {
    const sinceMs = nowMs - (this.readAtMs[at] ?? 0);
    if (sinceMs > SHORTEST_RATE_MS) {
      this.rates[at] = this.growth(at, total) / (sinceMs / 1000);
      this.readAtMs[at] = nowMs;
    }
    return this.rates[at] ?? 0;
  }

  private definition(at: number): CounterDefinition<never> {
    const definition = this.definitions[at];
    if (definition === undefined) throw new RangeError(`there is no counter ${at}`);
    return definition;
  }
}
