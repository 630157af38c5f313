import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClock, MemoryLogger, ScaledClock, bounded, parseNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver, RPC, RpcClient } from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import type { Socket } from 'node:net';
import { MetricRegistry, RpcRegistry, parseIni, startListener } from '../../src';
import type { Listener, MetricEntity, Role, RpcHandler } from '../../src';
import { builtInMetrics } from '../../src/metrics/built-in/built-in-metrics';
import type { BuiltInMetrics } from '../../src/metrics/built-in/built-in-metrics';

const WITHIN_MS = 10_000;

const INI = `
[task.RPC_CM_LIST_NODES]
is_profile = true
profiler::size.request.server = true
profiler::size.response.server = true
[task.RPC_CM_LIST_NODES_ACK]
is_profile = true
[task.RPC_CM_CLUSTER_INFO]
is_profile = false
[task.RPC_PREPARE]
is_profile = TRUE
rpc_request_dropped_before_execution_when_timeout = true
`;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A process's metrics, on a clock that only moves when told. */
class Bench {
  readonly clock = new FakeClock();
  readonly registry: MetricRegistry;
  readonly builtIn: BuiltInMetrics;

  constructor(role: Role, ini = INI, remembered = 0) {
    const random = (): number => 0;
    this.registry = new MetricRegistry({ clock: this.clock, role, retirementDelayMs: 600_000, random });
    this.builtIn = builtInMetrics(this.registry, {
      config: parseIni(ini, 'config.ini'),
      role,
      remembered: () => remembered,
    });
    open.push(this.registry);
  }

  /** Lets the timer of the percentiles run. */
  compute(): void {
    this.clock.advance(10_000);
  }

  entity(id: string): MetricEntity {
    const found = this.registry.find(id);
    if (found === undefined) throw new Error(`no entity ${id}`);
    return found;
  }

  ids(type: string): string[] {
    return [...this.registry.entities()].filter((entity) => entity.type === type).map((entity) => entity.id);
  }
}

const names = (entity: MetricEntity): string[] =>
  entity.layout.metrics.map(({ definition }) => definition.name);

describe('queues', () => {
  test.each<[Role, string[]]>([
    [
      'meta',
      ['default.0', 'THREAD_POOL_META_SERVER.0', 'meta_state.0', 'fd.0', 'dist_lock.0', 'block_service.0'],
    ],
    [
      'replica',
      [
        ...['default.0', 'rep_long.0', 'replica.0', 'replica.1', 'fd.0', 'local_app.0', 'block_service.0'],
        ...['compact.0', 'ingestion.0', 'plog.0', 'plog.1', 'plog.2', 'plog.3', 'scan_query.0'],
      ],
    ],
    ['collector', ['default.0', 'replica.0', 'replica.1']],
  ])('of a %s are those of a onebox', (role, queues) => {
    const bench = new Bench(role);
    expect(bench.ids('queue')).toEqual(queues.map((queue) => `queue@${queue}`));
    expect(bench.entity('queue@default.0').attributes).toEqual({ queue_name: 'default.0' });
  });

  test('hold a request until it is answered, each in the queue of its task code and partition', () => {
    const bench = new Bench('replica');
    const begin = (code: string, appId: number, partitionIndex: number) =>
      bench.builtIn.rpc.begun({ code, gpid: { appId, partitionIndex }, bytes: 1, arrivedAtMs: 0 });
    const watches = [
      begin('RPC_PREPARE', 1, 0),
      begin('RPC_PREPARE', 1, 2),
      begin('RPC_PREPARE', 1, 1),
      begin('RPC_LEARN', 1, 1),
      begin('RPC_RRDB_RRDB_GET', 1, 1),
      begin('RPC_RRDB_RRDB_SCAN', 1, 1),
      begin('RPC_RRDB_RRDB_PUT', 2, 0),
      begin('RPC_QUERY_DISK_INFO', 0, 0),
    ];
    const lengths = (): Record<string, unknown> =>
      Object.fromEntries(
        bench
          .ids('queue')
          .map((id) => [id, bench.entity(id).gauge('queue_length').value] as const)
          .filter(([, length]) => length !== 0),
      );
    expect(lengths()).toEqual({
      'queue@default.0': 1,
      'queue@rep_long.0': 1,
      'queue@replica.0': 2, // 1 × 7919 + 1 and 2 × 7919 + 0 are even
      'queue@replica.1': 2,
      'queue@local_app.0': 1,
      'queue@scan_query.0': 1,
    });
    for (const watch of watches) watch.answered(1);
    expect(lengths()).toEqual({});
  });
});

describe('profiled tasks', () => {
  test('are those the configuration names', () => {
    const bench = new Bench('meta');
    expect(bench.ids('profiler')).toEqual([
      'task@RPC_CM_LIST_NODES',
      'task@RPC_CM_LIST_NODES_ACK',
      'task@RPC_PREPARE',
    ]);
    expect(bench.entity('task@RPC_PREPARE').attributes).toEqual({ task_name: 'RPC_PREPARE' });
    const always = [
      'profiler_queued_tasks',
      'profiler_queue_latency_ns',
      'profiler_execute_latency_ns',
      'profiler_executed_tasks',
      'profiler_cancelled_tasks',
    ];
    expect(names(bench.entity('task@RPC_CM_LIST_NODES'))).toEqual([
      ...always,
      'profiler_server_rpc_latency_ns',
      'profiler_server_rpc_request_bytes',
      'profiler_server_rpc_response_bytes',
    ]);
    expect(names(bench.entity('task@RPC_CM_LIST_NODES_ACK'))).toEqual([
      ...always,
      'profiler_client_rpc_latency_ns',
      'profiler_client_timeout_rpcs',
    ]);
    expect(names(bench.entity('task@RPC_PREPARE'))).toEqual([
      ...always,
      'profiler_server_rpc_latency_ns',
      'profiler_dropped_timeout_rpcs',
    ]);
  });

  test('are all there are when the default says so', () => {
    const bench = new Bench(
      'meta',
      '[task..default]\nis_profile = true\n[task.RPC_PREPARE]\nis_profile = false\n',
    );
    const ids = bench.ids('profiler');
    expect(ids).toContain('task@RPC_CM_LIST_NODES');
    expect(ids).toContain('task@RPC_PREPARE_ACK');
    expect(ids).not.toContain('task@RPC_PREPARE');
  });

  test("of a onebox are upstream's 21", () => {
    const template = readFileSync(join(__dirname, '../../../../onebox.ini'), 'utf8');
    const bench = new Bench('replica', template);
    const sized = (metric: string): string[] =>
      bench.ids('profiler').filter((id) => bench.entity(id).has(metric));
    expect(bench.ids('profiler')).toHaveLength(21);
    expect(sized('profiler_server_rpc_request_bytes')).toEqual(
      ['MULTI_PUT', 'PUT'].map((code) => `task@RPC_RRDB_RRDB_${code}`),
    );
    expect(sized('profiler_server_rpc_response_bytes')).toEqual(
      ['BATCH_GET', 'GET', 'MULTI_GET'].map((code) => `task@RPC_RRDB_RRDB_${code}`),
    );
    expect(sized('profiler_client_rpc_latency_ns')).toHaveLength(10);
    expect(sized('profiler_dropped_timeout_rpcs')).toEqual([]);
  });

  test('none is measured when the configuration is silent', () => {
    expect(new Bench('meta', '').ids('profiler')).toEqual([]);
  });
});

/** A server that answers one RPC, and a client; both are measured. */
class Pair {
  readonly log = new MemoryLogger();
  readonly server = new Bench('meta');
  readonly client = new Bench('replica');
  private readonly rpc = new RpcRegistry({ log: this.log, observer: this.server.builtIn.rpc });
  private listener: Listener | undefined;
  readonly caller = new RpcClient({
    framing: 'rdsn',
    clock: new ScaledClock(1),
    observer: this.client.builtIn.rpcClient,
  });

  async start<Q, A>(rpc: Rpc<Q, A>, handler: RpcHandler<Q, A>): Promise<Node> {
    this.rpc.on(rpc, handler);
    const listener = await startListener({
      bind: '127.0.0.1',
      port: 0,
      http: undefined,
      rpc: { serve: (socket: Socket, first: Buffer) => this.rpc.serve(socket, first) },
      log: this.log,
    });
    this.listener = listener;
    open.push(listener, this.rpc, this.caller);
    return parseNode(`127.0.0.1:${listener.port}`);
  }

  get sessions(): number {
    return this.listener?.connectionCount ?? 0;
  }
}

const LIST = RPC.RPC_CM_LIST_NODES;
const ANSWER = { err: 'ERR_OK' as const, infos: [] };

describe('an RPC', () => {
  test('is measured where it is served and where it is asked', async () => {
    const pair = new Pair();
    let answer: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    let begun = false;
    const node = await pair.start(LIST, async () => {
      begun = true;
      await waiting;
      return ANSWER;
    });
    const calling = pair.caller.call(node, LIST, { status: 0 });
    await until('the request', () => begun, { withinMs: WITHIN_MS });
    const served = pair.server.entity('task@RPC_CM_LIST_NODES');
    const queue = pair.server.entity('queue@THREAD_POOL_META_SERVER.0').gauge('queue_length');
    expect([served.gauge('profiler_queued_tasks').value, queue.value, pair.sessions]).toEqual([1, 1, 1]);
    const connection = pair.client.entity(`connection@${node}`);
    expect(connection.attributes).toEqual({ remote_addr: node });
    expect(connection.gauge('network_client_sessions').value).toBe(1);
    answer();
    await bounded('the answer', WITHIN_MS, calling);
    expect([served.gauge('profiler_queued_tasks').value, queue.value]).toEqual([0, 0]);
    expect(served.counter('profiler_executed_tasks').value).toBe(1);
    const asked = pair.client.entity('task@RPC_CM_LIST_NODES_ACK');
    expect(asked.counter('profiler_executed_tasks').value).toBe(1);

    pair.server.compute();
    pair.client.compute();
    const p50 = (entity: MetricEntity, name: Parameters<MetricEntity['percentile']>[0]): number =>
      Number(entity.percentile(name).read('p50'));
    const [server, execute, client] = [
      p50(served, 'profiler_server_rpc_latency_ns'),
      p50(served, 'profiler_execute_latency_ns'),
      p50(asked, 'profiler_client_rpc_latency_ns'),
    ];
    expect(execute).toBeGreaterThan(0);
    expect(server).toBeGreaterThan(execute);
    expect(client).toBeGreaterThan(server);
    expect(p50(served, 'profiler_server_rpc_request_bytes')).toBeGreaterThan(0);
    expect(p50(served, 'profiler_server_rpc_response_bytes')).toBeGreaterThan(0);
  });

  test('that fails has run, and is not answered', async () => {
    const pair = new Pair();
    const node = await pair.start(LIST, () => {
      throw new Error('a bug');
    });
    await expect(pair.caller.call(node, LIST, { status: 0 })).rejects.toThrow('ERR_UNKNOWN');
    const served = pair.server.entity('task@RPC_CM_LIST_NODES');
    expect(served.gauge('profiler_queued_tasks').value).toBe(0);
    expect(served.counter('profiler_executed_tasks').value).toBe(1);
  });

  test('that is lost counts as run, without a round trip', async () => {
    const pair = new Pair();
    const node = parseNode('127.0.0.1:1');
    await expect(pair.caller.call(node, LIST, { status: 0 })).rejects.toThrow('ECONNREFUSED');
    pair.caller.close();
    pair.client.compute();
    const asked = pair.client.entity('task@RPC_CM_LIST_NODES_ACK');
    expect(asked.counter('profiler_executed_tasks').value).toBe(1);
    expect(asked.percentile('profiler_client_rpc_latency_ns').read('p50')).toBe(0);
    expect(asked.counter('profiler_client_timeout_rpcs').value).toBe(0);
  });
});

describe('connections', () => {
  test('are counted per remote address, and retire when the last has ended', () => {
    const bench = new Bench('replica');
    const ends = [1, 2].map(() => bench.builtIn.rpcClient.dialled('10.0.0.1:34601'));
    const entity = bench.entity('connection@10.0.0.1:34601');
    const sessions = entity.gauge('network_client_sessions');
    expect(sessions.value).toBe(2);
    ends[0]?.();
    expect([sessions.value, entity.stale]).toEqual([1, false]);
    ends[1]?.();
    expect([sessions.value, entity.stale]).toEqual([0, true]);
    const again = bench.builtIn.rpcClient.dialled('10.0.0.1:34601');
    expect([sessions.value, entity.stale]).toEqual([1, false]);
    again();
    bench.clock.advance(1_200_000);
    expect(bench.ids('connection')).toEqual([]);
  });
});

describe('the resolver', () => {
  test('is measured from its first resolution on', async () => {
    const bench = new Bench('collector', INI, 3);
    const { server } = bench.registry;
    expect(server.has('dns_resolver_cache_size')).toBe(false);
    const resolver = new DnsAddressResolver(() => Promise.resolve('10.0.0.7'), bench.builtIn.resolver);
    resolver.toRpcAddress(parseNode('127.0.0.1:34601'));
    bench.compute();
    expect(server.gauge('dns_resolver_cache_size').value).toBe(3);
    expect(server.percentile('dns_resolver_resolve_duration_ns').read('p50')).toBeGreaterThan(0);
    expect(server.percentile('dns_resolver_resolve_by_dns_duration_ns').read('p50')).toBe(0);
    await resolver.resolveHost('somewhere');
    bench.compute();
    expect(server.percentile('dns_resolver_resolve_by_dns_duration_ns').read('p50')).toBeGreaterThan(0);
  });

  test('remembers the nodes whose address was wanted', async () => {
    const resolver = new DnsAddressResolver(() => Promise.resolve('10.0.0.7'));
    const node = parseNode('somewhere:34601');
    expect([resolver.toRpcAddress(node), resolver.remembered]).toEqual([null, 0]);
    await resolver.learn(node);
    resolver.toRpcAddress(parseNode('127.0.0.1:34602'));
    expect(resolver.toRpcAddress(node)).toEqual({ ip: '10.0.0.7', port: 34601 });
    expect(resolver.remembered).toBe(2);
    for (let port = 1; port <= 20_000; port += 1) resolver.toRpcAddress(parseNode(`10.0.0.1:${port}`));
    expect(resolver.remembered).toBeLessThanOrEqual(10_000);
  });
});

describe('memory', () => {
  test.each<[Role, boolean]>([
    ['meta', true],
    ['replica', true],
    ['collector', false],
  ])('of a %s is measured: %s', (role, measured) => {
    const { server } = new Bench(role).registry;
    expect([server.has('virtual_mem_usage_mb'), server.has('resident_mem_usage_mb')]).toEqual([
      measured,
      measured,
    ]);
    if (!measured) return;
    const resident = server.gauge('resident_mem_usage_mb').value;
    expect(resident).toBeGreaterThan(10);
    expect(server.gauge('virtual_mem_usage_mb').value).toBeGreaterThanOrEqual(Number(resident));
  });
});
