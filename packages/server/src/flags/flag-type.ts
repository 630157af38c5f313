/** The value types a flag can have; `/config` prints them as `FV_` and the upper-case name (reference/http-api.md 3.4). */
export type FlagType = 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double' | 'string';

/** How a flag is kept: 64-bit integers exactly, as bigint. */
export type StoredValue = boolean | number | bigint | string;

const INTEGER_RANGES = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

/** What may be written for a type, in words. */
export function allowedText(type: FlagType): string {
  switch (type) {
    case 'bool':
      return 'true or false';
    case 'double':
      return 'a finite number';
    case 'string':
      return 'any text';
    default: {
      const [lowest, highest] = INTEGER_RANGES[type];
      return `a whole number from ${lowest} to ${highest}`;
    }
  }
}

/**
 * Reads a value by the rules of `/updateConfig` (reference/http-api.md 3.6), which this product uses for config files
 * as well. undefined when the text is not a value of that type.
 */
export function parseValue(type: FlagType, text: string): StoredValue | undefined {
  switch (type) {
    case 'bool':
      return parseBool(text);
    case 'double':
      return parseDouble(text);
    case 'string':
      return text;
    case 'int32':
    case 'uint32': {
      const value = parseInteger(type, text);
      return value === undefined ? undefined : Number(value);
    }
    case 'int64':
    case 'uint64':
      return parseInteger(type, text);
  }
}

function parseBool(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** C's strtoll / strtoull with base 0: leading blanks, one sign, `0x` hexadecimal, leading `0` octal, nothing behind. */
function parseInteger(type: keyof typeof INTEGER_RANGES, text: string): bigint | undefined {
  const match = /^[ \t\n\v\f\r]*([+-]?)(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, decimal] = match;
  const digits = hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : decimal;
  const magnitude = BigInt(digits ?? '0');
  const value = sign === '-' ? -magnitude : magnitude;
  const [lowest, highest] = INTEGER_RANGES[type];
  return value >= lowest && value <= highest ? value : undefined;
}

/** C's strtod, finite results only: decimal or hexadecimal, leading blanks and one sign, nothing behind. */
function parseDouble(text: string): number | undefined {
  const match = /^[ \t\n\v\f\r]*([+-]?)(.+)$/s.exec(text);
  const magnitude = match?.[2] === undefined ? undefined : parseMagnitude(match[2]);
  if (magnitude === undefined || !Number.isFinite(magnitude)) return undefined;
  return match?.[1] === '-' ? -magnitude : magnitude;
}

function parseMagnitude(text: string): number | undefined {
  if (/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const hex = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i.exec(text);
  const digits = `${hex?.[1] ?? ''}${hex?.[2] ?? ''}`;
  if (hex === null || digits === '') return undefined;
  const exponent = Number(hex[3] ?? '0') - 4 * (hex[2] ?? '').length;
  return Number(BigInt(`0x${digits}`)) * 2 ** exponent;
}
