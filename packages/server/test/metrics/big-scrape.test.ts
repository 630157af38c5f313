import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FakeClock, bounded, until } from '@onebox/base';
import { MetricRegistry } from '../../src';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../src';
import { metricsHandler } from '../../src/metrics/metrics-call';
import { MOST_SCRAPES } from '../../src/metrics/scrape-slots';
import { requestText } from '../golden/golden-vectors';
import { TestServer } from '../listener/test-server';

const REPLICAS = 150;
const WITHIN_MS = 20_000;
const REQUEST = requestText('GET', '/metrics?detail=true');

let registry: MetricRegistry;
let server: TestServer;
let handler: HttpHandler;
beforeAll(async () => {
  registry = new MetricRegistry({ clock: new FakeClock(), role: 'replica', retirementDelayMs: 600_000 });
  for (let replica = 0; replica < REPLICAS; replica += 1) {
    const id = `${1 + (replica % 7)}.${replica}`;
    const attributes = { table_id: String(1 + (replica % 7)), partition_id: String(replica) };
    const entity = registry.entity('replica', `replica@${id}`, attributes);
    if (replica % 3 === 0) entity.admit('dup-source');
    entity.counter('get_requests').add(replica * 1000);
    entity.gauge('private_log_size_mb').set(-replica);
    entity.counter('get_bytes').add(2n ** 60n + BigInt(replica));
  }
  handler = metricsHandler({
    entities: () => registry.entities(),
    clock: new FakeClock(),
    cluster: () => 'onebox',
    role: 'replica',
    host: 'box-1',
    port: 34801,
  });
  server = await TestServer.start({ role: 'replica', handlers: { '/metrics': handler } });
});
afterAll(async () => {
  await server.close();
  registry.close();
});

const open = async (request: string): Promise<Socket> => {
  const socket = connect(server.address);
  socket.on('error', () => undefined);
  socket.pause();
  await bounded('sending', WITHIN_MS, new Promise<void>((resolve) => socket.write(request, () => resolve())));
  return socket;
};

/** Everything a connection says, when that many bytes of bodies have come. */
async function whole(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  let expected: number | undefined;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    const head = /^HTTP.*Content-Length: (\d+)\r\n\r\n/s.exec(chunks[0]?.toString('latin1', 0, 200) ?? '');
    expected ??= head === null ? undefined : head[0].length + Number(head[1]);
  });
  socket.resume();
  await until('the whole answer', () => length === expected, { withinMs: WITHIN_MS, everyMs: 5 });
  socket.destroy();
  const text = Buffer.concat(chunks).toString('utf8');
  return text.slice(text.indexOf('\r\n\r\n') + 4);
}

test('an answer made in slices has every entity, in the one format, and its exact length', async () => {
  const body = await whole(await open(REQUEST));
  // Numbers beyond 2^53 become text, so that reading them loses nothing.
  const readable = body.replace(/: (-?\d{16,})/g, ': "#$1"');
  const document = JSON.parse(readable) as {
    entities: { id: string; metrics: { name: string; value?: number | string }[] }[];
  };
  expect(JSON.stringify(document, null, 4).replace(/"#(-?\d+)"/g, '$1')).toBe(body);
  expect(document.entities.map((entity) => entity.metrics.length)).toEqual([
    39,
    ...Array.from({ length: REPLICAS }, (_, replica) => (replica % 3 === 0 ? 132 : 123)),
  ]);
  const last = document.entities.at(-1)?.metrics ?? [];
  const valueOf = (name: string) => last.find((metric) => metric.name === name)?.value;
  expect(valueOf('get_requests')).toBe((REPLICAS - 1) * 1000);
  expect(valueOf('private_log_size_mb')).toBe(1 - REPLICAS);
  expect(valueOf('get_bytes')).toBe(`#${2n ** 60n + BigInt(REPLICAS - 1)}`);
});

test('clients that do not read, or go away, keep nobody else from scraping', async () => {
  const lazy = await Promise.all(Array.from({ length: 2 * MOST_SCRAPES }, () => open(REQUEST)));
  const patient = await open(REQUEST);
  for (const client of lazy) client.destroy();
  expect((await whole(patient)).endsWith(']\n}')).toBe(true);
});

describe('when as many big answers are under way as may be', () => {
  const scrape = async (args: Readonly<Record<string, string>>, more: Partial<HttpRequest> = {}) =>
    handler({
      method: 'GET',
      path: 'metrics',
      args: new Map(Object.entries(args)),
      rawUrl: '/metrics',
      body: Buffer.alloc(0),
      ...more,
    });
  let underWay: HttpResponse[];
  beforeEach(async () => {
    underWay = await Promise.all(Array.from({ length: MOST_SCRAPES }, () => scrape({ detail: 'true' })));
    expect(underWay.every(({ streamed }) => streamed !== undefined)).toBe(true);
  });
  afterEach(() => {
    for (const { streamed } of underWay) streamed?.close();
  });

  test('a small one does not wait', async () => {
    const { body } = await scrape({ ids: 'replica@1.0', metrics: 'learn_count' });
    expect(String(body)).toContain('"learn_count",\n                    "value": 0\n                }');
  });

  test('a further one waits until one has ended, and nothing is taken for a client that is gone by then', async () => {
    let taken = 0;
    const take = (): number => (taken += 1);
    registry.find('replica@1.0')?.gauge('rdb_estimated_keys').derive(take);
    const gone = scrape({}, { connectionIsClosed: () => true });
    const next = scrape({});
    underWay[0]?.streamed?.close();
    (await bounded('the slot', WITHIN_MS, gone)).streamed?.close();
    const { streamed } = await bounded('the next slot', WITHIN_MS, next);
    expect(taken).toBe(1);
    streamed?.close();
  });
});
