import type { PublishedNumber } from './published-numbers';

const SECTION = 'collector*app.pegasus*cluster.available';
const PERIODS = ['day', 'hour', 'minute'] as const;

/** One million: nothing has failed. */
const ALL_AVAILABLE = 1_000_000;

/**
 * What the availability detector shows before its first probe (reference/metrics.md 4.5). Probes write and read user data: until
 * servers have any, none is made and these values stay.
 */
export function availabilityAtStart(): readonly PublishedNumber[] {
  return PERIODS.flatMap((period) => [
    {
      name: `${SECTION}.${period}`,
      description: `how many of a million probes of this ${period} succeeded`,
      value: ALL_AVAILABLE,
    },
    { name: `${SECTION}.detect.times.${period}`, description: `probes of this ${period}`, value: 0 },
    {
      name: `${SECTION}.fail.times.${period}`,
      description: `probes of this ${period} that failed`,
      value: 0,
    },
  ]);
}
