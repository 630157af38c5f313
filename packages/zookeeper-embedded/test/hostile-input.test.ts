import { FakeClock, until } from '@onebox/base';
import { EmbeddedZooKeeper, type EmbeddedZooKeeperOptions, MemoryJournal } from '../src';
import { Code, LONGEST_FRAME, OpCode } from '../src/wire';
import { AddWatchRequest } from '../src/wire/records';
import { RawClient } from './support/raw-client';
import { createBody, multiBody, readBody, setDataBody } from './support/requests';

const SOON = { withinMs: 20_000, everyMs: 2 };

describe('whatever is sent, the connection suffers and not the server', () => {
  let server: EmbeddedZooKeeper;
  const clients: RawClient[] = [];

  async function start(options: Partial<EmbeddedZooKeeperOptions> = {}): Promise<void> {
    const journal = new MemoryJournal();
    server = await EmbeddedZooKeeper.start({
      host: '127.0.0.1',
      port: 0,
      tickTimeMs: 1000,
      journal,
      ...options,
    });
  }
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    try {
      await serves();
    } finally {
      await server.close();
    }
  });

  /** A client that comes now is served; with as many as allowed before it, once one of them is seen to be gone. */
  async function serves(): Promise<void> {
    const one = await until('a session', () => RawClient.open(server.port).catch(() => undefined), SOON);
    expect((await one.request(OpCode.exists, readBody('/'))).err).toBe(0);
    await one.close();
  }

  async function silent(): Promise<RawClient> {
    const one = await RawClient.silent(server.port);
    clients.push(one);
    return one;
  }

  const length = (bytes: number): Buffer => {
    const buffer = Buffer.alloc(4);
    buffer.writeInt32BE(bytes);
    return buffer;
  };

  test.each([
    ['a negative length', length(-1)],
    ['a length beyond jute.maxbuffer', length(LONGEST_FRAME + 1)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an empty connect request', length(0)],
    ['a truncated connect request', Buffer.concat([length(10), Buffer.alloc(10)])],
    ['noise', Buffer.from('\xff\xfe\xfd\xfc'.repeat(100), 'latin1')],
  ])('%s in place of a connect request ends the connection', async (_what, bytes) => {
    await start();
    const one = await silent();
    one.send(bytes);
    await one.closed;
    expect(one.story).toEqual([]);
  });

  test.each([
    ['a negative length', length(-5)],
    ['a length beyond jute.maxbuffer', length(LONGEST_FRAME + 1)],
    ['no request header', Buffer.concat([length(3), Buffer.alloc(3)])],
    ['a four-letter word', Buffer.from('ruok')],
  ])('%s in place of a request ends the connection, and the session lives on', async (_what, bytes) => {
    await start();
    const one = await RawClient.open(server.port);
    const { sessionId, password } = one;
    one.send(bytes);
    await one.closed;
    const again = await RawClient.open(server.port, { sessionId, password });
    expect(again.sessionId).toBe(sessionId);
    await again.close();
  });

  test('the longest request is answered', async () => {
    await start();
    const one = await silent();
    await one.handshake();
    const room = 'x'.repeat(LONGEST_FRAME - 8 - 4 - 2 - 4 - 4);
    await one.request(OpCode.create, createBody('/a'));
    expect((await one.request(OpCode.setData, setDataBody('/a', room))).err).toBe(0);
    const answer = one.request(OpCode.setData, setDataBody('/a', `${room}x`));
    await expect(answer).rejects.toThrow('closed');
  });

  test('paths as long and as deep as a request allows are paths like others', async () => {
    await start();
    const one = await silent();
    await one.handshake();
    const deep = '/d'.repeat(400_000);
    expect((await one.request(OpCode.create, createBody(deep))).err).toBe(Code.NO_NODE);
    expect((await one.request(OpCode.exists, readBody(deep, true))).err).toBe(Code.NO_NODE);
    expect((await one.request(OpCode.create, createBody(`/${'n'.repeat(1_000_000)}`))).err).toBe(0);
    let path = '';
    for (let depth = 0; depth < 300; depth += 1) {
      path += '/d';
      expect((await one.request(OpCode.create, createBody(path))).err).toBe(0);
    }
  });

  test('a connection that says nothing is closed after ten seconds, one with half a request as well', async () => {
    const clock = new FakeClock();
    await start({ clock });
    const [quiet, half] = [await silent(), await silent()];
    half.send(length(1000));
    const client = await RawClient.open(server.port);
    clients.push(client);
    clock.advance(9000);
    await client.request(OpCode.ping);
    expect([quiet.socket.destroyed, half.socket.destroyed]).toEqual([false, false]);
    clock.advance(6000);
    await Promise.all([quiet.closed, half.closed]);
    expect((await client.request(OpCode.ping)).err).toBe(0);
  });

  test('a thousand idle connections do not keep others from being served', async () => {
    await start();
    const idle = await Promise.all(Array.from({ length: 1000 }, () => silent()));
    await serves();
    expect(idle.filter(({ socket }) => socket.destroyed)).toEqual([]);
  });

  test('more connections than are allowed are refused, all in all and from one address', async () => {
    await start({ maxConnections: 3 });
    const three = await Promise.all([silent(), silent(), silent()]);
    const fourth = await silent();
    await fourth.closed;
    await Promise.all(three.map((one) => one.close()));
    await serves();
    await server.close();

    await start({ maxClientCnxns: 1 });
    const first = await silent();
    const second = await silent();
    await second.closed;
    await first.close();
  });

  test('a client that does not read its answers is not read from either, until it does', async () => {
    await start();
    const one = await silent();
    await one.handshake();
    await one.request(OpCode.create, createBody('/big', { data: Buffer.alloc(500_000) }));
    one.socket.pause();
    const answers = Array.from({ length: 200 }, () => one.request(OpCode.getData, readBody('/big')));
    const other = await silent();
    await other.handshake();
    await until(
      'the stall',
      async () => {
        await other.request(OpCode.ping);
        return server.statistics.received > 20;
      },
      SOON,
    );
    // A hundred megabytes were asked for, and only what the socket and a little room takes was made.
    expect(server.statistics.received).toBeLessThan(150);
    one.socket.resume();
    expect((await Promise.all(answers)).map(({ err }) => err)).toEqual(Array(200).fill(0));
  });

  test('a client that does not read its watch events is let go', async () => {
    await start();
    const [watching, writing] = [await silent(), await silent()];
    await watching.handshake();
    await writing.handshake();
    const long = `/${'n'.repeat(900_000)}`;
    await writing.request(OpCode.create, createBody(long));
    await watching.request(OpCode.addWatch, (to) => AddWatchRequest.write(to, { path: long, mode: 0 }));
    watching.socket.pause();
    for (let sets = 0; sets < 60; sets += 1) await writing.request(OpCode.setData, setDataBody(long, ''));
    watching.socket.resume(); // It sees only now that it was closed.
    await watching.closed;
    expect(watching.story.length).toBeLessThan(60);
  });

  test('a request for more than can be answered ends the connection', async () => {
    await start();
    const one = await silent();
    await one.handshake();
    await one.request(OpCode.create, createBody('/big', { data: Buffer.alloc(500_000) }));
    const parts = Array.from({ length: 1000 }, () => [OpCode.getData, readBody('/big')] as const);
    const answer = one.request(OpCode.multiRead, multiBody(...parts));
    await expect(answer).rejects.toThrow('closed');
  });

  test('a thousand damaged requests in a row', async () => {
    await start();
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % below;
    };
    const known = Object.values(OpCode).filter((opCode) => opCode > 0 && opCode !== OpCode.sasl);
    const one = await silent();
    await one.handshake();
    const asked = Array.from({ length: 1000 }, () => {
      const bytes = Buffer.from(Array.from({ length: random(60) }, () => random(256)));
      // Half of them have a small length in front, so that something is read.
      if (random(2) === 0 && bytes.length >= 4) bytes.writeInt32BE(random(12), 0);
      const opCode = known.filter((code) => code !== OpCode.auth)[random(known.length - 1)] ?? OpCode.create;
      return one.request(opCode, (to) => to.raw(bytes));
    });
    const codes = new Set((await Promise.all(asked)).map(({ err }) => err));
    expect(codes).toContain(Code.MARSHALLING_ERROR);
    expect(codes).toContain(Code.BAD_ARGUMENTS);
  });
});
