import { splitFields } from '@onebox/server';
import { parseEnvInteger } from './env-integer';

/*
 * The grammar of throttling values (reference/cluster-behaviour.md 7.4):
 *
 *   throttle     = part { "," part }                      at most one part of each kind
 *   part         = units "*" ( "delay" | "reject" ) "*" milliseconds
 *   units        = unsigned integer [ "K" | "M" ]
 *   token bucket = units | part | throttle                see checkTokenBucket
 */

const MAX_UNITS = 2n ** 64n - 1n;
const UNIT_MULTIPLIERS: Readonly<Record<string, bigint>> = { K: 1024n, M: 1024n * 1024n };

type Parsed<T> = { readonly value: T } | { readonly hint: string };

interface ThrottlePart {
  readonly kind: 'delay' | 'reject';
  readonly units: bigint;
}

function parseUnits(text: string): Parsed<bigint> {
  const multiplier = UNIT_MULTIPLIERS[text.slice(-1)];
  const digits = multiplier === undefined ? text : text.slice(0, -1);
  const value = parseEnvInteger('uint64', digits);
  if (value === undefined) return { hint: `'${digits}' should be an unsigned integer` };
  const units = value * (multiplier ?? 1n);
  return units > MAX_UNITS ? { hint: `'${digits}' result is overflow` } : { value: units };
}

function parsePart(text: string): Parsed<ThrottlePart> {
  const fields = splitFields(text, '*', 'kept');
  const [units, kind, milliseconds] = fields;
  if (fields.length !== 3 || units === undefined || kind === undefined || milliseconds === undefined) {
    return { hint: `The field count of '${text}' separated by '*' must be 3` };
  }
  const parsedUnits = parseUnits(units);
  if ('hint' in parsedUnits) return parsedUnits;
  if (kind !== 'delay' && kind !== 'reject') return { hint: `'${kind}' should be 'delay' or 'reject'` };
  if (parseEnvInteger('uint64', milliseconds) === undefined) {
    return { hint: `'${milliseconds}' should be an unsigned integer` };
  }
  return { value: { kind, units: parsedUnits.value } };
}

function parseThrottle(value: string): Parsed<ReadonlyMap<ThrottlePart['kind'], bigint>> {
  const texts = splitFields(value, ',', 'dropped');
  if (texts.length === 0) return { hint: "The value shouldn't be empty" };
  const units = new Map<ThrottlePart['kind'], bigint>();
  for (const text of texts) {
    const part = parsePart(text);
    if ('hint' in part) return part;
    if (units.has(part.value.kind)) return { hint: `duplicate '${part.value.kind}' config` };
    units.set(part.value.kind, part.value.units);
  }
  return { value: units };
}

/** Checks a value of `replica.write_throttling` and its like. @returns why it is refused, or undefined when it is not. */
export function checkThrottle(value: string): string | undefined {
  const parsed = parseThrottle(value);
  return 'hint' in parsed ? parsed.hint : undefined;
}

/**
 * Checks a value of `replica.read_throttling_by_size`: a size above 0, a single delay part (accepted, without effect),
 * or a throttle list whose reject part is above 0. @returns why it is refused, or undefined when it is not.
 */
export function checkTokenBucket(value: string): string | undefined {
  const size = parseUnits(value);
  if ('value' in size && size.value > 0n) return undefined;
  const single = parsePart(value);
  if ('value' in single && single.value.kind === 'delay') return undefined;
  const parsed = parseThrottle(value);
  if ('hint' in parsed) return parsed.hint;
  return (parsed.value.get('reject') ?? 0n) > 0n ? undefined : 'reject value should be greater than 0';
}
