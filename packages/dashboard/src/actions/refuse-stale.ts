import { OneboxError } from '@onebox/base';
import { STALE_AFTER_MS } from '../model';

/**
 * Refuses what was asked for long ago: a browser holds a request back while its other windows have all connections, and sends it when
 * one is closed. By then nobody wants it.
 *
 * @param askedAt @param now Unix milliseconds
 * @throws OneboxError ONEBOX_STALE_ACTION
 */
export function refuseStale(askedAt: number, now: number): void {
  const ageMs = now - askedAt;
  if (ageMs <= STALE_AFTER_MS) return;
  throw new OneboxError(
    'ONEBOX_STALE_ACTION',
    `this was asked for ${Math.round(ageMs / 1000)} s ago and came only now: nothing was done`,
    {
      nextStep:
        'Ask again if it is still wanted. A browser holds requests back when too many windows show the dashboard.',
      data: { ageMs },
    },
  );
}
