import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { MemoryLogger, parseNode, until } from '@onebox/base';
import type { CounterSink } from '../../src/config/perf-counter-settings';
import { openCounterSink } from '../../src/perf-counters';
import type { CounterSinkOptions, OpenSink } from '../../src/perf-counters';
import { RawConnection } from '../golden/raw-http';
import { CountersUnderTest } from './counters-under-test';

let server: CountersUnderTest;
let log: MemoryLogger;
const open: OpenSink[] = [];

beforeEach(() => {
  server = new CountersUnderTest({ role: 'collector' });
  server.counters.provide('resident memory', () => 80.5);
  log = new MemoryLogger();
});

afterEach(async () => {
  for (const sink of open.splice(0)) {
    await sink.close();
    await sink.close();
  }
  server.close();
});

async function start(sink: CounterSink, more: Partial<CounterSinkOptions> = {}): Promise<void> {
  const opened = await openCounterSink({
    settings: { updateIntervalMs: 10_000, sinkWord: sink.kind, sink },
    release: '2.5',
    counters: server.counters,
    clusterName: 'onebox',
    role: 'collector',
    self: parseNode('127.0.0.1:34101'),
    bind: '127.0.0.1',
    advertisedHost: 'onebox.test',
    log,
    ...more,
  });
  open.push(opened);
}

/** Where the exposer says it listens. */
function exposerPort(): number {
  const line = log.lines.find((text) => text.includes('for prometheus:'));
  return Number(/:(\d+)\/metrics$/.exec(line ?? '')?.[1]);
}

async function get(path: string, host = '127.0.0.1') {
  const connection = await RawConnection.open({ host: '127.0.0.1', port: exposerPort() });
  await connection.send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const response = await connection.response();
  await connection.close();
  return { ...response, body: response.body.toString('utf8') };
}

const LABELS = `cluster="onebox",host_name="${hostname()}",pegasus_job="collector",port="34101",service="pegasus"`;

/** The families without the exposer's own. */
async function families(): Promise<string> {
  const { body } = await get('/metrics');
  return body.slice(body.indexOf('# TYPE replica_server'));
}

describe('perf_counter_sink = prometheus', () => {
  const prometheus = { kind: 'prometheus', port: 0 } as const;

  test('shows nothing but the exposer itself before the first snapshot', async () => {
    await start(prometheus);
    const { statusLine, headers, body } = await get('/metrics');
    expect(statusLine).toBe('HTTP/1.1 200 OK');
    expect(headers).toContain('Content-Type: text/plain');
    expect(body).toBe(
      [
        '# HELP exposer_transferred_bytes_total Bytes that were sent to whoever scraped',
        '# TYPE exposer_transferred_bytes_total counter',
        'exposer_transferred_bytes_total 0.000000',
        '# HELP exposer_scrapes_total How often somebody scraped',
        '# TYPE exposer_scrapes_total counter',
        'exposer_scrapes_total 0.000000',
        '# HELP exposer_request_latencies Time it took to answer a scrape, microseconds',
        '# TYPE exposer_request_latencies summary',
        'exposer_request_latencies_count 0',
        'exposer_request_latencies_sum 0.000000',
        'exposer_request_latencies{quantile="0.500000"} Nan',
        'exposer_request_latencies{quantile="0.900000"} Nan',
        'exposer_request_latencies{quantile="0.990000"} Nan',
        '',
      ].join('\n'),
    );
    const second = (await get('/metrics')).body;
    expect(second).toContain(`exposer_transferred_bytes_total ${body.length}.000000\n`);
    expect(second).toContain('exposer_scrapes_total 1.000000\n');
    expect(second).toMatch(/exposer_request_latencies\{quantile="0.500000"\} \d+\.\d{6}\n/);
  });

  test('shows the last snapshot, one family for all subjects of a counter', async () => {
    await start(prometheus);
    const values = new Map([
      ['hotspots@temp.read.0', 0],
      ['hotspots@temp.read.1', 3],
    ]);
    const counters = [...values].map(([name]) => ({
      name: `collector*app.pegasus*app.stat.${name}`,
      description: '',
      read: () => values.get(name) ?? 0,
    }));
    const remove = server.counters.add(counters);
    await server.counters.takeSnapshot();
    const always = [
      '# TYPE replica_server_memused_virt_MB_ gauge',
      `replica_server_memused_virt_MB_{${LABELS},app="",partition=""} 0.000000`,
      '# TYPE replica_server_memused_res_MB_ gauge',
      `replica_server_memused_res_MB_{${LABELS},app="",partition=""} 80.500000`,
      '# TYPE server_network_client_session_count gauge',
      `server_network_client_session_count{${LABELS},app="",partition=""} 0.000000`,
    ];
    const hotspots = (first: string, second: string) => [
      '# TYPE collector_app_pegasus_app_stat_hotspots0 gauge',
      `collector_app_pegasus_app_stat_hotspots0{${LABELS},app="temp",partition="read"} ${first}`,
      '# TYPE collector_app_pegasus_app_stat_hotspots1 gauge',
      `collector_app_pegasus_app_stat_hotspots1{${LABELS},app="temp",partition="read"} ${second}`,
      '',
    ];
    expect(await families()).toBe([...always, ...hotspots('0.000000', '3.000000')].join('\n'));

    // What was counted since is not shown, and what is gone keeps its last value.
    values.set('hotspots@temp.read.0', 2);
    expect(await families()).toBe([...always, ...hotspots('0.000000', '3.000000')].join('\n'));
    await server.counters.takeSnapshot();
    remove();
    values.set('hotspots@temp.read.0', 9);
    await server.counters.takeSnapshot();
    expect(await families()).toBe([...always, ...hotspots('2.000000', '3.000000')].join('\n'));
  });

  test('leaves out what has no name there, and says so once', async () => {
    await start(prometheus);
    server.counters.add([{ name: 'a*b*c@1.2.3.4', description: '', read: () => 1 }]);
    await server.counters.takeSnapshot();
    await server.counters.takeSnapshot();
    expect(await families()).not.toContain('a_b_c');
    const said = log.lines.filter((text) => text.includes('a*b*c'));
    expect(said).toEqual([
      'W prometheus: a*b*c@1.2.3.4 cannot be named and is left out; a real server of 2.5 ends here',
    ]);
  });

  test('serves /metrics only, and no browser from elsewhere', async () => {
    await start(prometheus);
    expect((await get('/')).statusLine).toBe('HTTP/1.1 404 Not Found');
    expect((await get('/metrics?x=1')).statusLine).toBe('HTTP/1.1 200 OK');
    expect((await get('/metrics', 'evil.example')).statusLine).toBe('HTTP/1.1 403 Forbidden');
    expect((await get('/metrics', 'onebox.test')).statusLine).toBe('HTTP/1.1 200 OK');
  });

  test('a taken port stops the start', async () => {
    await start(prometheus);
    const port = exposerPort();
    await expect(start({ kind: 'prometheus', port })).rejects.toMatchObject({
      code: 'ONEBOX_PORT_IN_USE',
      message: `127.0.0.1:${port}, where Prometheus is to find the counters, is taken by another process`,
      data: { port },
    });
  });

  test.each([
    ['none', 'prometheus', 'this version has no perf counters'],
    ['2.4', 'Prometheus', 'this version knows only prometheus'],
    ['2.0', 'PROMETHEUS', 'this version knows only prometheus'],
  ] as const)('has no effect in %s as %s', async (release, sinkWord, why) => {
    await start(prometheus, { release, settings: { updateIntervalMs: 10_000, sinkWord, sink: prometheus } });
    expect(log.lines).toEqual([`W [pegasus.server] perf_counter_sink = ${sinkWord} has no effect: ${why}`]);
  });

  test('may be written in any case for 2.5', async () => {
    const settings = { updateIntervalMs: 10_000, sinkWord: 'Prometheus', sink: prometheus };
    await start(prometheus, { settings });
    expect((await get('/metrics')).statusLine).toBe('HTTP/1.1 200 OK');
  });
});

describe('perf_counter_sink = falcon', () => {
  test('posts every snapshot to the agent', async () => {
    const pushes: { request: IncomingMessage; body: string }[] = [];
    const agent = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        pushes.push({ request, body: Buffer.concat(chunks).toString() });
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
    const { port } = agent.address() as AddressInfo;
    await start({ kind: 'falcon', host: '127.0.0.1', port, path: '/v1/push' });
    await server.counters.takeSnapshot();
    const push = await until('a push', () => pushes[0], { withinMs: 5000 });
    agent.close();
    expect([push.request.method, push.request.url, push.request.headers['content-type']]).toEqual([
      'POST',
      '/v1/push',
      'application/x-www-form-urlencoded',
    ]);
    const item = (metric: string, value: string) =>
      `{"endpoint":"127.0.0.1","metric":"${metric}","timestamp":${server.clock.unixMs() / 1000},"step":10,"value":${value},"counterType":"GAUGE","tags":"service=pegasus,cluster=onebox,job=collector,port=34101"}`;
    expect(push.body).toBe(
      `[${[
        item('replica*server*memused.virt(MB)', '0.0'),
        item('replica*server*memused.res(MB)', '80.5'),
        item('server*network*client_session_count', '0.0'),
      ].join(',')}]`,
    );
  });

  test('an agent that is not there is told', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await start({ kind: 'falcon', host: '127.0.0.1', port, path: '/v1/push' });
    const warnings = () => log.lines.filter((text) => text.startsWith('W '));
    await server.counters.takeSnapshot();
    await until('the warning', () => warnings().length > 0, { withinMs: 5000 });
    expect(warnings()).toEqual([
      `W falcon: 127.0.0.1:${port}/v1/push gets no counters: Error: connect ECONNREFUSED 127.0.0.1:${port}`,
    ]);
  });
});
