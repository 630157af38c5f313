import { parseValue } from '../flags/flag-type';

/** Nobody profiles for longer, whatever was asked for: upstream takes any number, and its clock arithmetic overflows. */
export const LONGEST_SECONDS = 600;

const DEFAULT_CPU_SECONDS = 60;
/** Of generations that know no heap sampling. */
const DEFAULT_HEAP_SECONDS = 10;

/**
 * How long `/pprof/profile` profiles: `seconds` as it stands in the raw URL, read as C's strtoul does, so that a text
 * without digits in front is 0 (reference/http-api.md 3.9). Whole seconds of real time, at most {@link LONGEST_SECONDS}.
 */
export function cpuProfileSeconds(rawUrl: string): number {
  const query = rawUrl.split('?').filter(Boolean)[1] ?? '';
  for (const piece of query.split('&')) {
    const [name, value = ''] = piece.split('=').filter(Boolean);
    if (name !== 'seconds' || value === '') continue;
    const [, sign = '', digits = '0'] = /^[ \t\n\v\f\r]*([+-]?)(\d+)/.exec(value) ?? [];
    // strtoul of a negative number wraps around: it is huge.
    const negative = sign === '-' && /[1-9]/.test(digits);
    return negative ? LONGEST_SECONDS : Math.min(Number(digits), LONGEST_SECONDS);
  }
  return DEFAULT_CPU_SECONDS;
}

/**
 * How long `/pprof/heap` profiles, or undefined when it shows the sample instead: without a number, in generations that
 * have the sample.
 *
 * @param seconds the parameter, decoded
 */
export function heapProfileSeconds(
  seconds: string | undefined,
  without: 'sample' | 'profile',
): number | undefined {
  const asked = seconds === undefined ? undefined : parseValue('uint32', seconds);
  if (typeof asked === 'number') return Math.min(asked, LONGEST_SECONDS);
  return without === 'sample' ? undefined : DEFAULT_HEAP_SECONDS;
}
