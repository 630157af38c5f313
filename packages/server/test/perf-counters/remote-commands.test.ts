import { formatSeconds, until } from '@onebox/base';
import { perfCounterCommands } from '../../src/perf-counters';
import { RemoteCommands } from '../../src/rpc';
import { CountersUnderTest } from './counters-under-test';

const FACTS = { pegasusVersion: '2.5.0', commit: 'abc', startedAtUnixMs: Date.UTC(2024, 4, 1, 10, 0, 0) };
const TAKEN = Date.UTC(2024, 4, 1, 10, 0, 0) / 1000;

let server: CountersUnderTest;
let commands: RemoteCommands;

function serve(...options: ConstructorParameters<typeof CountersUnderTest>): void {
  server = new CountersUnderTest(...options);
  commands = new RemoteCommands(FACTS).add(perfCounterCommands(server.counters));
}

beforeEach(() => serve());
afterEach(() => server.close());

const run = async (name: string, ...args: string[]): Promise<string> => commands.run(name, args);

/** The names a command finds. */
async function names(command: string, ...args: string[]): Promise<string[]> {
  const answer = JSON.parse(await run(command, ...args)) as { result: string; counters: { name: string }[] };
  expect(answer.result).toBe('OK');
  return answer.counters.map(({ name }) => name);
}

const head = (takenAt: number): string =>
  `"timestamp":${takenAt},"timestamp_str":"${formatSeconds(takenAt)}","counters":`;

describe('remote commands of every server', () => {
  test('server-info and help', async () => {
    expect(await run('help')).toBe(
      [
        'help [command]: lists all commands, or tells what one does',
        'server-info: version, build and start time of this server',
        'perf-counters [regexp]...: counters whose whole name matches a POSIX basic regular expression; several: any of them, none: all',
        'perf-counters-by-substr [substr]...: counters whose name contains a text; several: any of them, none: all',
        'perf-counters-by-prefix [prefix]...: counters whose name begins with a text; several: any of them, none: all',
        'perf-counters-by-postfix [postfix]...: counters whose name ends with a text; several: any of them, none: all',
        'server-stat: the counters that tell most about a server, on one line',
      ].join('\n'),
    );
    expect(await run('help', 'server-info')).toBe(
      'server-info: version, build and start time of this server',
    );
    expect(await run('help', 'fly')).toBe("unknown command 'fly'");
    expect(await run('fly')).toBe("unknown command 'fly'");
    expect(JSON.parse(await run('server-info'))).toEqual({
      version: '2.5.0',
      build_type: 'release',
      git_SHA: 'abc',
      start_time: formatSeconds(FACTS.startedAtUnixMs / 1000),
    });
  });

  test('a name is taken once', () => {
    expect(() => commands.add({ help: { help: 'mine', run: () => '' } })).toThrow(
      'the remote command help is there already',
    );
  });
});

describe('perf-counters', () => {
  test('finds nothing before the first snapshot', async () => {
    expect(await run('perf-counters')).toBe(`{"result":"OK",${head(0)}[]}`);
  });

  test('answers in a form that scripts grep', async () => {
    server.metrics.server.gauge('total_replicas').set(12);
    await server.counters.takeSnapshot();
    expect(await run('perf-counters', '.*replica_stub\\*replica(Count)')).toBe(
      `{"result":"OK",${head(TAKEN)}[{"name":"replica*eon.replica_stub*replica(Count)","type":"NUMBER","value":12.0}]}`,
    );
  });

  test('shows the snapshot, not what was counted since', async () => {
    const replica = server.replica(1, 0);
    replica.counter('get_requests').add(1);
    server.clock.advance(3000);
    await server.counters.takeSnapshot();
    replica.counter('get_requests').add(99);
    const qps = '{"name":"replica*app.pegasus*get_qps@1.0","type":"RATE","value":0.3333333333333333}';
    expect(await run('perf-counters-by-prefix', 'replica*app.pegasus*get_qps@')).toBe(
      `{"result":"OK",${head(TAKEN + 3)}[${qps}]}`,
    );
  });

  test('has two rows for a percentile', async () => {
    server.replica(1, 0);
    await server.counters.takeSnapshot();
    expect(await names('perf-counters', '.*\\*get_latency@.*')).toEqual([
      'replica*app.pegasus*get_latency@1.0',
      'replica*app.pegasus*get_latency@1.0.p999',
    ]);
  });

  test('is an OR over its arguments; without any it gives everything', async () => {
    server.replica(1, 0);
    await server.counters.takeSnapshot();
    expect(await names('perf-counters', 'nosuch', '.*memused\\.res(MB)', '.*\\.cu@1\\.0')).toEqual([
      'replica*server*memused.res(MB)',
      'replica*app.pegasus*recent.read.cu@1.0',
      'replica*app.pegasus*recent.write.cu@1.0',
    ]);
    const all = await names('perf-counters');
    expect(all.length).toBeGreaterThan(150);
    expect(await names('perf-counters-by-substr')).toEqual(all);
    expect(await names('perf-counters-by-prefix')).toEqual(all);
    expect(await names('perf-counters-by-postfix')).toEqual(all);
  });

  test('an empty argument matches nothing as a regular expression, and everything as a text', async () => {
    await server.counters.takeSnapshot();
    const all = await names('perf-counters');
    expect(await names('perf-counters', '')).toEqual([]);
    expect(await names('perf-counters-by-substr', '')).toEqual(all);
    expect(await names('perf-counters-by-prefix', '')).toEqual(all);
    expect(await names('perf-counters-by-postfix', '')).toEqual(all);
  });

  test('a part of the name, its beginning and its end, are told apart', async () => {
    server.replica(1, 0);
    await server.counters.takeSnapshot();
    const found = (command: string, text: string) => names(command, text);
    expect(await found('perf-counters-by-substr', 'recent.read.cu')).toEqual([
      'replica*app.pegasus*recent.read.cu@1.0',
    ]);
    expect(await found('perf-counters-by-prefix', 'recent.read.cu')).toEqual([]);
    expect(await found('perf-counters-by-postfix', 'recent.read.cu')).toEqual([]);
    expect(await found('perf-counters-by-postfix', 'read.cu@1.0')).toEqual([
      'replica*app.pegasus*recent.read.cu@1.0',
    ]);
  });

  test('names the first argument that is no regular expression', async () => {
    await server.counters.takeSnapshot();
    expect(await run('perf-counters', '.*', '\\(a"', '*')).toBe(
      `{"result":"ERROR: invalid filter: \\\\(a\\"",${head(TAKEN)}[]}`,
    );
  });

  test('a replica that is gone disappears with the next snapshot', async () => {
    const replica = server.replica(1, 0);
    await server.counters.takeSnapshot();
    replica.release();
    expect(await names('perf-counters-by-postfix', '*get_qps@1.0')).toHaveLength(1);
    await server.counters.takeSnapshot();
    expect(await names('perf-counters-by-postfix', '*get_qps@1.0')).toEqual([]);
  });
});

describe('server-stat', () => {
  test('shows what the snapshot has, then what it has not', async () => {
    const { server: metrics } = server.metrics;
    metrics.gauge('total_replicas').set(12);
    metrics.gauge('learning_replicas').set(2);
    server.metrics
      .entity('disk', 'disk@default', { tag: 'default', data_dir: '/d' })
      .gauge('disk_capacity_total_mb')
      .set(1000);
    server.metrics
      .entity('disk', 'disk@default', { tag: 'default', data_dir: '/d' })
      .gauge('disk_capacity_avail_mb')
      .set(996);
    server.replica(1, 0).counter('committed_requests').add(25);
    server.counters.provide('resident memory', () => 80);
    server.clock.advance(10_000);
    await server.counters.takeSnapshot();
    expect(await run('server-stat')).toBe(
      [
        'manual_compact_enqueue_count=0, manual_compact_running_count=0, closing_replica_count=0',
        'disk_available_max_ratio=100, disk_available_min_ratio=100, disk_available_total_ratio=100',
        'disk_capacity_total(MB)=1000, opening_replica_count=0, serving_replica_count=12',
        'commit_throughput=2, learning_count=2, shared_log_size(MB)=0, memused_res(MB)=80, memused_virt(MB)=0',
        'replica*app.pegasus*rdb.block_cache.memory_usage=not_found',
        'zion*profiler*RPC_RRDB_RRDB_BATCH_GET.latency.server=not_found',
        'zion*profiler*RPC_RRDB_RRDB_BATCH_GET.qps=not_found',
        'zion*profiler*RPC_RRDB_RRDB_GET.latency.server=not_found',
        'zion*profiler*RPC_RRDB_RRDB_GET.qps=not_found',
        'zion*profiler*RPC_RRDB_RRDB_MULTI_GET.latency.server=not_found',
        'zion*profiler*RPC_RRDB_RRDB_MULTI_GET.qps=not_found',
        'zion*profiler*RPC_RRDB_RRDB_MULTI_PUT.latency.server=not_found',
        'zion*profiler*RPC_RRDB_RRDB_MULTI_PUT.qps=not_found',
        'zion*profiler*RPC_RRDB_RRDB_PUT.latency.server=not_found',
        'zion*profiler*RPC_RRDB_RRDB_PUT.qps=not_found',
      ].join(', '),
    );
  });

  test('of 2.0.0 knows no BATCH_GET', async () => {
    server.close();
    serve({ generation: '2.0' });
    expect(await run('server-stat')).not.toContain('BATCH_GET');
    expect(await run('server-stat')).toContain('shared.log.size(MB)=not_found');
  });
});

describe('under master', () => {
  beforeEach(async () => {
    server.close();
    serve({ generation: 'none' });
    server.replica(1, 0);
    server.counters.start();
    server.clock.advance(60_000);
    await server.counters.takeSnapshot();
  });

  test('the commands are there and find nothing', async () => {
    expect(await run('perf-counters', '.*@.*')).toBe(`{"result":"OK",${head(0)}[]}`);
    expect(await run('perf-counters-by-substr', '@')).toBe(`{"result":"OK",${head(0)}[]}`);
    expect(await run('perf-counters', '*')).toBe(`{"result":"ERROR: invalid filter: *",${head(0)}[]}`);
  });

  test('server-stat finds none of its 24 counters', async () => {
    const parts = (await run('server-stat')).split(', ');
    expect(parts).toHaveLength(24);
    expect(parts.filter((part) => !part.endsWith('=not_found'))).toEqual([]);
    expect(parts).not.toContain('replica*eon.replica_stub*shared.log.size(MB)=not_found');
  });
});

describe('snapshots', () => {
  const takenAt = () => server.counters.snapshot.takenAt;

  test('are taken every interval, the first after a random 1 to 10 s', async () => {
    const taken: number[] = [];
    server.counters.onSnapshot((snapshot) => taken.push(snapshot.takenAt - TAKEN));
    server.counters.start();
    server.clock.advance(5999);
    expect(taken).toEqual([]);
    server.clock.advance(1);
    await until('the first snapshot', () => taken.length === 1, { withinMs: 5000 });
    server.clock.advance(9999);
    expect(taken).toEqual([6]);
    server.clock.advance(1);
    await until('the second snapshot', () => taken.length === 2, { withinMs: 5000 });
    expect(taken).toEqual([6, 16]);
  });

  test('end with the server', () => {
    server.counters.start();
    server.counters.close();
    server.counters.close();
    server.clock.advance(60_000);
    expect(takenAt()).toBe(0);
  });
});
