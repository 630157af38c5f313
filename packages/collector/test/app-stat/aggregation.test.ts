import { parseNode } from '@onebox/base';
import { AppStatNumbers } from '../../src/app-stat/app-stat-numbers';
import { APP_STATS, appStatsOf } from '../../src/app-stat/app-stats';
import { readCounterName } from '../../src/app-stat/counter-name';
import { CounterSums } from '../../src/app-stat/counter-sums';
import { readCountersAnswer } from '../../src/app-stat/counters-answer';
import { HotspotHistory, hotspotScores } from '../../src/app-stat/hotspots';
import { sumByPartition } from '../../src/app-stat/partition-sums';
import { PublishedNumbers } from '../../src/app-stat/published-numbers';

const R1 = parseNode('127.0.0.1:34801');
const R2 = parseNode('127.0.0.1:34802');

/** Sums of one partition. */
function sums(counters: Readonly<Record<string, number>>): CounterSums {
  const made = new CounterSums(1);
  for (const [counter, value] of Object.entries(counters)) made.add(counter, value);
  return made;
}

const statOf = (name: string, of: CounterSums, generation: '2.0' | '2.4' = '2.4'): number | undefined =>
  APP_STATS.find((stat) => stat.name === name)?.of(of, generation);

test.each([
  ['replica*app.pegasus*get_qps@1.3', { kind: 'partition', counter: 'get_qps', appId: 1, partition: 3 }],
  [
    'replica*app.pegasus*disk.storage.sst(MB)@12.0',
    { kind: 'partition', counter: 'disk.storage.sst(MB)', appId: 12, partition: 0 },
  ],
  [
    'replica*eon.replica*backup_request_qps@temp',
    { kind: 'table', counter: 'backup_request_qps', table: 'temp' },
  ],
  ['replica*eon.replica*x@a@b.c', { kind: 'table', counter: 'x@a', table: 'b.c' }],
  ['replica*app.pegasus*get_latency@1.0.p999', { kind: 'table', counter: 'get_latency', table: '1.0.p999' }],
  ['replica*server*memused.res(MB)', undefined],
  ['no section@1.2', undefined],
])('the counter %s', (name, subject) => {
  expect(readCounterName(name)).toEqual(subject);
});

describe('the statistics', () => {
  test('are 58, of which 2.0.0 has 41', () => {
    expect([appStatsOf('2.4').length, appStatsOf('2.0').length]).toEqual([58, 41]);
    expect(new Set(APP_STATS.map(({ name }) => name)).size).toBe(58);
    expect(APP_STATS.map(({ name }) => name)).not.toContain('batch_get_qps');
  });

  test('totals: batch_get counts from 2.4 on', () => {
    const reads = sums({ get_qps: 1, multi_get_qps: 10, scan_qps: 100, batch_get_qps: 1000 });
    expect([statOf('read_qps', reads), statOf('read_qps', reads, '2.0')]).toEqual([1111, 111]);
    const bytes = sums({ get_bytes: 1, multi_get_bytes: 10, scan_bytes: 100, batch_get_bytes: 1000 });
    expect([statOf('read_bytes', bytes), statOf('read_bytes', bytes, '2.0')]).toEqual([1111, 111]);
    const writes = sums({
      put_qps: 1,
      multi_put_qps: 2,
      remove_qps: 4,
      multi_remove_qps: 8,
      incr_qps: 16,
      check_and_set_qps: 32,
      check_and_mutate_qps: 64,
      duplicate_qps: 128,
      get_qps: 1024,
    });
    expect(statOf('write_qps', writes)).toBe(255);
    const written = sums({
      put_bytes: 1,
      multi_put_bytes: 2,
      check_and_set_bytes: 4,
      check_and_mutate_bytes: 8,
    });
    expect(statOf('write_bytes', written)).toBe(15);
  });

  test('rates are in a million, 0 of nothing', () => {
    const cache = sums({
      'rdb.block_cache.hit_count': 3,
      'rdb.block_cache.total_count': 4,
      'rdb.read_l2andup_hit_count': 1,
    });
    expect(statOf('rdb_block_cache_hit_rate', cache)).toBe(750_000);
    expect(statOf('rdb_read_l2andup_hit_rate', cache)).toBe(250_000);
    expect(statOf('rdb_read_l0_hit_rate', sums({}))).toBe(0);
    const bloom = sums({
      'rdb.bf_seek_negatives': 1,
      'rdb.bf_seek_total': 8,
      'rdb.bf_point_negatives': 6,
      'rdb.bf_point_positive_total': 4,
      'rdb.bf_point_positive_true': 2,
    });
    expect(statOf('rdb_bf_seek_negatives_rate', bloom)).toBe(125_000);
    expect(statOf('rdb_bf_point_negatives_rate', bloom)).toBe(600_000);
    expect(statOf('rdb_bf_point_false_positive_rate', bloom)).toBe(250_000);
  });

  test('amplifications are averages over partitions', () => {
    const two = [sums({ 'rdb.write_amplification': 3 }), sums({ 'rdb.write_amplification': 4 })];
    expect(statOf('rdb_write_amplification', CounterSums.total(two))).toBe(3.5);
    expect(statOf('rdb_read_amplification', CounterSums.total([]))).toBe(0);
  });
});

test('counters of a partition count on its primary only, those of a table on every server', () => {
  const temp = { appId: 2, name: 'temp', primaries: [R1, undefined] };
  const rows = [
    { name: 'replica*app.pegasus*get_qps@2.0', value: 1 },
    { name: 'replica*app.pegasus*get_qps@2.1', value: 10 },
    { name: 'replica*app.pegasus*get_qps@2.9', value: 100 },
    { name: 'replica*app.pegasus*get_qps@3.0', value: 1000 },
    { name: 'replica*eon.replica*backup_request_qps@temp', value: 5 },
    { name: 'replica*eon.replica*backup_request_qps@gone', value: 7 },
  ];
  const [found] = sumByPartition([temp], new Map([R1, R2].map((node) => [node, rows]))).values();
  expect(found?.map((each) => [each.of('get_qps'), each.of('backup_request_qps')])).toEqual([
    [1, 10],
    [0, 0],
  ]);
});

describe('hotspots', () => {
  test('are as many standard deviations above the average, rounded up', () => {
    const quiet = Array.from({ length: 9 }, () => 10);
    expect(hotspotScores([[...quiet, 110]])).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    expect(hotspotScores([[10, 10]])).toEqual([0, 0]);
    expect(hotspotScores([[10]])).toEqual([0]);
    expect(hotspotScores([])).toEqual([]);
  });

  test('remember so many rounds', () => {
    const history = new HotspotHistory(2);
    expect(history.next([1, 1])).toEqual([0, 0]);
    expect(history.next([1, 9])).toEqual([0, 2]);
    expect(history.next([9, 9])).toEqual([1, 1]);
    expect(history.next([9, 9])).toEqual([0, 0]);
  });

  test('have a total of partitions at the threshold or above', () => {
    const numbers = new AppStatNumbers({ generation: '2.4', hotspotRounds: 100, hotThreshold: () => 3 });
    const primaries = Array.from({ length: 10 }, () => R1);
    const partitions = primaries.map((_node, i) => sums({ get_qps: i === 4 ? 110 : 10 }));
    const [temp] = numbers.next(new Map([[{ appId: 2, name: 'temp', primaries }, partitions]])).values();
    const value = (name: string) =>
      temp?.find((each) => each.name === `collector*app.pegasus*app.stat.hotspots${name}`)?.value;
    expect([value('@temp.read.3'), value('@temp.read.4'), value('@temp.write.4')]).toEqual([0, 3, 0]);
    expect([value('.temp.read.total'), value('.temp.write.total')]).toEqual([1, 0]);
  });
});

test('numbers are cut off, and come and go with their group', () => {
  const there = new Map<string, () => number>();
  const published = new PublishedNumbers({
    add: (counters) => {
      for (const counter of counters) there.set(counter.name, () => counter.read());
      return () => counters.forEach(({ name }) => there.delete(name));
    },
  });
  const shown = () => [...there].map(([name, read]) => `${name} ${read()}`);
  const group = (value: number) => [{ name: 'a', description: '', value }];
  published.show(new Map([['temp', group(2.9)]]));
  expect(shown()).toEqual(['a 2']);
  published.show(new Map([['temp', group(-0.5)]]));
  expect(shown()).toEqual(['a 0']);
  published.show(new Map([['temp again', group(7)]]));
  expect(shown()).toEqual(['a 7']);
  published.show(new Map());
  expect(shown()).toEqual([]);
});

describe('an answer to perf-counters', () => {
  test('has rows', () => {
    expect(
      readCountersAnswer(
        R1,
        '{"result":"OK","counters":[{"name":"a","type":"NUMBER","value":1.5},{"x":1},7]}',
      ),
    ).toEqual([{ name: 'a', type: 'NUMBER', value: 1.5 }]);
  });

  test.each([
    ['{"result":"ERROR: invalid filter: *","counters":[]}', 'ERROR: invalid filter: *'],
    ["unknown command 'perf-counters'", "unknown command 'perf-counters'"],
    ['{"result":"OK"}', 'OK'],
    ['null', 'null'],
  ])('that is none is refused: %s', (text, said) => {
    expect(() => readCountersAnswer(R1, text)).toThrow(
      `127.0.0.1:34801 answered perf-counters with: ${said}`,
    );
  });
});
