/** Marks a number that is a C++ double upstream, so that it prints as `3.00` and not as `3`. */
export class Double {
  constructor(readonly value: number) {}
}

/** The even neighbour of .125, .375, .625 and .875, by eighths. */
const EVEN_CENTS: Readonly<Record<number, string>> = { 1: '12', 3: '38', 5: '62', 7: '88' };

/**
 * A double as the table printer writes it: two decimals, rounded half to even on the binary value, `0.00` below 1e-6
 * (reference/http-api.md 2.1 rule 2).
 */
export function double2(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (Math.abs(x) < 1e-6) return '0.00';
  // From here on every double is whole, and toFixed would change to exponents at 1e21.
  if (Math.abs(x) >= 2 ** 53) return `${BigInt(x)}.00`;
  // toFixed is exact but rounds ties up; x lies midway between two hundredths only as an odd number of eighths.
  const cents = EVEN_CENTS[(Math.abs(x) % 1) * 8];
  if (cents !== undefined) return `${x < 0 ? '-' : ''}${Math.trunc(Math.abs(x))}.${cents}`;
  return x.toFixed(2);
}

/** An integer in plain decimals. @throws RangeError for a fraction: the caller meant a {@link Double}. */
export function integerText(x: number | bigint): string {
  if (typeof x === 'bigint') return x.toString();
  if (!Number.isInteger(x)) throw new RangeError(`${x} is not an integer; wrap it in Double`);
  return Math.abs(x) < 1e21 ? String(x === 0 ? 0 : x) : BigInt(x).toString();
}
