import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { bounded, until } from '@onebox/base';
import { okStreamed } from '../../src/http/http-call';
import type { StreamedBody } from '../../src/http/streamed-body';
import { requestText } from '../golden/golden-vectors';
import { RawConnection, ask } from '../golden/raw-http';
import { TestServer } from '../listener/test-server';

const WITHIN_MS = 10_000;

/** An answer of equal pieces, which tells what was done with it. */
class Pieces implements StreamedBody {
  asked = 0;
  closed = 0;

  constructor(
    private readonly count: number,
    private readonly size: number,
    private readonly failAt = Infinity,
  ) {}

  get length(): number {
    return this.count * this.size;
  }

  async next(): Promise<Buffer | undefined> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.asked += 1;
    if (this.asked === this.failAt) throw new Error('no more pieces');
    return this.asked > this.count ? undefined : Buffer.alloc(this.size, String(this.asked % 10));
  }

  close(): void {
    this.closed += 1;
  }
}

let server: TestServer;
let bodies: Pieces[];
/** What the next requests are answered with. */
let make: () => Pieces;
const start = async (longestStallMs?: number): Promise<void> => {
  bodies = [];
  server = await TestServer.start({
    longestStallMs,
    handlers: {
      '/metrics': () => {
        const body = make();
        bodies.push(body);
        return okStreamed(body);
      },
    },
  });
};
afterEach(() => server.close());

const REQUEST = requestText('GET', '/metrics');

/** A client that reads nothing until it is told to. */
async function lazyClient(request: string): Promise<Socket> {
  const socket = connect(server.address);
  socket.on('error', () => undefined);
  socket.pause();
  await bounded('sending', WITHIN_MS, new Promise<void>((resolve) => socket.write(request, () => resolve())));
  return socket;
}

const everyBodyClosed = (count: number): Promise<unknown> =>
  until(
    'the end of the answers',
    () => bodies.length === count && bodies.every((body) => body.closed === 1),
    {
      withinMs: WITHIN_MS,
    },
  );

test('a streamed answer has its exact length and the usual header fields', async () => {
  await start();
  make = () => new Pieces(3, 5);
  const { statusLine, headers, body } = await ask(server.address, REQUEST);
  expect({ statusLine, headers, body: body.toString() }).toEqual({
    statusLine: 'HTTP/1.1 200 OK',
    headers: ['Content-Type: text/plain', 'Content-Length: 15'],
    body: '111112222233333',
  });
  expect(bodies).toEqual([expect.objectContaining({ asked: 4, closed: 1 })]);
});

test('an empty one is answered too', async () => {
  await start();
  make = () => new Pieces(0, 0);
  expect((await ask(server.address, REQUEST)).headers).toContain('Content-Length: 0');
});

test('pipelined ones come whole and in order, with other answers between them', async () => {
  await start();
  make = () => new Pieces(20, 50_000);
  const connection = await RawConnection.open(server.address);
  await connection.send(REQUEST + requestText('GET', '/nosuch') + REQUEST);
  const lengths = [await connection.response(), await connection.response(), await connection.response()];
  expect(lengths.map(({ body }) => body.length)).toEqual([
    1_000_000,
    'service not found for "nosuch"'.length,
    1_000_000,
  ]);
  await connection.close();
  await everyBodyClosed(2);
});

test('no piece is made for a client that does not read', async () => {
  await start();
  make = () => new Pieces(2000, 100_000);
  const client = await lazyClient(REQUEST + REQUEST);
  await until('two answers', () => bodies.length === 2, { withinMs: WITHIN_MS });
  let before = -1;
  await until(
    'a standstill',
    () => {
      const [now, last] = [bodies[0]?.asked ?? 0, before];
      before = now;
      return now > 0 && now === last;
    },
    { withinMs: WITHIN_MS, everyMs: 100 },
  );
  expect(bodies[0]?.asked).toBeLessThan(200);
  // The answer behind it has not even begun.
  expect(bodies[1]?.asked).toBe(0);
  client.destroy();
  await everyBodyClosed(2);
});

test('a client that goes away stops it, at once or in the middle', async () => {
  await start();
  make = () => new Pieces(2000, 100_000);
  const clients = await Promise.all([1, 2, 3].map(() => lazyClient(REQUEST)));
  await until('three answers', () => bodies.length === 3 && bodies.every((body) => body.asked > 1), {
    withinMs: WITHIN_MS,
  });
  for (const client of clients) client.destroy();
  await everyBodyClosed(3);
  expect(bodies.every((body) => body.asked < 2000)).toBe(true);
  const gone = await lazyClient(REQUEST.repeat(3));
  gone.destroy();
  make = () => new Pieces(1, 1);
  expect((await ask(server.address, REQUEST)).body.toString()).toBe('1');
  await until('the end', () => bodies.every((body) => body.closed === 1), { withinMs: WITHIN_MS });
});

test('a client that takes nothing for too long has its connection closed', async () => {
  await start(50);
  make = () => new Pieces(2000, 100_000);
  const client = await lazyClient(REQUEST);
  await everyBodyClosed(1);
  client.resume();
  await bounded('the end', WITHIN_MS, new Promise<void>((resolve) => client.once('close', () => resolve())));
});

test('a body that fails closes the connection and is logged', async () => {
  await start();
  make = () => new Pieces(10, 10, 3);
  const connection = await RawConnection.open(server.address);
  await connection.send(REQUEST);
  expect(await connection.closed()).toMatch(/\r\n\r\n1{10}2{10}$/);
  expect(server.log.lines).toEqual(['E the answer to GET /metrics cannot be sent: no more pieces']);
  await everyBodyClosed(1);
});
