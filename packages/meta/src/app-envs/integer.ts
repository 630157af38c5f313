const INT_LIMITS = {
  int32: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
  int64: { min: -(2n ** 63n), max: 2n ** 63n - 1n },
  uint64: { min: 0n, max: 2n ** 64n - 1n },
} as const;

export type IntegerWidth = keyof typeof INT_LIMITS;

/** The integers of C's strtoll with base 0 that use up the whole text: blanks in front, a sign, hex, octal, decimal. */
const C_INTEGER = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/;

/**
 * Reads an integer the way upstream reads env values and flags (reference/http-api.md 3.6, "Value syntax").
 *
 * @returns the value, or undefined when the text is not an integer or does not fit. `-0` is an unsigned integer.
 */
export function parseInteger(text: string, width: IntegerWidth): bigint | undefined {
  const match = C_INTEGER.exec(text);
  const digits = match?.[2];
  if (digits === undefined) return undefined;
  const base = /^0[xX]/.test(digits) ? '0x' : /^0./.test(digits) ? '0o' : '';
  const significant = digits.slice(base === '0x' ? 2 : 0).replace(/^0+/, '');
  // Longer than any 64-bit value in any base, and long texts make slow big integers.
  if (significant.length > 22) return undefined;
  const magnitude = significant === '' ? 0n : BigInt(base + significant);
  const value = match?.[1] === '-' ? -magnitude : magnitude;
  const { min, max } = INT_LIMITS[width];
  return value >= min && value <= max ? value : undefined;
}
