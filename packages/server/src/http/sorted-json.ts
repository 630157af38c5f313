import { integerText } from './double';
import { jsonText } from './json-text';

/** A value for {@link dumpSorted}. Numbers are integers: no call that uses this encoder has a double. */
export type SortedJson =
  null | boolean | number | bigint | string | readonly SortedJson[] | { readonly [key: string]: SortedJson };

/**
 * Encoder B of reference/http-api.md 2.2, nlohmann's `dump()`: keys in byte order, native types, no line feed at the
 * end, and `null` for an object that never got a member.
 *
 * @param indent blanks per level; without it the output is compact.
 */
export function dumpSorted(value: SortedJson, indent?: number): string {
  return dump(value, indent, 0);
}

function dump(value: SortedJson, indent: number | undefined, level: number): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return integerText(value);
  if (typeof value === 'string') return jsonText(value, 'lower');
  if (isArray(value)) {
    const elements = value.map((element) => dump(element, indent, level + 1));
    return enclose('[', elements, ']', indent, level);
  }
  const keys = Object.keys(value).sort(compareBytes);
  if (keys.length === 0) return 'null';
  const colon = indent === undefined ? ':' : ': ';
  const members = keys.map(
    (key) => `${jsonText(key, 'lower')}${colon}${dump(value[key] ?? null, indent, level + 1)}`,
  );
  return enclose('{', members, '}', indent, level);
}

function enclose(
  open: string,
  items: readonly string[],
  close: string,
  indent: number | undefined,
  level: number,
): string {
  if (indent === undefined || items.length === 0) return `${open}${items.join(',')}${close}`;
  const outer = ' '.repeat(indent * level);
  const inner = ' '.repeat(indent * (level + 1));
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${outer}${close}`;
}

function isArray(value: readonly SortedJson[] | object): value is readonly SortedJson[] {
  return Array.isArray(value);
}

/** UTF-8 byte order, which is code point order: UTF-16 order would put U+FFFF before U+10000's surrogates. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
