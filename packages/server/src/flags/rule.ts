import type { StoredValue } from './flag-type';

/** A condition on the value of one flag: executable, and in words (reference/config-flags.json, `constraint`). */
export interface Rule {
  /** What is allowed, after "allowed: ". */
  readonly allowed: string;
  accepts(value: StoredValue): boolean;
}

function integerRule(allowed: string, accepts: (value: bigint) => boolean): Rule {
  return {
    allowed,
    accepts: (value) =>
      typeof value === 'bigint'
        ? accepts(value)
        : typeof value === 'number' && accepts(BigInt(Math.trunc(value))),
  };
}

function textRule(allowed: string, accepts: (value: string) => boolean): Rule {
  return { allowed, accepts: (value) => accepts(String(value)) };
}

export const positive = integerRule('a number > 0', (value) => value > 0n);

export function atLeast(lowest: number): Rule {
  return integerRule(`a number >= ${lowest}`, (value) => value >= BigInt(lowest));
}

export function within(lowest: number, highest: number): Rule {
  return integerRule(
    `a number from ${lowest} to ${highest}`,
    (value) => value >= BigInt(lowest) && value <= BigInt(highest),
  );
}

/** Upstream compares two unsigned 64-bit flags as 32-bit signed integers, so 4294967296 counts as 0. */
export const positiveAsInt32 = integerRule(
  'a number whose low 32 bits are > 0 as a signed integer, for example 1 to 2147483647',
  (value) => BigInt.asIntN(32, value) > 0n,
);

export const powerOfTwo = integerRule('a power of two', isPowerOfTwo);

export const zeroOrPowerOfTwo = integerRule(
  '0 or a power of two',
  (value) => value === 0n || isPowerOfTwo(value),
);

export const primeFrom3 = integerRule(
  'a prime number >= 3',
  (value) => value >= 3n && isPrime(Number(value)),
);

export const notEmpty = textRule('any text that is not empty', (value) => value !== '');

export function oneOf(...words: readonly string[]): Rule {
  return textRule(inWords(words), (value) => words.includes(value));
}

/** Upstream's log levels, lowest first. */
export const logLevel = oneOf(
  'LOG_LEVEL_DEBUG',
  'LOG_LEVEL_INFO',
  'LOG_LEVEL_WARNING',
  'LOG_LEVEL_ERROR',
  'LOG_LEVEL_FATAL',
);

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function isPowerOfTwo(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

/** For values of a uint32: at most 65536 divisions. */
function isPrime(value: number): boolean {
  if (value < 2 || (value % 2 === 0 && value !== 2)) return false;
  for (let divisor = 3; divisor * divisor <= value; divisor += 2) {
    if (value % divisor === 0) return false;
  }
  return true;
}
