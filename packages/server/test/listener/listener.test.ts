import { connect } from 'node:net';
import { MemoryLogger, OneboxError, ScaledClock, toNode, until } from '@onebox/base';
import { make, queryCfgResponse, RPC, RpcClient } from '@onebox/protocol';
import { CallRegistry } from '../../src/http/call-registry';
import { createHttpServer } from '../../src/http/http-server';
import { startListener } from '../../src/listener/listener';
import { RpcRegistry } from '../../src/rpc';
import { ask, RawConnection } from '../golden/raw-http';
import { TestServer } from './test-server';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.close());

describe('the first four bytes', () => {
  test.each([
    'HEAD / HTTP/1.1\r\n\r\n',
    'PUT / HTTP/1.1\r\n\r\n',
    'get / HTTP/1.1\r\n\r\n',
    '_RAW',
    '\r\n\r\nGET /',
    'GETX',
    '\0\0\0\0',
    '\x16\x03\x01\x02',
  ])('%j closes the connection without a byte, and with one log line', async (bytes) => {
    const connection = await RawConnection.open(server.address);
    await connection.send(bytes);
    expect(await connection.closed()).toBe('');
    const hex = Buffer.from(bytes, 'latin1').toString('hex', 0, 4);
    expect(server.log.lines).toEqual([
      expect.stringMatching(
        `^W connection from 127[.]0[.]0[.]1:[0-9]+ closed: no protocol begins with ${hex}$`,
      ),
    ]);
  });

  test('may come one by one', async () => {
    const connection = await RawConnection.open(server.address);
    for (const byte of 'GET /version HTTP/1.1\r\n\r\n') {
      expect(connection.quiet).toBe(true);
      await connection.send(byte);
    }
    expect((await connection.response()).statusLine).toBe('HTTP/1.1 200 OK');
    await connection.close();
  });

  test('never come: the connection stays, and a client that leaves is let go', async () => {
    const connection = await RawConnection.open(server.address);
    await connection.send('GE');
    expect((await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n')).statusLine).toBe('HTTP/1.1 200 OK');
    expect(connection.quiet).toBe(true);
    connection.finish();
    expect(await connection.closed()).toBe('');
  });

  test.each(['THFT', 'RDSN'])('%s goes to RPC with everything behind it', async (magic) => {
    const connection = await RawConnection.open(server.address);
    await connection.send(`${magic}first`);
    await until('the connection to reach RPC', () => server.rpc.connections.length === 1, { withinMs: 5000 });
    await connection.send('second');
    const [served] = server.rpc.connections;
    await until('the later bytes', () => `${served?.firstBytes}${served?.later}` === `${magic}firstsecond`, {
      withinMs: 5000,
    });
    connection.finish();
    await connection.closed();
    await until('RPC to see the end', () => served?.ended, { withinMs: 5000 });
  });

  test('of RPC may be split, too', async () => {
    const connection = await RawConnection.open(server.address);
    await connection.send('TH');
    await connection.send('FT');
    await until('the connection to reach RPC', () => server.rpc.connections.length === 1, { withinMs: 5000 });
    expect(server.rpc.connections[0]?.firstBytes).toBe('THFT');
    await connection.close();
  });
});

test('a server without HTTP closes its connections without a byte, and serves RPC', async () => {
  const deaf = await TestServer.start({ withoutHttp: true });
  for (const bytes of ['GET /version HTTP/1.1\r\n\r\n', 'POST']) {
    const connection = await RawConnection.open(deaf.address);
    await connection.send(bytes);
    expect(await connection.closed()).toBe('');
  }
  const rpc = await RawConnection.open(deaf.address);
  await rpc.send('THFT');
  await until('the connection to reach RPC', () => deaf.rpc.connections.length === 1, { withinMs: 5000 });
  await deaf.close();
  await rpc.closed();
});

test('an address that has its most connections gets no further one until it closes one', async () => {
  const limited = await TestServer.start({ mostPerAddress: 2 });
  const held = [await RawConnection.open(limited.address), await RawConnection.open(limited.address)];
  const refused = await RawConnection.open(limited.address);
  expect(await refused.closed()).toBe('');
  expect(limited.log.lines).toEqual([
    'W a connection from 127.0.0.1 is closed: that address has its most already',
  ]);
  await held[0]?.close();
  await until(
    'the place to be free',
    async () =>
      (await ask(limited.address, 'GET /version HTTP/1.1\r\n\r\n').catch(() => undefined)) !== undefined,
    { withinMs: 5000 },
  );
  await held[1]?.close();
  await limited.close();
});

test('1,000 idle connections do not keep others from being served', async () => {
  const idle = await Promise.all(Array.from({ length: 1000 }, () => RawConnection.open(server.address)));
  await Promise.all(idle.slice(0, 500).map((connection) => connection.send('GET /version HTTP/1.1\r\n\r\n')));
  const answers = await Promise.all(idle.slice(0, 500).map((connection) => connection.response()));
  expect(new Set(answers.map((answer) => answer.statusLine))).toEqual(new Set(['HTTP/1.1 200 OK']));
  expect((await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n')).statusLine).toBe('HTTP/1.1 200 OK');
  expect(idle.every((connection) => connection.quiet)).toBe(true);
  await server.close();
  await Promise.all(idle.map((connection) => connection.closed()));
});

test('a client that resets its connection disturbs nobody', async () => {
  for (const bytes of ['G', 'GET /version HTTP/1.1\r\n', 'THFTxx']) {
    await new Promise<void>((resolve) => {
      const socket = connect(server.address);
      socket.on('error', () => undefined);
      socket.once('close', () => resolve());
      socket.write(bytes, () => socket.resetAndDestroy());
    });
  }
  expect((await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n')).statusLine).toBe('HTTP/1.1 200 OK');
});

test('one port serves RPC over both framings and HTTP', async () => {
  const log = new MemoryLogger();
  const rpc = new RpcRegistry({ log }).on(RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, (request) =>
    make(queryCfgResponse, { err: 'ERR_OK', app_id: request.app_name.length }),
  );
  const http = createHttpServer({
    calls: new CallRegistry([]),
    variants: { urlPieces: 'trimmed', unknownLeader: 'invalid host_port' },
    advertisedHost: 'localhost',
    log,
  });
  const listener = await startListener({ bind: '127.0.0.1', port: 0, http, rpc, log });
  const address = { host: '127.0.0.1', port: listener.port };
  const clients = (['thft', 'rdsn'] as const).map(
    (framing) => new RpcClient({ framing, clock: new ScaledClock() }),
  );
  try {
    for (const client of clients) {
      const request = { app_name: 'x'.repeat(100_000), partition_indices: [] };
      const answers = [1, 2].map(() =>
        client.call(toNode(address), RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, request),
      );
      const expected = make(queryCfgResponse, { err: 'ERR_OK', app_id: 100_000 });
      expect(await Promise.all(answers)).toEqual([expected, expected]);
    }
    expect((await ask(address, 'GET /x HTTP/1.1\r\n\r\n')).body.toString()).toBe('service not found for "x"');
  } finally {
    for (const client of clients) client.close();
    rpc.close();
    await listener.close();
  }
  expect(log.lines).toEqual([]);
});

describe('closing', () => {
  test('ends every connection, frees the port, and may be repeated', async () => {
    const http = await RawConnection.open(server.address);
    await http.send('GET /version HTTP/1.1\r\n\r\n');
    await http.response();
    const rpc = await RawConnection.open(server.address);
    await rpc.send('THFT');
    const silent = await RawConnection.open(server.address);
    await until('the connection to reach RPC', () => server.rpc.connections.length === 1, { withinMs: 5000 });
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await Promise.all([http.closed(), rpc.closed(), silent.closed()]);
    const again = await TestServer.start({ port: server.address.port });
    await again.close();
  });
});

describe('a port that cannot be had', () => {
  test('is in use', async () => {
    const failure = await TestServer.start({ port: server.address.port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OneboxError);
    expect(failure).toMatchObject({
      code: 'ONEBOX_PORT_IN_USE',
      message: `port ${server.address.port} on 127.0.0.1 is already in use`,
      data: { bind: '127.0.0.1', port: server.address.port, cause: 'EADDRINUSE' },
    });
  });
});
