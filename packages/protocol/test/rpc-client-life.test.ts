import { FakeClock, MemoryLogger, nodeAddress, parseNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver } from '../src/address';
import { decodeArgument, encodeArgument } from '../src/codec';
import { RPC } from '../src/rpc-catalog';
import type { RpcClientObserver } from '../src/rpc-client';
import type { RpcObstacles } from '../src/rpc-gate';
import type { Rpc } from '../src/rpc-catalog';
import { make, string } from '../src/schema';
import { beaconAck, beaconMsg, configurationUpdateRequest } from '../src/structs';
import { ClientBench, echo, failure, silent } from './scripted-server';

const ECHO: Rpc<string, string> = { code: 'RPC_TEST_ECHO', request: string, response: string };

const bench = new ClientBench();

afterEach(() => bench.close());

describe('one-way requests', () => {
  test('arrive, and nothing is awaited for them', async () => {
    const server = await bench.serverThat('rdsn', silent);
    const clock = new FakeClock();
    const caller = bench.client({ framing: 'rdsn', clock, self: parseNode('127.0.0.1:34601') });
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
    const caller = bench.client({ framing: 'rdsn', log, addresses });
    caller.send(parseNode('nobody.example:1'), RPC.RPC_CONFIG_PROPOSAL, make(configurationUpdateRequest, {}));
    await until('the line is there', () => log.lines.length > 0, { withinMs: 5000 });
    expect(log.lines).toEqual([
      'D rpc: not sent: ERR_NETWORK_FAILURE: RPC_CONFIG_PROPOSAL to nobody.example:1: its address is not known (ENOTFOUND)',
    ]);
  });
});

test('a node that is to be dialled elsewhere is, and keeps its name', async () => {
  const server = await bench.serverThat('rdsn', echo);
  const { port } = nodeAddress(server.node);
  const addresses = new DnsAddressResolver(() => Promise.reject(new Error('ENOTFOUND')));
  const outside = parseNode(`box1.example:${port}`);
  const dial = (node: Node) => (node === outside ? '127.0.0.1' : undefined);
  const caller = bench.client({ framing: 'rdsn', addresses, dial });
  await expect(caller.call(outside, ECHO, 'inside')).resolves.toBe('inside');
  await expect(caller.call(server.node, ECHO, 'by its name')).resolves.toBe('by its name');
  expect((await failure(caller.call(parseNode(`box2.example:${port}`), ECHO, 'x'))).errorCode).toBe(
    'ERR_NETWORK_FAILURE',
  );
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
    const server = await bench.serverThat(framing, (request, socket, used) => {
      const ack = make(beaconAck, { is_master: true });
      socket.write(
        used.writeResponse(
          request,
          { error: 'ERR_OK', body: encodeArgument(0, beaconAck, ack, false) },
          null,
        ),
      );
    });
    const caller = bench.client({ framing, hostPorts });
    await caller.call(server.node, RPC.RPC_FD_FAILURE_DETECTOR_PING, beacon);
    expect(server.requests.map(({ body }) => decodeArgument(beaconMsg, body))).toEqual([expected]);
  });
});

describe('the end', () => {
  test('close rejects what is in flight and what comes later, and leaves neither socket nor timer', async () => {
    const server = await bench.serverThat('thft', silent);
    const clock = new FakeClock();
    const caller = bench.client({ clock });
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

  test('close rejects also whoever did not hear that the connection broke, being cut off', async () => {
    const server = await bench.serverThat('thft', silent);
    const clock = new FakeClock();
    const lost: string[] = [];
    const obstacles: RpcObstacles = {
      request: () => 'pass',
      losesAnswer: (peer) => lost.push(String(peer)) > 0,
      isCutOff: () => true,
    };
    let broken = false;
    const observer: RpcClientObserver = { dialled: () => () => (broken = true), ended: () => undefined };
    const caller = bench.client({ clock, gate: { obstacles }, observer });
    const inFlight = failure(caller.call(server.node, ECHO, 'a'));
    await server.received(1);
    for (const socket of server.sockets) socket.destroy();
    await until('the connection is broken', () => broken, { withinMs: 5000 });
    expect(clock.pending).toBe(1);
    caller.close();
    caller.close();
    expect(await inFlight).toEqual({
      errorCode: 'ERR_NETWORK_FAILURE',
      message: `RPC_TEST_ECHO to ${server.node}: this client was closed`,
    });
    expect([clock.pending, lost]).toEqual([0, []]);
  });

  test('a request that cannot be written rejects the call alone', async () => {
    const server = await bench.serverThat('thft', echo);
    const clock = new FakeClock();
    const caller = bench.client({ clock });
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
    const server = await bench.serverThat('thft', (request, socket, framing) => {
      server.unref();
      if (server.requests.length === 1) echo(request, socket, framing);
    });
    const caller = bench.client();
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
