import { FakeClock } from '@onebox/base';
import { everyFlag } from '../../src/flags/flag-period';
import { Flags } from '../../src/flags/flags';
import { parseIni } from '../../src/config/parse-ini';

const { flags } = Flags.read(parseIni('[replication]\nreplicas_stat_interval_ms = 1000\n', 'config.ini'));

test('a period follows its flag, from the moment of the change', () => {
  const clock = new FakeClock();
  const fired: number[] = [];
  flags.set('replicas_stat_interval_ms', '1000');
  const timer = everyFlag(flags, clock, 'replicas_stat_interval_ms', () => fired.push(clock.monotonicMs()));
  clock.advance(2500);
  flags.set('replicas_stat_interval_ms', '300');
  clock.advance(700);
  flags.set('replicas_stat_interval_ms', '0');
  clock.advance(300);
  expect(fired).toEqual([1000, 2000, 2800, 3100, 3400]);
  timer.cancel();
  flags.set('replicas_stat_interval_ms', '100');
  clock.advance(1000);
  expect([fired.length, clock.pending]).toEqual([5, 0]);
});

test('the first time can be another one', () => {
  const clock = new FakeClock();
  const fired: number[] = [];
  flags.set('replicas_stat_interval_ms', '1000');
  const timer = everyFlag(
    flags,
    clock,
    'replicas_stat_interval_ms',
    () => fired.push(clock.monotonicMs()),
    10,
  );
  clock.advance(2100);
  timer.cancel();
  expect(fired).toEqual([10, 1010, 2010]);

  const early = everyFlag(
    flags,
    clock,
    'replicas_stat_interval_ms',
    () => fired.push(clock.monotonicMs()),
    500,
  );
  flags.set('replicas_stat_interval_ms', '200');
  clock.advance(450);
  early.cancel();
  expect(fired.slice(3)).toEqual([2300, 2500]);
  expect(clock.pending).toBe(0);
});
