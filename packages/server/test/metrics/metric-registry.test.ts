import { FakeClock, until } from '@onebox/base';
import { MetricRegistry } from '../../src';
import type { MetricEntity } from '../../src';

const DELAY_MS = 600_000;

let clock: FakeClock;
let registry: MetricRegistry;
beforeEach(() => {
  clock = new FakeClock();
  registry = new MetricRegistry({ clock, role: 'replica', retirementDelayMs: DELAY_MS, random: () => 0.5 });
});
afterEach(() => {
  registry.close();
  expect(clock.pending).toBe(0);
});

const replica = (): MetricEntity =>
  registry.entity('replica', 'replica@1.3', { table_id: '1', partition_id: '3' });

describe('an entity', () => {
  test('that exists is taken up with its values, and with other attributes', () => {
    replica().counter('get_requests').add(3);
    const again = registry.entity('replica', 'replica@1.3', { table_id: '1', partition_id: '4' });
    expect(again.counter('get_requests').value).toBe(3);
    expect(again.attributes).toEqual({ table_id: '1', partition_id: '4' });
    expect([...registry.entities()].map((entity) => entity.id)).toEqual(['server', 'replica@1.3']);
  });

  test('of another type cannot have its id', () => {
    replica();
    expect(() => registry.entity('disk', 'replica@1.3')).toThrow('replica@1.3 is a replica, not a disk');
  });

  test('keeps its values when it gets further metrics', () => {
    const entity = replica();
    const bytes = entity.counter('get_bytes');
    bytes.add(5);
    expect(() => entity.counter('dup_shipped_bytes')).toThrow('replica@1.3 has no metric dup_shipped_bytes');
    entity.admit('dup-source');
    entity.counter('dup_shipped_bytes').add(7);
    bytes.add(1);
    expect([bytes.value, entity.counter('dup_shipped_bytes').value]).toEqual([6, 7]);
    expect(entity.layout.metrics).toHaveLength(132);
  });

  test('shares its layout with all that have the same metrics', () => {
    const [one, other] = [replica(), registry.entity('replica', 'replica@1.4')];
    expect(one.layout).toBe(other.layout);
    one.admit('dup-source');
    expect(one.layout).not.toBe(other.layout);
    other.admit('dup-source');
    expect(one.layout).toBe(other.layout);
  });
});

describe('retirement', () => {
  test('takes an entity without owner away after two rounds, one to two delays later', () => {
    const entity = replica();
    const learns = entity.counter('learn_count');
    learns.add(2);
    entity.release();
    clock.advance(300_500); // the first round marks it
    expect(registry.find('replica@1.3')).toBe(entity);
    clock.advance(DELAY_MS - 1);
    expect(registry.find('replica@1.3')?.counter('learn_count').value).toBe(2);
    clock.advance(1);
    expect(registry.find('replica@1.3')).toBeUndefined();
    expect(replica().counter('learn_count').value).toBe(0);
  });

  test('lets one that is taken up again go on', () => {
    replica().counter('learn_count').add(2);
    replica().release();
    clock.advance(DELAY_MS);
    const again = replica();
    clock.advance(3 * DELAY_MS);
    expect(registry.find('replica@1.3')).toBe(again);
    expect(again.counter('learn_count').value).toBe(2);
    again.release();
    clock.advance(DELAY_MS); // marked anew: an old mark does not count
    expect(registry.find('replica@1.3')).toBe(again);
    clock.advance(DELAY_MS);
    expect(registry.find('replica@1.3')).toBeUndefined();
  });

  test('lets an owned entity live, whoever still holds its metrics', () => {
    replica();
    clock.advance(5 * DELAY_MS);
    expect(registry.find('replica@1.3')?.layout.metrics).toHaveLength(123);
  });

  test('freezes what was derived', () => {
    let running = 4;
    const entity = replica();
    entity.gauge('backup_running_count').derive(() => running);
    running = 5;
    entity.release();
    running = 6;
    expect(entity.gauge('backup_running_count').value).toBe(5);
  });
});

describe('values', () => {
  test('gauges may go below 0, fractions are cut off', () => {
    const gauge = replica().gauge('private_log_size_mb');
    gauge.add(-3);
    expect(gauge.value).toBe(-3);
    gauge.set(-2.9);
    expect(gauge.value).toBe(-2);
    expect(() => gauge.set(NaN)).toThrow('NaN is no value of a metric');
  });

  test('are exact beyond 2^53, and 64 bits wide', () => {
    const counter = replica().counter('get_bytes');
    counter.add(2 ** 53 - 1);
    counter.add();
    counter.add();
    expect(counter.value).toBe(2n ** 53n + 1n);
    counter.add(2n ** 62n);
    expect(counter.value).toBe(2n ** 62n + 2n ** 53n + 1n);
    const gauge = replica().gauge('rdb_estimated_keys');
    gauge.set(2n ** 63n - 1n);
    expect(gauge.value).toBe(2n ** 63n - 1n);
    gauge.set(7n);
    expect(gauge.value).toBe(7);
    gauge.add(1);
    expect(gauge.value).toBe(8);
  });

  test('counters only grow', () => {
    expect(() => replica().counter('get_bytes').add(-1)).toThrow('a counter cannot grow by -1');
  });

  test('have the kind the catalog says', () => {
    expect(() => replica().counter('rdb_estimated_keys' as 'get_bytes')).toThrow(
      'rdb_estimated_keys is a Gauge, not a Counter',
    );
  });
});

describe('a percentile', () => {
  const values = (entity: MetricEntity): (number | bigint)[] =>
    (['p50', 'p90', 'p95', 'p99', 'p999'] as const).map((name) =>
      entity.percentile('get_latency_ns').read(name),
    );

  test('is 0 before the timer ran, and then the element at floor(n × k) of the sorted samples', () => {
    const entity = replica();
    for (let sample = 1000; sample >= 1; sample -= 1) entity.percentile('get_latency_ns').sample(sample);
    clock.advance(5999); // the first run: 1 s + half of 10 s
    expect(values(entity)).toEqual([0, 0, 0, 0, 0]);
    clock.advance(1);
    expect(values(entity)).toEqual([501, 901, 951, 991, 1000]);
  });

  test('of one sample is that sample, and does not decay', () => {
    const entity = replica();
    entity.percentile('get_latency_ns').sample(42);
    clock.advance(100_000);
    expect(values(entity)).toEqual([42, 42, 42, 42, 42]);
    expect(values(registry.entity('replica', 'replica@9.9'))).toEqual([0, 0, 0, 0, 0]);
  });

  test('looks at the newest 4096 samples, every 10 s', () => {
    const entity = replica();
    const latency = entity.percentile('get_latency_ns');
    for (let n = 0; n < 5000; n += 1) latency.sample(1);
    clock.advance(6000);
    for (let n = 0; n < 4096; n += 1) latency.sample(2);
    expect(values(entity)).toEqual([1, 1, 1, 1, 1]);
    clock.advance(9999);
    expect(values(entity)).toEqual([1, 1, 1, 1, 1]);
    clock.advance(1);
    expect(values(entity)).toEqual([2, 2, 2, 2, 2]);
    for (let n = 0; n < 2048; n += 1) latency.sample(3);
    clock.advance(10_000);
    expect(values(entity)).toEqual([3, 3, 3, 3, 3]);
    latency.sample(1); // overwrites a 2: 2047 twos and a one below 2048 threes
    clock.advance(10_000);
    expect(values(entity)).toEqual([3, 3, 3, 3, 3]);
  });

  test('takes no infinite sample', () => {
    expect(() => replica().percentile('get_latency_ns').sample(Infinity)).toThrow('Infinity is no sample');
  });
});

test('a volatile counter tells each count once', () => {
  registry.close();
  const volatile = new MetricRegistry({
    clock,
    role: 'meta',
    retirementDelayMs: DELAY_MS,
    catalog: [
      {
        name: 'recent',
        entityType: 'server',
        type: 'VolatileCounter',
        unit: 'Requests',
        description: 'counts since the last look',
        roles: ['meta'],
        drive: 'traffic',
        presence: 'always',
        percentiles: [],
      },
    ],
  });
  const counter = volatile.server.volatileCounter('recent');
  counter.add();
  counter.add(2);
  expect([counter.take(), counter.take()]).toEqual([3, 0]);
  counter.add(5);
  const [metric] = volatile.server.layout.metrics;
  if (metric === undefined) throw new Error('no metric');
  expect([volatile.server.observe(metric), volatile.server.observe(metric)]).toEqual([5, 0]);
  volatile.close();
});

test('many percentiles are computed in slices, and a period that comes meanwhile waits', async () => {
  const entities = Array.from({ length: 30 }, (_, index) => registry.entity('replica', `replica@1.${index}`));
  const sampleAll = (value: number): void => {
    for (const entity of entities)
      for (let n = 0; n < 4096; n += 1) entity.percentile('get_latency_ns').sample(value);
  };
  const computed = (value: number): number =>
    entities.filter((entity) => entity.percentile('get_latency_ns').read('p99') === value).length;
  sampleAll(7);
  clock.advance(6000);
  expect(computed(7)).toBe(10);
  sampleAll(8);
  clock.advance(10_000); // the first run is not through
  expect(computed(8)).toBe(0);
  await until('all of the first run', () => computed(8) === 20, { withinMs: 10_000 });
  const second = (): boolean => {
    clock.advance(10_000);
    return computed(8) === 30;
  };
  await until('all of the second run', second, { withinMs: 10_000 });
});
