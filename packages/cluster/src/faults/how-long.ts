import { badFault } from './fault-error';

/** Longest time that a timer of Node can be armed for is 2^31 ms, some hours more. */
const LONGEST_MS = 24 * 86_400_000;

/**
 * When something that begins now ends by itself.
 *
 * @param forMs real milliseconds; undefined: never
 * @param now Unix milliseconds
 * @throws OneboxError ONEBOX_BAD_FAULT
 */
export function endOf(forMs: number | undefined, now: number): number | null {
  if (forMs === undefined) return null;
  if (Number.isFinite(forMs) && forMs > 0 && forMs <= LONGEST_MS) return now + Math.ceil(forMs);
  throw badFault(
    forMs > LONGEST_MS ? 'a fault lasts 24 days at most' : 'a fault lasts longer than no time',
    'Give it a time above 0 and up to 24 days, 500ms, 10s or 5m for example, or none: it then lasts until it is cleared.',
    { forMs },
  );
}
