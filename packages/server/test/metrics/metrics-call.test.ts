import { PROFILES } from '../../src/profile/profiles';
import { ask } from '../golden/raw-http';
import { requestText } from '../golden/golden-vectors';
import { TestServer } from '../listener/test-server';
import { ENVELOPE, GOLDEN, MetricsFixture, expectedMetricsBody } from './metrics-fixture';
import type { MetricsVector } from './metrics-fixture';

let fixture: MetricsFixture;
let server: TestServer;
beforeAll(async () => {
  fixture = new MetricsFixture();
  server = await TestServer.start({
    role: 'replica',
    profile: PROFILES.master,
    handlers: { '/metrics': fixture.handler },
  });
});
afterAll(async () => {
  await server.close();
  fixture.close();
});

const metrics = async (query: string, method = 'GET'): Promise<{ statusLine: string; body: string }> => {
  const url = `/metrics${query === '' ? '' : `?${query}`}`;
  const answer = await ask(
    server.address,
    requestText(method, url, method === 'POST' ? 'types=x' : undefined),
  );
  expect(answer.headers).toEqual(['Content-Type: text/plain', `Content-Length: ${answer.body.length}`]);
  return { statusLine: answer.statusLine, body: answer.body.toString('utf8') };
};

const timestampOf = (body: string): string => /"timestamp_ns": (\d+),/.exec(body)?.[1] ?? 'none';

const check = async (vector: MetricsVector): Promise<void> => {
  const { statusLine, body } = await metrics(vector.query, vector.method);
  expect(statusLine).toBe(`HTTP/1.1 ${vector.status} ${vector.status === 200 ? 'OK' : 'Bad Request'}`);
  expect(body).toBe(expectedMetricsBody(vector, timestampOf(body)));
};

describe('the vectors', () => {
  test.each(GOLDEN.vectors.map((vector, at) => ({ at, name: `${vector.method} ${vector.query}`, vector })))(
    '$at: $name',
    ({ vector }) => check(vector),
  );
});

describe('the query', () => {
  const all = GOLDEN.vectors.find(({ query }) => query === '')?.entities ?? {};
  const only = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, all[id] ?? {}]));

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['attributes=,,table,,test_app_6,', only('app_6')],
    ['attributes=a,,b', {}],
    ['types=my_app%26ids%3Dapp_5', only('app_5')],
    ['types=my_app&types', only('app_5', 'app_6')],
    ['ids=%20app_5%09,%0a', only('app_5')],
    ['ids=+app_5', {}],
    ['types=MY_APP', {}],
    ['detail=false', all],
    ['ids=app_5%00,app_6', only('app_5')],
    ['attributes=partition,5.1,table,test_app_6', only('replica_5.1', 'app_6')],
    ['with_metric_fields=nothing&ids=app_5', { app_5: [[], []] }],
  ])('%s', async (query, entities) => {
    await check({ method: 'GET', query, status: 200, entities: entities as MetricsVector['entities'] });
  });

  test.each([
    [
      'attributes=a,',
      'the number of arguments for attributes should be even, since each attribute name always pairs with a value',
    ],
    ['detail', 'the value of detail should be a boolean value, i.e. true or false'],
    ['foo', 'unknown field foo='],
    ['foo=a%22%0a%5c', 'unknown field foo=a\\"\\n\\\\'],
    ['detail=x&bogus=1', 'unknown field bogus=1'],
    ['bogus=1&detail=x', 'the value of detail should be a boolean value, i.e. true or false'],
    ['bogus=1&types=my_app', 'unknown field bogus=1'],
  ])('%s is refused', async (query, message) => {
    const { statusLine, body } = await metrics(query);
    expect(statusLine).toBe('HTTP/1.1 400 Bad Request');
    expect(body).toBe(`{\n    "error_message": "${message}"\n}`);
  });

  test('may be long', () =>
    check({
      method: 'GET',
      query: `types=${'x,'.repeat(20_000)}my_app`,
      status: 200,
      entities: only('app_5', 'app_6'),
    }));

  test('an unknown field comes back byte for byte', async () => {
    const answer = await ask(server.address, requestText('GET', '/metrics?f%ff=%e4%bd%a0'));
    expect(answer.body.toString('latin1')).toBe(
      '{\n    "error_message": "unknown field f\xff=\xe4\xbd\xa0"\n}',
    );
  });

  test('a path is the same with further slashes; case counts', async () => {
    const status = async (url: string) => (await ask(server.address, requestText('GET', url))).statusLine;
    expect(await status('//metrics/')).toBe('HTTP/1.1 200 OK');
    expect(await status('/Metrics')).toBe('HTTP/1.1 404 Not Found');
  });
});

describe('the timestamp', () => {
  test('is the wall clock in nanoseconds, exactly, and grows with every scrape', async () => {
    const seen: bigint[] = [];
    for (let scrape = 0; scrape < 5; scrape += 1)
      seen.push(BigInt(timestampOf((await metrics('ids=none')).body)));
    const sorted = [...new Set(seen)].sort((a, b) => (a < b ? -1 : 1));
    expect(seen).toEqual(sorted);
    const wallNs = BigInt(fixture.clock.unixMs()) * 1_000_000n;
    expect(seen.every((ns) => ns >= wallNs && ns < wallNs + 10_000_000n)).toBe(true);
  });
});

test('values follow what is counted', async () => {
  const counter = fixture.registry.find('app_5')?.counter('test_app_counter' as 'get_requests');
  const value = async () => {
    const { body } = await metrics('ids=app_5&metrics=test_app_counter&with_metric_fields=value');
    return /"value": (-?\d+)/.exec(body)?.[1];
  };
  const before = counter?.value;
  counter?.add(2n ** 60n);
  expect(await value()).toBe('1152921504606846977');
  expect(before).toBe(1);
});

test('the envelope says unknown for a cluster without a name', async () => {
  const { metricsHandler } = await import('../../src/metrics/metrics-call');
  const nameless = metricsHandler({
    ...ENVELOPE,
    entities: () => [],
    clock: fixture.clock,
    cluster: () => '',
  });
  const { body } = await nameless({
    method: 'GET',
    path: 'metrics',
    args: new Map(),
    rawUrl: '',
    body: Buffer.alloc(0),
  });
  expect(body.toString().replace(/_ns": \d+/, '_ns": 1')).toBe(
    '{\n    "cluster": "unknown",\n    "role": "replica",\n    "host": "box-1",\n    "port": 34801,\n    "timestamp_ns": 1,\n    "entities": []\n}',
  );
});
