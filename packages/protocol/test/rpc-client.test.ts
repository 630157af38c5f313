import type { Socket } from 'node:net';
import { bounded, FakeClock, MemoryLogger, nodeAddress, parseNode, ScaledClock, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver } from '../src/address';
import { decodeArgument, encodeArgument } from '../src/codec';
import type { Framing, FramingName, RequestFrame } from '../src/framing';
import { RPC } from '../src/rpc-catalog';
import type { Rpc } from '../src/rpc-catalog';
import { DEFAULT_TIMEOUT_MS, RpcClient, RpcError } from '../src/rpc-client';
import { blob, make, string } from '../src/schema';
import { beaconAck, beaconMsg, configurationUpdateRequest } from '../src/structs';
import { ScriptedServer } from './scripted-server';
import { SeededRandom } from './seeded-random';

const ECHO: Rpc<string, string> = { code: 'RPC_TEST_ECHO', request: string, response: string };
const BLOB: Rpc<Buffer, string> = { code: 'RPC_TEST_BLOB', request: blob, response: string };

const closers: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serverThat(
  framing: FramingName,
  script: (request: RequestFrame, socket: Socket, framing: Framing) => void,
  port?: number,
): Promise<ScriptedServer> {
  const server = await ScriptedServer.listen(framing, script, port);
  closers.push(() => server.close());
  return server;
}

function client(options: Partial<ConstructorParameters<typeof RpcClient>[0]> = {}): RpcClient {
  const made = new RpcClient({ framing: 'thft', clock: new ScaledClock(), ...options });
  closers.push(() => made.close());
  return made;
}

function echo(request: RequestFrame, socket: Socket, framing: Framing): void {
  const text = decodeArgument(string, request.body);
  socket.write(
    framing.writeResponse(request, { error: 'ERR_OK', body: encodeArgument(0, string, text, false) }, null),
  );
}

function silent(): void {
  // Answers nothing.
}

async function failure(work: Promise<unknown>): Promise<{ errorCode: string; message: string }> {
  try {
    await bounded('the end of the call', 5000, work);
  } catch (error) {
    if (error instanceof RpcError) return { errorCode: error.errorCode, message: error.message };
    throw error;
  }
  throw new Error('the call succeeded');
}

describe.each(['thft', 'rdsn'] as const)('over %s', (framing) => {
  test('a call gives the result, and calls to one server share a connection', async () => {
    const server = await serverThat(framing, echo);
    const caller = client({ framing });
    const texts = Array.from({ length: 50 }, (_unused, index) => `text ${index}`);
    expect(await Promise.all(texts.map((text) => caller.call(server.node, ECHO, text)))).toEqual(texts);
    expect(server.connectionsSeen).toBe(1);
  });

  test('answers that come in another order find their callers', async () => {
    const waiting: [RequestFrame, Socket, Framing][] = [];
    const server = await serverThat(framing, (...request) => {
      waiting.push(request);
      if (waiting.length === 3) for (const each of waiting.reverse()) echo(...each);
    });
    const caller = client({ framing });
    const answers = ['a', 'b', 'c'].map((text) => caller.call(server.node, ECHO, text));
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
  });

  test('an answer in pieces of one byte is an answer', async () => {
    const server = await serverThat(framing, (request, socket, used) => {
      const body = encodeArgument(0, string, 'slow', false);
      for (const byte of used.writeResponse(request, { error: 'ERR_OK', body }, null))
        socket.write(Buffer.from([byte]));
    });
    await expect(client({ framing }).call(server.node, ECHO, 'x')).resolves.toBe('slow');
  });

  test('an error name in the frame rejects the call and leaves the connection', async () => {
    let failed = false;
    const server = await serverThat(framing, (request, socket, used) => {
      if (failed) return echo(request, socket, used);
      failed = true;
      socket.write(
        used.writeResponse(request, { error: 'ERR_OBJECT_NOT_FOUND', body: Buffer.alloc(0) }, null),
      );
      return undefined;
    });
    const caller = client({ framing });
    expect(await failure(caller.call(server.node, ECHO, 'x'))).toEqual({
      errorCode: 'ERR_OBJECT_NOT_FOUND',
      message: `RPC_TEST_ECHO to ${server.node}: the server answered ERR_OBJECT_NOT_FOUND`,
    });
    await expect(caller.call(server.node, ECHO, 'y')).resolves.toBe('y');
    expect(server.connectionsSeen).toBe(1);
  });

  test('a connection that closes rejects its calls at once, and the next call makes a new one', async () => {
    const server = await serverThat(framing, (request, socket, used) => {
      if (server.requests.length === 2) socket.destroy();
      if (server.requests.length > 2) echo(request, socket, used);
    });
    const clock = new FakeClock();
    const caller = client({ framing, clock });
    const lost = await Promise.all([
      failure(caller.call(server.node, ECHO, 'a')),
      failure(caller.call(server.node, ECHO, 'b')),
    ]);
    expect(lost.map(({ errorCode }) => errorCode)).toEqual(['ERR_NETWORK_FAILURE', 'ERR_NETWORK_FAILURE']);
    await expect(caller.call(server.node, ECHO, 'c')).resolves.toBe('c');
    expect(clock.pending).toBe(0);
  });

  test('a server that ends in the middle of an answer is a network failure', async () => {
    const server = await serverThat(framing, (request, socket, used) => {
      const body = encodeArgument(0, string, 'whole', false);
      socket.end(used.writeResponse(request, { error: 'ERR_OK', body }, null).subarray(0, -3));
    });
    expect((await failure(client({ framing }).call(server.node, ECHO, 'x'))).errorCode).toBe(
      'ERR_NETWORK_FAILURE',
    );
  });

  test('garbage closes the connection and rejects everything in flight', async () => {
    const server = await serverThat(framing, (_request, socket) => {
      if (server.requests.length === 2) socket.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const caller = client({ framing });
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

  test('an answer of another type, to another RPC, or with bytes behind it, is garbage', async () => {
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
    const expected = answers.length;
    const server = await serverThat(framing, (request, socket, used) => {
      const next = answers.shift();
      if (next !== undefined) socket.write(next(request, used));
    });
    const caller = client({ framing });
    for (let round = 0; round < expected; round += 1) {
      const { errorCode, message } = await failure(caller.call(server.node, ECHO, 'x'));
      expect(errorCode).toBe('ERR_NETWORK_FAILURE');
      expect(message).toMatch(/the server sent ONEBOX_MALFORMED_FRAME: /);
    }
    expect(server.connectionsSeen).toBe(expected);
  });

  test('mutated answers always end the call, with a result or an RpcError', async () => {
    const random = new SeededRandom(framing === 'thft' ? 21 : 22);
    const server = await serverThat(framing, (request, socket, used) => {
      const body = encodeArgument(0, string, 'some text', false);
      const frame = used.writeResponse(request, { error: 'ERR_OK', body }, null);
      for (let left = 1 + random.below(4); left > 0; left -= 1)
        frame[random.below(frame.length)] = random.below(256);
      socket.end(frame.subarray(0, random.chance(0.3) ? random.below(frame.length) : frame.length));
    });
    const caller = client({ framing });
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
    const server = await serverThat('thft', (request, socket, framing) => {
      if (server.requests.length > 1) echo(request, socket, framing);
      else answerLate = () => echo(request, socket, framing);
    });
    const clock = new FakeClock();
    const caller = client({ clock });
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

  test('connecting is part of the time, and an attempt nobody waits for is given up', async () => {
    const server = await serverThat('thft', echo);
    const clock = new FakeClock();
    let resolveFirst = (_ip: string): void => undefined;
    let asked = 0;
    const addresses = new DnsAddressResolver();
    addresses.resolveHost = () => {
      asked += 1;
      return asked > 1 ? Promise.resolve('127.0.0.1') : new Promise((resolve) => (resolveFirst = resolve));
    };
    const caller = client({ clock, addresses });
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
    expect(await failure(client({ clock }).call(node, ECHO, 'x'))).toEqual({
      errorCode: 'ERR_NETWORK_FAILURE',
      message: `RPC_TEST_ECHO to ${node}: connect ECONNREFUSED ${node}`,
    });
    expect(clock.pending).toBe(0);
  });

  test('a name that cannot be resolved is a network failure', async () => {
    const addresses = new DnsAddressResolver(() => Promise.reject(new Error('ENOTFOUND')));
    const call = client({ addresses }).call(parseNode('nobody.example:1'), ECHO, 'x');
    expect(await failure(call)).toEqual({
      errorCode: 'ERR_NETWORK_FAILURE',
      message: 'RPC_TEST_ECHO to nobody.example:1: its address is not known (ENOTFOUND)',
    });
  });

  test('after a restart on the same port the next call works', async () => {
    const before = await serverThat('thft', echo);
    const { node } = before;
    const caller = client();
    await expect(caller.call(node, ECHO, 'a')).resolves.toBe('a');
    await before.close();
    closers.pop();
    closers.push(() => caller.close());
    await failure(caller.call(node, ECHO, 'nobody there'));
    await serverThat('thft', echo, nodeAddress(node).port);
    await expect(caller.call(node, ECHO, 'b')).resolves.toBe('b');
  });

  test('a server that never reads does not make the caller keep everything', async () => {
    const server = await serverThat('thft', (_request, socket) => socket.pause());
    const caller = client();
    const calls = Array.from({ length: 6 }, () =>
      failure(caller.call(server.node, BLOB, Buffer.alloc(16 * 1024 * 1024))),
    );
    expect(new Set((await Promise.all(calls)).map(({ message }) => message))).toEqual(
      new Set([`RPC_TEST_BLOB to ${server.node}: the server does not read`]),
    );
  });
});

describe('one-way requests', () => {
  test('arrive, and nothing is awaited for them', async () => {
    const server = await serverThat('rdsn', silent);
    const clock = new FakeClock();
    const caller = client({ framing: 'rdsn', clock, self: parseNode('127.0.0.1:34601') });
    caller.send(server.node, RPC.RPC_CONFIG_PROPOSAL, make(configurationUpdateRequest, { host_node: null }), {
      gpid: { appId: 2, partitionIndex: 3 },
    });
    await server.received(1);
    const [request] = server.requests;
    expect(request).toMatchObject({
      name: 'RPC_CONFIG_PROPOSAL',
      gpid: { appId: 2, partitionIndex: 3 },
      from: { ip: '127.0.0.1', port: 34601 },
      canBeForwarded: false,
    });
    await until('no timer is left', () => clock.pending === 0, { withinMs: 5000 });
  });

  test('that cannot be sent are one line in the log', async () => {
    const log = new MemoryLogger();
    const addresses = new DnsAddressResolver(() => Promise.reject(new Error('ENOTFOUND')));
    const caller = client({ framing: 'rdsn', log, addresses });
    caller.send(parseNode('nobody.example:1'), RPC.RPC_CONFIG_PROPOSAL, make(configurationUpdateRequest, {}));
    await until('the line is there', () => log.lines.length > 0, { withinMs: 5000 });
    expect(log.lines).toEqual([
      'D rpc: not sent: ERR_NETWORK_FAILURE: RPC_CONFIG_PROPOSAL to nobody.example:1: its address is not known (ENOTFOUND)',
    ]);
  });
});

describe('host_port fields', () => {
  const beacon = make(beaconMsg, {
    from_node: { ip: '127.0.0.1', port: 34801 },
    to_node: { ip: '127.0.0.1', port: 34601 },
    hp_from_node: { host: 'localhost', port: 34801 },
  });
  const { hp_from_node: _left_out, ...bare } = beacon;

  test.each([
    ['rdsn', undefined, beacon],
    ['thft', undefined, bare],
    ['thft', true, beacon],
    ['rdsn', false, bare],
  ] as const)('over %s with the switch %s', async (framing, hostPorts, expected) => {
    const server = await serverThat(framing, (request, socket, used) => {
      const ack = make(beaconAck, { is_master: true });
      socket.write(
        used.writeResponse(
          request,
          { error: 'ERR_OK', body: encodeArgument(0, beaconAck, ack, false) },
          null,
        ),
      );
    });
    const caller = client({ framing, hostPorts });
    await caller.call(server.node, RPC.RPC_FD_FAILURE_DETECTOR_PING, beacon);
    expect(server.requests.map(({ body }) => decodeArgument(beaconMsg, body))).toEqual([expected]);
  });
});

describe('the end', () => {
  test('close rejects what is in flight and what comes later, and leaves neither socket nor timer', async () => {
    const server = await serverThat('thft', silent);
    const clock = new FakeClock();
    const caller = client({ clock });
    const inFlight = failure(caller.call(server.node, ECHO, 'a'));
    await server.received(1);
    caller.close();
    caller.close();
    const expected = {
      errorCode: 'ERR_NETWORK_FAILURE',
      message: `RPC_TEST_ECHO to ${server.node}: this client was closed`,
    };
    expect(await inFlight).toEqual(expected);
    expect(await failure(caller.call(server.node, ECHO, 'b'))).toEqual(expected);
    expect(clock.pending).toBe(0);
    await until('the connection is closed', () => server.sockets.size === 0, { withinMs: 5000 });
  });

  test('a request that cannot be written rejects the call alone', async () => {
    const server = await serverThat('thft', echo);
    const clock = new FakeClock();
    const caller = client({ clock });
    const wrong = { ip: 'not an address', port: 1 };
    const call = caller.call(
      server.node,
      RPC.RPC_FD_FAILURE_DETECTOR_PING,
      make(beaconMsg, { from_node: wrong }),
    );
    await expect(call).rejects.toThrow("rpc_address needs an IPv4 address, not 'not an address'");
    expect([clock.pending, server.connectionsSeen]).toEqual([0, 0]);
  });

  test('only a client that waits for an answer keeps the process alive', async () => {
    const server = await serverThat('thft', (request, socket, framing) => {
      server.unref();
      if (server.requests.length === 1) echo(request, socket, framing);
    });
    const caller = client();
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((type) => type === 'TCPSocketWrap').length;
    const before = sockets();
    await caller.call(server.node, ECHO, 'a');
    expect(sockets()).toBe(before);
    const waiting = failure(caller.call(server.node, ECHO, 'b'));
    await server.received(2);
    expect(sockets()).toBe(before + 1);
    caller.close();
    await waiting;
  });
});
