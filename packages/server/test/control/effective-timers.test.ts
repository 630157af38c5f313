import { parseIni } from '../../src/config/parse-ini';
import { effectiveTimers } from '../../src/control/effective-timers';
import { Flags } from '../../src/flags/flags';

test.each([
  [1, 1],
  [0.1, 0.1],
])('at time scale %d the timers of Pegasus pass %d times as slow', (scale, factor) => {
  const { flags } = Flags.read(parseIni('[zookeeper]\ntimeout_ms = 60000\n', 'config.ini'));
  expect(effectiveTimers(flags, scale)).toEqual({
    beaconMs: 3000 * factor,
    checkMs: 2000 * factor,
    leaseMs: 20_000 * factor,
    graceMs: 22_000 * factor,
    guardianIntervalMs: 10_000 * factor,
    configSyncMs: 30_000 * factor,
    groupCheckMs: 100_000 * factor,
    zookeeperSessionAskedMs: 60_000 * factor,
  });
});
