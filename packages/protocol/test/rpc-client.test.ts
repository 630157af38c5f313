import type { Socket } from 'node:net';
import { bounded, FakeClock, nodeAddress, parseNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver } from '../src/address';
import { encodeArgument } from '../src/codec';
import type { Framing, RequestFrame } from '../src/framing';
import type { Rpc } from '../src/rpc-catalog';
import { DEFAULT_TIMEOUT_MS, RpcError } from '../src/rpc-client';
import { blob, string } from '../src/schema';
import { ClientBench, echo, failure, ScriptedServer, silent } from './scripted-server';
import { SeededRandom } from './seeded-random';

const ECHO: Rpc<string, string> = { code: 'RPC_TEST_ECHO', request: string, response: string };
const BLOB: Rpc<Buffer, string> = { code: 'RPC_TEST_BLOB', request: blob, response: string };

const bench = new ClientBench();

afterEach(() => bench.close());

describe.each(['thft', 'rdsn'] as const)('over %s', (framing) => {
  test('a call gives the result, and calls to one server share a connection', async () => {
    const server = await bench.serverThat(framing, echo);
    const caller = bench.client({ framing });
    const texts = Array.from({ length: 50 }, (_unused, index) => `text ${index}`);
    expect(await Promise.all(texts.map((text) => caller.call(server.node, ECHO, text)))).toEqual(texts);
    expect(server.connectionsSeen).toBe(1);
  });

  test('answers that come in another order find their callers', async () => {
    const waiting: [RequestFrame, Socket, Framing][] = [];
    const server = await bench.serverThat(framing, (...request) => {
      waiting.push(request);
      if (waiting.length === 3) for (const each of waiting.reverse()) echo(...each);
    });
    const caller = bench.client({ framing });
    const answers = ['a', 'b', 'c'].map((text) => caller.call(server.node, ECHO, text));
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
  });

  test('an answer in pieces of one byte is an answer', async () => {
    const server = await bench.serverThat(framing, (request, socket, used) => {
      const body = encodeArgument(0, string, 'slow', false);
      for (const byte of used.writeResponse(request, { error: 'ERR_OK', body }, null))
        socket.write(Buffer.from([byte]));
    });
    await expect(bench.client({ framing }).call(server.node, ECHO, 'x')).resolves.toBe('slow');
  });

  test('an error name in the frame rejects the call and leaves the connection', async () => {
    let failed = false;
    const server = await bench.serverThat(framing, (request, socket, used) => {
      if (failed) return echo(request, socket, used);
      failed = true;
      socket.write(
        used.writeResponse(request, { error: 'ERR_OBJECT_NOT_FOUND', body: Buffer.alloc(0) }, null),
      );
      return undefined;
    });
    const caller = bench.client({ framing });
    expect(await failure(caller.call(server.node, ECHO, 'x'))).toEqual({
      errorCode: 'ERR_OBJECT_NOT_FOUND',
      message: `RPC_TEST_ECHO to ${server.node}: the server answered ERR_OBJECT_NOT_FOUND`,
    });
    await expect(caller.call(server.node, ECHO, 'y')).resolves.toBe('y');
    expect(server.connectionsSeen).toBe(1);
  });

  test('a connection that closes rejects its calls at once, and the next call makes a new one', async () => {
    const server = await bench.serverThat(framing, (request, socket, used) => {
      if (server.requests.length === 2) socket.destroy();
      if (server.requests.length > 2) echo(request, socket, used);
    });
    const clock = new FakeClock();
    const caller = bench.client({ framing, clock });
    const lost = await Promise.all([
      failure(caller.call(server.node, ECHO, 'a')),
      failure(caller.call(server.node, ECHO, 'b')),
    ]);
    expect(lost.map(({ errorCode }) => errorCode)).toEqual(['ERR_NETWORK_FAILURE', 'ERR_NETWORK_FAILURE']);
    await expect(caller.call(server.node, ECHO, 'c')).resolves.toBe('c');
    expect(clock.pending).toBe(0);
  });

  test('a server that ends in the middle of an answer is a network failure', async () => {
    const server = await bench.serverThat(framing, (request, socket, used) => {
      const body = encodeArgument(0, string, 'whole', false);
      socket.end(used.writeResponse(request, { error: 'ERR_OK', body }, null).subarray(0, -3));
    });
    expect((await failure(bench.client({ framing }).call(server.node, ECHO, 'x'))).errorCode).toBe(
      'ERR_NETWORK_FAILURE',
    );
  });

  test('garbage closes the connection and rejects everything in flight', async () => {
    const server = await bench.serverThat(framing, (_request, socket) => {
      if (server.requests.length === 2) socket.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const caller = bench.client({ framing });
    const calls = [
      failure(caller.call(server.node, ECHO, 'a')),
      failure(caller.call(server.node, ECHO, 'b')),
    ];
    for (const { errorCode, message } of await Promise.all(calls)) {
      expect(errorCode).toBe('ERR_NETWORK_FAILURE');
      expect(message).toMatch(/the server sent ONEBOX_MALFORMED_FRAME: /);
    }
    await until('the connection is closed', () => server.sockets.size === 0, { withinMs: 5000 });
  });

  test('an answer of another type, to another RPC, with bytes behind it, or with an error that is no name, is garbage', async () => {
    const answers: ((request: RequestFrame, used: Framing) => Buffer)[] = [
      (request, used) =>
        used.writeResponse(request, { error: 'ERR_OK', body: Buffer.from('080000000000010', 'hex') }, null),
      (request, used) =>
        used.writeResponse(
          { ...request, name: 'RPC_OTHER' },
          { error: 'ERR_OK', body: encodeArgument(0, string, 'x', false) },
          null,
        ),
      (request, used) => {
        const body = Buffer.concat([encodeArgument(0, string, 'x', false), Buffer.from([0])]);
        return used.writeResponse(request, { error: 'ERR_OK', body }, null);
      },
    ];
    answers.push((request, used) =>
      used.writeResponse(request, { error: 'oops\n', body: Buffer.alloc(0) }, null),
    );
    const expected = answers.length;
    const server = await bench.serverThat(framing, (request, socket, used) => {
      const next = answers.shift();
      if (next !== undefined) socket.write(next(request, used));
    });
    const caller = bench.client({ framing });
    for (let round = 0; round < expected; round += 1) {
      const { errorCode, message } = await failure(caller.call(server.node, ECHO, 'x'));
      expect(errorCode).toBe('ERR_NETWORK_FAILURE');
      expect(message).toMatch(/the server sent ONEBOX_MALFORMED_FRAME: /);
    }
    expect(server.connectionsSeen).toBe(expected);
  });

  test('mutated answers always end the call, with a result or an RpcError', async () => {
    const random = new SeededRandom(framing === 'thft' ? 21 : 22);
    const server = await bench.serverThat(framing, (request, socket, used) => {
      const body = encodeArgument(0, string, 'some text', false);
      const frame = used.writeResponse(request, { error: 'ERR_OK', body }, null);
      for (let left = 1 + random.below(4); left > 0; left -= 1)
        frame[random.below(frame.length)] = random.below(256);
      socket.end(frame.subarray(0, random.chance(0.3) ? random.below(frame.length) : frame.length));
    });
    const caller = bench.client({ framing });
    const seen = new Set<string>();
    for (let round = 0; round < 300; round += 1) {
      const ended = caller.call(server.node, ECHO, 'x').then(
        () => 'result',
        (error: unknown) => (error instanceof RpcError ? 'RpcError' : `${String(error)}`),
      );
      seen.add(await bounded('the end of the call', 5000, ended));
    }
    expect([...seen].sort()).toEqual(['RpcError', 'result']);
  });
});

describe('time-outs', () => {
  test('a call that is not answered ends at its time-out, not before; its late answer is passed over', async () => {
    let answerLate = (): void => undefined;
    const server = await bench.serverThat('thft', (request, socket, framing) => {
      if (server.requests.length > 1) echo(request, socket, framing);
      else answerLate = () => echo(request, socket, framing);
    });
    const clock = new FakeClock();
    const caller = bench.client({ clock });
    const call = failure(caller.call(server.node, ECHO, 'late'));
    await server.received(1);
    clock.advance(DEFAULT_TIMEOUT_MS - 1);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(await call).toEqual({
      errorCode: 'ERR_TIMEOUT',
      message: `RPC_TEST_ECHO to ${server.node}: not answered within 5000 ms`,
    });
    answerLate();
    await expect(caller.call(server.node, ECHO, 'next')).resolves.toBe('next');
    expect(server.connectionsSeen).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('a time-out is told in whole real milliseconds, and in those of Pegasus where they are others', async () => {
    const server = await bench.serverThat('thft', () => undefined);
    const clock = Object.assign(new FakeClock(), { scale: 0.1 });
    const call = failure(bench.client({ clock }).call(server.node, ECHO, 'late', { timeoutMs: 2999.9875 }));
    await server.received(1);
    clock.advance(3000);
    expect((await call).message).toBe(
      `RPC_TEST_ECHO to ${server.node}: not answered within 300 ms (3000 ms of Pegasus time)`,
    );
  });

  test('an answer that has come when the time is over still counts: the process was only held up', async () => {
    const clock = new FakeClock();
    const server = await bench.serverThat('thft', (request, socket, framing) => {
      echo(request, socket, framing);
      clock.advance(DEFAULT_TIMEOUT_MS);
    });
    await expect(bench.client({ clock }).call(server.node, ECHO, 'x')).resolves.toBe('x');
  });

  test('connecting is part of the time, and an attempt nobody waits for is given up', async () => {
    const server = await bench.serverThat('thft', echo);
    const clock = new FakeClock();
    let resolveFirst = (_ip: string): void => undefined;
    let asked = 0;
    const addresses = new DnsAddressResolver();
    addresses.resolveHost = () => {
      asked += 1;
      return asked > 1 ? Promise.resolve('127.0.0.1') : new Promise((resolve) => (resolveFirst = resolve));
    };
    const caller = bench.client({ clock, addresses });
    const first = failure(caller.call(server.node, ECHO, 'a', { timeoutMs: 1000 }));
    clock.advance(1000);
    expect(await first).toEqual({
      errorCode: 'ERR_TIMEOUT',
      message: `RPC_TEST_ECHO to ${server.node}: no connection within 1000 ms`,
    });
    await expect(caller.call(server.node, ECHO, 'b')).resolves.toBe('b');
    resolveFirst('127.0.0.1');
    await expect(caller.call(server.node, ECHO, 'c')).resolves.toBe('c');
    expect([asked, server.connectionsSeen]).toEqual([2, 1]);
  });
});

describe('servers that are not there', () => {
  async function unusedNode(): Promise<Node> {
    const server = await ScriptedServer.listen('thft', silent);
    const { node } = server;
    await server.close();
    return node;
  }

  test('a refused connection is a network failure at once', async () => {
    const clock = new FakeClock();
    const node = await unusedNode();
    expect(await failure(bench.client({ clock }).call(node, ECHO, 'x'))).toEqual({
      errorCode: 'ERR_NETWORK_FAILURE',
      message: `RPC_TEST_ECHO to ${node}: connect ECONNREFUSED ${node}`,
    });
    expect(clock.pending).toBe(0);
  });

  test('a name that cannot be resolved is a network failure', async () => {
    const addresses = new DnsAddressResolver(() => Promise.reject(new Error('ENOTFOUND')));
    const call = bench.client({ addresses }).call(parseNode('nobody.example:1'), ECHO, 'x');
    expect(await failure(call)).toEqual({
      errorCode: 'ERR_NETWORK_FAILURE',
      message: 'RPC_TEST_ECHO to nobody.example:1: its address is not known (ENOTFOUND)',
    });
  });

  test('after a restart on the same port the next call works', async () => {
    const before = await bench.serverThat('thft', echo);
    const { node } = before;
    const caller = bench.client();
    await expect(caller.call(node, ECHO, 'a')).resolves.toBe('a');
    await before.close();
    await failure(caller.call(node, ECHO, 'nobody there'));
    await bench.serverThat('thft', echo, nodeAddress(node).port);
    await expect(caller.call(node, ECHO, 'b')).resolves.toBe('b');
  });

  test('a server that never reads does not make the caller keep everything', async () => {
    const server = await bench.serverThat('thft', (_request, socket) => socket.pause());
    const caller = bench.client();
    const calls = Array.from({ length: 6 }, () =>
      failure(caller.call(server.node, BLOB, Buffer.alloc(16 * 1024 * 1024))),
    );
    expect(new Set((await Promise.all(calls)).map(({ message }) => message))).toEqual(
      new Set([`RPC_TEST_BLOB to ${server.node}: the server does not read`]),
    );
  });
});
