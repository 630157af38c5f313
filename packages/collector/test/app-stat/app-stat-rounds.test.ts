import { MemoryLogger, until } from '@onebox/base';
import { MetricRegistry, PerfCounters } from '@onebox/server';
import type { CounterGeneration } from '@onebox/server';
import { AppStatRounds } from '../../src/app-stat';
import { ClusterOfCounters, LEADER, R1, R2 } from './cluster-of-counters';

let cluster: ClusterOfCounters;
let metrics: MetricRegistry;
let counters: PerfCounters;
let rounds: AppStatRounds;
let log: MemoryLogger;

function start(generation: CounterGeneration | 'none' = '2.4'): void {
  cluster = new ClusterOfCounters(generation);
  const { clock } = cluster;
  metrics = new MetricRegistry({ clock, role: 'collector', retirementDelayMs: 600_000 });
  counters = new PerfCounters({ metrics, role: 'collector', clock, generation, intervalMs: 10_000 });
  log = new MemoryLogger();
  rounds = new AppStatRounds({
    calls: cluster,
    clock,
    log,
    counters,
    leader: () => LEADER,
    intervalMs: 10_000,
    generation: generation === 'none' ? '2.4' : generation,
    hotspotRounds: 100,
    hotThreshold: () => 3,
  });
  rounds.start();
}

afterEach(() => {
  rounds.close();
  counters.close();
  metrics.close();
  cluster.close();
  expect(cluster.clock.pending).toBe(0);
});

/** Lets that much time pass, and waits for the round that falls due in it. */
async function nextRound(ms = 10_000): Promise<void> {
  const before = rounds.lastRound?.takenAtUnixMs;
  const complaints = log.lines.length;
  cluster.clock.advance(ms);
  await until(
    'the round is over',
    () => rounds.lastRound?.takenAtUnixMs !== before || log.lines.length > complaints,
    { withinMs: 5000, everyMs: 2 },
  );
}

const stat = (name: string, subject: string): number | undefined =>
  counters.read(`collector*app.pegasus*app.stat.${name}#${subject}`)?.value;
const number = (name: string): number | undefined => counters.read(`collector*app.pegasus*${name}`)?.value;

test('nothing is there before the first round, a minute after the start', async () => {
  start();
  cluster.tables.set('temp', { appId: 2, primaries: [R1] });
  cluster.clock.advance(59_999);
  expect([stat('get_qps', '_all_'), stat('get_qps', 'temp')]).toEqual([undefined, undefined]);
  await nextRound(1);
  expect([stat('get_qps', '_all_'), stat('get_qps', 'temp')]).toEqual([0, 0]);
  expect(counters.read('collector*app.pegasus*app.stat.get_qps#temp')).toEqual({
    name: 'collector*app.pegasus*app.stat.get_qps#temp',
    type: 'NUMBER',
    value: 0,
    p999: undefined,
    description: 'statistic the get_qps of app temp',
  });
});

test('a table brings its statistics with it, and takes them away', async () => {
  start();
  cluster.tables.set('stat', { appId: 1, primaries: [R1] });
  await nextRound(60_000);
  expect([stat('read_qps', 'stat'), stat('read_qps', 'temp')]).toEqual([0, undefined]);
  cluster.tables.set('temp', { appId: 2, primaries: [R1, R2] });
  await nextRound();
  expect([stat('read_qps', 'stat'), stat('read_qps', 'temp')]).toEqual([0, 0]);
  expect([number('app.stat.hotspots@temp.read.1'), number('app.stat.hotspots.temp.write.total')]).toEqual([
    0, 0,
  ]);
  cluster.tables.delete('temp');
  await nextRound();
  expect([stat('read_qps', 'stat'), stat('read_qps', 'temp')]).toEqual([0, undefined]);
  expect(number('app.stat.hotspots@temp.read.1')).toBeUndefined();
});

test('what was counted at a primary comes into the sums, what a secondary counted does not', async () => {
  start();
  cluster.tables.set('temp', { appId: 2, primaries: [R1, R2] });
  for (const node of [R1, R2]) {
    for (const partition of [0, 1]) {
      const replica = cluster.replica(node, 2, partition);
      replica.counter('put_requests').add(node === R1 ? 600 : 1200);
      replica.counter('write_capacity_units').add(5);
      replica.gauge('rdb_total_sst_size_mb').set(3);
    }
  }
  cluster.clock.advance(55_000);
  await cluster.takeSnapshots();
  await nextRound(5000);
  // 600 / 55 s + 1200 / 55 s = 32.7…, of which a NUMBER holds 32.
  expect([stat('put_qps', 'temp'), stat('write_qps', 'temp'), stat('write_qps', '_all_')]).toEqual([
    32, 32, 32,
  ]);
  expect([stat('recent_write_cu', 'temp'), stat('storage_mb', 'temp')]).toEqual([10, 6]);
});

test('what is counted for a table comes from all servers', async () => {
  start();
  cluster.tables.set('temp', { appId: 2, primaries: [R1, R2] });
  for (const node of [R1, R2]) cluster.replica(node, 2, 0).counter('backup_requests').add(550);
  await cluster.takeSnapshots();
  for (const node of [R1, R2]) cluster.replica(node, 2, 0).counter('backup_requests').add(550);
  cluster.clock.advance(55_000);
  await cluster.takeSnapshots();
  await nextRound(5000);
  expect(stat('backup_request_qps', 'temp')).toBe(40);
});

test('a round that does not get everything changes nothing', async () => {
  start();
  cluster.tables.set('temp', { appId: 2, primaries: [R1] });
  cluster.replica(R1, 2, 0).gauge('rdb_total_sst_size_mb').set(3);
  await cluster.takeSnapshots();
  await nextRound(60_000);
  cluster.replica(R1, 2, 0).gauge('rdb_total_sst_size_mb').set(4);
  await cluster.takeSnapshots();
  cluster.down.add(R2);
  await nextRound();
  expect(stat('storage_mb', 'temp')).toBe(3);
  cluster.down.clear();
  cluster.refusal = 'ERR_FORWARD_TO_OTHERS';
  await nextRound();
  expect(log.lines).toEqual([
    'E statistics of tables: ERR_NETWORK_FAILURE: 127.0.0.1:34802 is down',
    'E statistics of tables: ERR_FORWARD_TO_OTHERS: listing tables: 127.0.0.1:34601 answered ERR_FORWARD_TO_OTHERS',
  ]);
  cluster.refusal = 'ERR_OK';
  await nextRound();
  expect(stat('storage_mb', 'temp')).toBe(4);
});

test('availability begins at 100 % and stays there: nobody probes', () => {
  start();
  for (const period of ['day', 'hour', 'minute']) {
    expect([
      number(`cluster.available.${period}`),
      number(`cluster.available.detect.times.${period}`),
      number(`cluster.available.fail.times.${period}`),
    ]).toEqual([1_000_000, 0, 0]);
  }
});

test('2.0.0 finds hotspots without telling reads from writes', async () => {
  start('2.0');
  cluster.tables.set('temp', { appId: 2, primaries: [R1] });
  await nextRound(60_000);
  expect([number('app.stat.hotspots@temp.0'), number('app.stat.hotspots@temp.read.0')]).toEqual([
    0,
    undefined,
  ]);
  expect([stat('get_qps', 'temp'), stat('backup_request_bytes', 'temp')]).toEqual([0, undefined]);
});

test('under master it goes on, reads nothing and shows nothing', async () => {
  start('none');
  cluster.tables.set('temp', { appId: 2, primaries: [R1] });
  cluster.replica(R1, 2, 0).gauge('rdb_total_sst_size_mb').set(3);
  await cluster.takeSnapshots();
  await nextRound(60_000);
  expect(rounds.lastRound).toMatchObject({ tables: 1, replicaServers: 2 });
  expect(stat('storage_mb', 'temp')).toBeUndefined();
});
