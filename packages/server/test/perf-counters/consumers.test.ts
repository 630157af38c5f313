import { perfCounterCommands } from '../../src/perf-counters';
import { RemoteCommands } from '../../src/rpc';
import { CountersUnderTest } from './counters-under-test';

/**
 * The tools of the old generation, reading as they read (reference/metrics.md 4.10): one server with replicas of two tables, and
 * what each tool would make of its answers.
 */

interface Counter {
  readonly name: string;
  readonly value: number;
}

let server: CountersUnderTest;
let commands: RemoteCommands;

beforeEach(async () => {
  server = new CountersUnderTest();
  const facts = { pegasusVersion: '2.5.0', commit: 'abc', startedAtUnixMs: 0 };
  commands = new RemoteCommands(facts).add(perfCounterCommands(server.counters));
  server.counters.nameTables(({ appId }) => (appId === 1 ? 'stat' : 'temp'));
  server.counters.provide('resident memory', () => 80);
  server.metrics.server.gauge('total_replicas').set(3);
  for (const [table, partition] of [
    [1, 0],
    [2, 0],
    [2, 1],
  ] as const) {
    const replica = server.replica(table, partition);
    replica.counter('get_requests').add(10 * (partition + 1));
    replica.counter('read_capacity_units').add(4);
    replica.gauge('rdb_total_sst_size_mb').set(7);
    replica.percentile('get_latency_ns').sample(1000);
  }
  const task = server.metrics.entity('profiler', 'task@RPC_RRDB_RRDB_GET', {
    task_name: 'RPC_RRDB_RRDB_GET',
  });
  task.admitMetric('profiler_server_rpc_latency_ns');
  server.clock.advance(10_000);
  await server.counters.takeSnapshot();
});

afterEach(() => server.close());

/** The names and values of an answer, as every tool decodes it: anything but `OK` ends the tool. */
async function ask(cmd: string, ...args: string[]): Promise<readonly Counter[]> {
  const answer = JSON.parse(await commands.run(cmd, args)) as { result: string; counters: Counter[] };
  expect(answer.result).toBe('OK');
  return answer.counters.map(({ name, value }) => ({ name, value }));
}

/** The shell's and the collector's way to a partition: behind the last `@`, `%d.%d`; the counter is behind the last `*`. */
function shellDecodes(name: string): { counter: string; appId: number; partition: number } | undefined {
  const at = name.lastIndexOf('@');
  const star = name.lastIndexOf('*');
  const gpid = /^(\d+)\.(\d+)/.exec(name.slice(at + 1));
  if (at < 0 || star < 0 || gpid === null) return undefined;
  return { counter: name.slice(star + 1, at), appId: Number(gpid[1]), partition: Number(gpid[2]) };
}

/** admin-cli's way: behind the last `@` exactly two numbers. */
function adminCliDecodes(name: string): { base: string; gpid: string } | undefined {
  const at = name.lastIndexOf('@');
  const parts = name.slice(at + 1).split('.');
  return parts.length === 2 && parts.every((part) => /^-?\d+$/.test(part))
    ? { base: name.slice(0, at), gpid: name.slice(at + 1) }
    : undefined;
}

/** What admin-cli's partition-stat and table-stat know: collector/aggregate. */
const AGGREGATABLE =
  `get_qps multi_get_qps put_qps multi_put_qps remove_qps multi_remove_qps incr_qps check_and_set_qps
  check_and_mutate_qps scan_qps duplicate_qps get_bytes multi_get_bytes scan_bytes put_bytes multi_put_bytes
  check_and_set_bytes check_and_mutate_bytes recent.read.cu recent.write.cu recent.expire.count recent.filter.count
  recent.abnormal.count disk.storage.sst(MB) disk.storage.sst.count rdb.block_cache.hit_count rdb.block_cache.total_count
  rdb.index_and_filter_blocks.memory_usage rdb.memtable.memory_usage rdb.estimate_num_keys rdb.bf_seek_negatives
  rdb.bf_seek_total rdb.bf_point_positive_true rdb.bf_point_positive_total rdb.bf_point_negatives`
    .split(/\s+/)
    .map((name) => `replica*app.pegasus*${name}`)
    .concat([
      'replica*eon.replica*recent.write.throttling.delay.count',
      'replica*eon.replica*recent.write.throttling.reject.count',
    ]);

describe('admin-cli', () => {
  test('partition-stat: names cut at the last @, percentiles and counters of tables left out', async () => {
    const decoded = (await ask('perf-counters-by-substr', '@')).map(({ name, value }) => ({
      ...adminCliDecodes(name),
      name,
      value,
    }));
    const ignored = decoded.filter(({ base }) => base === undefined);
    expect(ignored.every(({ name }) => name.endsWith('.p999') || /@(stat|temp)$/.test(name))).toBe(true);
    expect(decoded.filter(({ gpid }) => gpid !== undefined && !['1.0', '2.0', '2.1'].includes(gpid))).toEqual(
      [],
    );
    for (const base of AGGREGATABLE) {
      expect(decoded.filter((each) => each.base === base).map(({ gpid }) => gpid)).toEqual([
        '1.0',
        '2.0',
        '2.1',
      ]);
    }
    const qps = decoded.find(({ name }) => name === 'replica*app.pegasus*get_qps@2.1');
    expect(qps?.value).toBe(2);
  });

  test('node-stat: names cut at the first @, equal ones summed up', async () => {
    const sums = new Map<string, number>();
    for (const { name, value } of await ask('perf-counters-by-substr', 'replica')) {
      const [base = ''] = name.split('@');
      sums.set(base, (sums.get(base) ?? 0) + value);
    }
    expect(
      [
        'replica*eon.replica_stub*disk.capacity.total(MB)',
        'replica*eon.replica_stub*disk.available.total(MB)',
        'replica*eon.replica_stub*disk.available.total.ratio',
        'replica*server*memused.res(MB)',
        'replica*app.pegasus*rdb.index_and_filter_blocks.memory_usage',
        'replica*app.pegasus*get_qps',
        'replica*app.pegasus*put_bytes',
      ].map((base) => sums.get(base)),
    ).toEqual([0, 0, 0, 80, 0, 4, 0]);
  });

  test('disk-info: every match has an @, for what is behind it is taken without looking', async () => {
    const found = await ask('perf-counters-by-substr', 'disk.storage.sst(MB)');
    expect(found.map(({ name, value }) => [name.split('@')[1], value])).toEqual([
      ['1.0', 7],
      ['2.0', 7],
      ['2.1', 7],
    ]);
  });

  test('table-migrator: must match exactly one counter', async () => {
    expect(await ask('perf-counters-by-substr', 'pending_mutations_count')).toEqual([
      { name: 'replica*eon.replica_stub*dup.pending_mutations_count', value: 0 },
    ]);
    expect(await ask('perf-counters-by-substr', 'dup_shipped_ops@2')).toEqual([]);
    server.replica(2, 0).admit('dup-source');
    await server.counters.takeSnapshot();
    expect(await ask('perf-counters-by-substr', 'dup_shipped_ops@2')).toEqual([
      { name: 'replica*app.pegasus*dup_shipped_ops@2.0', value: 0 },
    ]);
  });
});

describe('the shell', () => {
  test('app_stat -a: every name that is matched must be one of a partition of the table', async () => {
    const found = await ask('perf-counters', '.*@2\\..*');
    expect(found.length).toBeGreaterThan(100);
    for (const { name } of found) expect(shellDecodes(name)).toMatchObject({ appId: 2 });
    expect(new Set(found.map(({ name }) => shellDecodes(name)?.partition))).toEqual(new Set([0, 1]));
  });

  test('app_disk: sizes of all replicas of a table', async () => {
    const prefix = 'replica*app.pegasus*disk.storage.sst(MB)@2.';
    expect(await ask('perf-counters-by-prefix', prefix)).toEqual([
      { name: 'replica*app.pegasus*disk.storage.sst(MB)@2.0', value: 7 },
      { name: 'replica*app.pegasus*disk.storage.sst(MB)@2.1', value: 7 },
    ]);
  });

  test('nodes -q: latencies of the RPCs are found by their ends, and only them', async () => {
    const found = await ask(
      'perf-counters-by-postfix',
      'zion*profiler*RPC_RRDB_RRDB_GET.latency.server',
      'zion*profiler*RPC_RRDB_RRDB_PUT.latency.server',
    );
    expect(found).toEqual([{ name: 'zion*profiler*RPC_RRDB_RRDB_GET.latency.server', value: 0 }]);
  });
});

test('the collector of capacity units: every match is one of a partition, or it aborts', async () => {
  const cu = await ask('perf-counters-by-substr', '.cu@');
  expect(cu.map(({ name }) => shellDecodes(name)?.counter)).toEqual(
    Array.from({ length: 3 }, () => ['recent.read.cu', 'recent.write.cu']).flat(),
  );
  expect(
    cu.filter(({ name }) => shellDecodes(name)?.counter === 'recent.read.cu').map(({ value }) => value),
  ).toEqual([4, 4, 4]);
  const sizes = await ask('perf-counters-by-prefix', 'replica*app.pegasus*disk.storage.sst(MB)');
  expect(sizes.every(({ name }) => shellDecodes(name)?.counter === 'disk.storage.sst(MB)')).toBe(true);
});

test('the rolling update script greps the raw text', async () => {
  const text = await commands.run('perf-counters', ['.*replica.*(Count)']);
  // A dot in its pattern, where the name has a star.
  const grep = /replica_stub.replica\(Count\)","type":"NUMBER","value":(\d+)/;
  expect(grep.exec(text)?.[1]).toBe('3');
});
