/**
 * The values of one entity: 64-bit integers. They are kept as doubles, which are exact up to 2^53; the few beyond that
 * are kept beside them as bigints.
 */
export class MetricValues {
  private doubles: Float64Array;
  private beyondDoubles: Map<number, bigint> | undefined;
  private derived: Map<number, () => number | bigint> | undefined;

  constructor(count: number) {
    this.doubles = new Float64Array(count);
  }

  /** Makes room for further values, which are 0; the others stay. */
  grow(count: number): void {
    const grown = new Float64Array(count);
    grown.set(this.doubles);
    this.doubles = grown;
  }

  get(at: number): number | bigint {
    const derive = this.derived?.get(at);
    if (derive !== undefined) return integer(derive());
    return this.beyondDoubles?.get(at) ?? this.doubles[at] ?? 0;
  }

  set(at: number, value: number | bigint): void {
    const whole = integer(value);
    this.beyondDoubles?.delete(at);
    this.derived?.delete(at);
    if (typeof whole === 'number') this.doubles[at] = whole;
    else (this.beyondDoubles ??= new Map()).set(at, whole);
  }

  add(at: number, value: number | bigint): void {
    if (this.beyondDoubles === undefined && this.derived === undefined && typeof value === 'number') {
      const sum = (this.doubles[at] ?? 0) + value;
      if (Number.isSafeInteger(sum)) {
        this.doubles[at] = sum;
        return;
      }
    }
    this.set(at, BigInt(this.get(at)) + BigInt(integer(value)));
  }

  /** The value is from now on what `read` gives whenever somebody looks. */
  derive(at: number, read: () => number | bigint): void {
    (this.derived ??= new Map()).set(at, read);
  }

  /** Ends what {@link derive} began, and keeps the last value: whoever knew it is gone. Harmless when there is none. */
  freeze(): void {
    for (const at of [...(this.derived?.keys() ?? [])]) this.set(at, this.get(at));
  }
}

/**
 * A value as an int64: fractions are cut off, as a cast does in C++. A bigint only where a double is not exact.
 * @throws RangeError when it is not a finite number
 */
function integer(value: number | bigint): number | bigint {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no value of a metric`);
    const whole = Math.trunc(value);
    return Number.isSafeInteger(whole) ? whole : BigInt.asIntN(64, BigInt(whole));
  }
  const wrapped = BigInt.asIntN(64, value);
  const double = Number(wrapped);
  return Number.isSafeInteger(double) ? double : wrapped;
}
