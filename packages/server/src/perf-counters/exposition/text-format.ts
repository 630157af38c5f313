/** A label of a series, e.g. `app="temp"`. */
export function labelText(name: string, value: string): string {
  return `${name}="${value.replace(/[\\\n"]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`;
}

/** A value as prometheus-cpp 0.7.0 writes every one: six decimals, `Nan` (reference/metrics.md 4.12). */
export function valueText(value: number): string {
  if (Number.isNaN(value)) return 'Nan';
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  // From here on every double is whole, and toFixed would change to exponents at 1e21.
  return Math.abs(value) >= 2 ** 53 ? `${BigInt(value)}.000000` : value.toFixed(6);
}
