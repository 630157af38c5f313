import type { SymbolTable } from './symbol-table';

/** What strtoull gives at most. */
const HIGHEST = 2n ** 64n - 1n;

/** The addresses of a `/pprof/symbol` body: hexadecimal, joined by `+`, maybe behind a quote (reference/http-api.md 3.9). */
export function readAddresses(body: string): bigint[] {
  const text = /^['"]/.test(body) ? body.slice(1) : body;
  return text.split('+').filter(Boolean).map(readHex);
}

/** C's strtoull with base 16: what follows the digits is ignored, and without digits it is 0. */
function readHex(text: string): bigint {
  const [, sign, digits] = /^[ \t\n\v\f\r]*([+-]?)(?:0x)?([0-9a-f]+)/i.exec(text) ?? [];
  if (digits === undefined) return 0n;
  const value = digits.length > 64 ? HIGHEST : BigInt(`0x${digits}`);
  if (value > HIGHEST) return HIGHEST;
  return sign === '-' ? BigInt.asUintN(64, -value) : value;
}

/** One line per address: `0x%08x`, a tab, and the symbol; an address of none is repeated. */
export async function symbolLines(table: SymbolTable, addresses: readonly bigint[]): Promise<string> {
  const names = await table.resolve(addresses.map(Number));
  return addresses.map((address, i) => `${hex(address)}\t${names[i] ?? hex(address)}\n`).join('');
}

function hex(address: bigint): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}
