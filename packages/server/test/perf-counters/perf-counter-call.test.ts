import type { HttpResponse } from '../../src/http';
import { METRIC_CATALOG } from '../../src/metrics';
import type { MetricName } from '../../src/metrics';
import { perfCounterCall } from '../../src/perf-counters';
import { CountersUnderTest } from './counters-under-test';

let server: CountersUnderTest;

beforeEach(() => {
  server = new CountersUnderTest();
});

afterEach(() => server.close());

async function get(name: string): Promise<HttpResponse> {
  const args = new Map([['name', name]]);
  const rawUrl = `/perfCounter?name=${name}`;
  const request = { method: 'GET', path: 'perfCounter', args, rawUrl, body: Buffer.alloc(0) } as const;
  return perfCounterCall(server.counters)(request);
}

/** What the catalog says of a metric. */
function ofMetric(name: MetricName): string {
  return METRIC_CATALOG.find((metric) => metric.name === name)?.description ?? 'nothing';
}

describe('/perfCounter', () => {
  test('shows a NUMBER', async () => {
    server.replica(1, 2).gauge('rdb_estimated_keys').set(12);
    expect(await get('replica*app.pegasus*rdb.estimate_num_keys@1.2')).toEqual({
      status: 200,
      body: `{"name":"replica*app.pegasus*rdb.estimate_num_keys@1.2","value":"12.00","type":"NUMBER","description":"${ofMetric('rdb_estimated_keys')}"}\n`,
    });
  });

  test('shows what a VOLATILE_NUMBER counted since somebody looked, and begins anew', async () => {
    const replica = server.replica(1, 2);
    const name = 'replica*app.pegasus*recent.read.cu@1.2';
    const body = (value: string) =>
      `{"name":"${name}","value":"${value}","type":"VOLATILE_NUMBER","description":"${ofMetric('read_capacity_units')}, since somebody looked last"}\n`;
    replica.counter('read_capacity_units').add(7);
    expect((await get(name)).body).toBe(body('7.00'));
    expect((await get(name)).body).toBe(body('0.00'));
    replica.counter('read_capacity_units').add(2);
    expect((await get(name)).body).toBe(body('2.00'));
  });

  test('shows a RATE per second since somebody looked, and repeats it within 0.1 s', async () => {
    const replica = server.replica(1, 2);
    const name = 'replica*app.pegasus*get_qps@1.2';
    const body = (value: string) =>
      `{"name":"${name}","value":"${value}","type":"RATE","description":"${ofMetric('get_requests')}, per second"}\n`;
    expect((await get(name)).body).toBe(body('0.00'));
    replica.counter('get_requests').add(30);
    server.clock.advance(4000);
    expect((await get(name)).body).toBe(body('7.50'));
    replica.counter('get_requests').add(10);
    server.clock.advance(100);
    expect((await get(name)).body).toBe(body('7.50'));
    server.clock.advance(1900);
    expect((await get(name)).body).toBe(body('5.00'));
  });

  test('shows p99 and p999 of a PERCENTILE', async () => {
    const replica = server.replica(1, 2);
    const name = 'replica*app.pegasus*get_latency@1.2';
    const body = (p99: string, p999: string) =>
      `{"name":"${name}","p99":"${p99}","p999":"${p999}","type":"PERCENTILE","description":"${ofMetric('get_latency_ns')}"}\n`;
    expect((await get(name)).body).toBe(body('0.00', '0.00'));
    for (let sample = 1; sample <= 1000; sample += 1) replica.percentile('get_latency_ns').sample(sample);
    server.clock.advance(11_000);
    expect((await get(name)).body).toBe(body('991.00', '1000.00'));
  });

  test.each([
    'nosuch',
    '',
    'replica*app.pegasus*get_latency@1.2.p999',
    'replica*app.pegasus*GET_qps@1.2',
    'replica*app.pegasus*get_qps@1.3',
    'replica*app.pegasus*get_qps',
  ])('finds nothing under %p, which is no error', async (name) => {
    server.replica(1, 2);
    expect(await get(name)).toEqual({ status: 200, body: '{}\n' });
  });

  test('forgets a replica as soon as it is closed', async () => {
    const name = 'replica*app.pegasus*get_qps@1.2';
    const replica = server.replica(1, 2);
    expect((await get(name)).body).not.toBe('{}\n');
    replica.release();
    expect((await get(name)).body).toBe('{}\n');
    server.replica(1, 2);
    expect((await get(name)).body).not.toBe('{}\n');
  });

  test('takes what it shows from the next snapshot', async () => {
    const name = 'replica*app.pegasus*recent.read.cu@1.2';
    const replica = server.replica(1, 2);
    replica.counter('read_capacity_units').add(7);
    await get(name);
    replica.counter('read_capacity_units').add(1);
    await server.counters.takeSnapshot();
    const { parts } = server.counters.snapshot;
    const part = parts.find(({ group }) => group.find(name) !== undefined);
    expect(part?.values[part.group.find(name) ?? -1]).toBe(1);
  });
});
