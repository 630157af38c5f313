import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { bounded, nodeAddress } from '@onebox/base';
import { requestText } from '../../packages/server/test/golden/golden-vectors';
import { RawConnection, ask } from '../../packages/server/test/golden/raw-http';
import type { Address } from '../../packages/server/test/golden/raw-http';
import { heldMb, memoryReturnsTo } from '../support/held-memory';
import { OneProcessCluster } from './support/one-process-cluster';

let cluster: OneProcessCluster;
let address: Address;
beforeAll(async () => {
  cluster = await OneProcessCluster.start();
  address = nodeAddress(cluster.leader);
  // Express and everything else that is loaded by the first request.
  for (const url of ['/version', '/configs', '/metrics', '/meta/apps?detail']) await get(url);
});
afterAll(() => cluster.close());

async function get(url: string): Promise<string> {
  return (await ask(address, requestText('GET', url))).statusLine;
}

async function stillServes(): Promise<void> {
  for (const url of ['/version', '/configs', '/meta/apps?detail', '/metrics']) {
    expect([url, await get(url)]).toEqual([url, 'HTTP/1.1 200 OK']);
  }
}

/** A connection that reads nothing and says what it is told. */
async function open(firstBytes: string): Promise<Socket> {
  const socket = connect({ ...address, allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.pause();
  await bounded('a connection', 10_000, new Promise((resolve) => socket.once('connect', resolve)));
  if (firstBytes !== '') socket.write(Buffer.from(firstBytes, 'latin1'));
  return socket;
}

/** Opens so many at a time as the backlog takes. */
async function openMany(count: number, firstBytes: (index: number) => string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(200, count - sockets.length) }, (_none, index) =>
      open(firstBytes(sockets.length + index)),
    );
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

async function closeAll(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map((socket) => {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      return bounded('the end of a connection', 10_000, closed);
    }),
  );
  // The other ends hear of it by an event of their own.
  await get('/version');
}

const LONG_BODY = `POST /meta/app/start_compaction HTTP/1.1\r\nContent-Length: ${1024 * 1024}\r\n\r\n${'x'.repeat(500_000)}`;

test.each<[string, number, (index: number) => string]>([
  ['1,000 idle connections', 1000, () => ''],
  [
    '1,000 connections with a piece of a request each',
    1000,
    (index) => 'GET /version HTTP/1.1\r\nA: b'.slice(0, index % 28),
  ],
  ['100 connections that promise a body and send half of it', 100, () => LONG_BODY],
  [
    '20 clients that ask for everything and read nothing',
    20,
    () => requestText('GET', '/configs').repeat(10) + requestText('GET', '/metrics?detail=true').repeat(10),
  ],
])('%s: others are served meanwhile, and memory returns', async (_what, count, firstBytes) => {
  const before = heldMb();
  const sockets = await openMany(count, firstBytes);
  await stillServes();
  await closeAll(sockets);
  await stillServes();
  await memoryReturnsTo(before);
});

test('a client that sends a byte at a time gets its answer', async () => {
  const connection = await RawConnection.open(address);
  for (const byte of requestText('POST', '/meta/app/usage_scenario', '{"app_name":""}')) {
    await connection.send(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { statusLine, body } = await connection.response();
  expect([statusLine, body.toString()]).toEqual(['HTTP/1.1 400 Bad Request', 'app_name should not be empty']);
  await connection.close();
});

test('a client that closes its side right away is answered, or left without a byte when its request is not whole', async () => {
  const whole = await RawConnection.open(address);
  whole.finish(requestText('GET', '/version'));
  expect((await whole.response()).statusLine).toBe('HTTP/1.1 200 OK');
  expect(await whole.closed()).toBe('');
  for (const piece of ['', 'G', 'GET ', 'GET /version HTTP/1.1\r\n', LONG_BODY]) {
    const part = await RawConnection.open(address);
    part.finish(piece);
    expect(await part.closed()).toBe('');
  }
});

test('500 requests whose clients are gone before the answer leave nothing behind', async () => {
  const before = heldMb();
  for (let round = 0; round < 5; round += 1) {
    const sockets = await openMany(100, () => requestText('GET', '/configs'));
    await closeAll(sockets);
  }
  await stillServes();
  await memoryReturnsTo(before);
});
