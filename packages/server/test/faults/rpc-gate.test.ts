import { MemoryLogger, ScaledClock, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver, RPC, make, replicaConfiguration } from '@onebox/protocol';
import type { RpcClient, RpcGate } from '@onebox/protocol';
import { MemoryEventLog } from '../../src/event-log';
import { Faults } from '../../src/faults';
import { RpcBench } from '../rpc-peer';
import type { ServedRegistry } from '../rpc-peer';
import { META2, cut, delay, drop, peer } from './some-faults';

const SOON = { withinMs: 5000, everyMs: 2 };
const ECHO = RPC.RPC_CLI_CLI_CALL;
const ONE_WAY = RPC.RPC_REMOVE_REPLICA;
const NOTICE = make(replicaConfiguration, {});

const bench = new RpcBench();
afterEach(() => bench.close());

/** Two servers over real sockets, each with its faults: what `caller` sends, `server` serves. */
interface Pair {
  readonly server: ServedRegistry;
  readonly serverFaults: Faults;
  readonly caller: RpcClient;
  readonly callerFaults: Faults;
  readonly callerNode: Node;
  readonly tool: RpcClient;
  /** Arguments the handlers saw, in their order. */
  readonly seen: string[];
  /** What answers wait for. */
  gate: Promise<void>;
}

function faultsOf(self: Node): Faults {
  const log = new MemoryLogger();
  const faults = new Faults({ self, clock: new ScaledClock(), log, events: new MemoryEventLog('x') });
  bench.closeLater(() => faults.close());
  return faults;
}

async function pair(): Promise<Pair> {
  // Its faults need its port, which it has when it listens.
  const made: { faults?: Faults } = {};
  const gate: RpcGate = {
    get obstacles() {
      return made.faults?.rpc.obstacles;
    },
  };
  const server = await bench.served({ gate });
  const serverFaults = (made.faults = faultsOf(server.node));
  const callerNode = META2;
  const callerFaults = faultsOf(callerNode);
  const caller = bench.client('rdsn', {
    self: callerNode,
    addresses: new DnsAddressResolver(),
    gate: callerFaults.rpc,
  });
  const seen: string[] = [];
  const both = {
    ...{ server, serverFaults, caller, callerFaults, callerNode, seen },
    tool: bench.client('thft'),
    gate: Promise.resolve(),
  };
  server.registry.on(ECHO, async ({ cmd }) => {
    seen.push(cmd);
    await both.gate;
    return cmd;
  });
  server.registry.on(ONE_WAY, () => {
    seen.push('one-way');
    return {};
  });
  return both;
}

function call(client: RpcClient, to: Node, cmd: string, timeoutMs = 5000): Promise<string> {
  return client.call(to, ECHO, { cmd, arguments: [] }, { timeoutMs });
}

const TIMED_OUT = { errorCode: 'ERR_TIMEOUT', message: expect.stringContaining('not answered') as string };

describe('a cut between two servers', () => {
  test.each(['its sender', 'its receiver'])(
    'loses a request, enforced by %s: the call times out',
    async (who) => {
      const { server, serverFaults, caller, callerFaults, callerNode, tool, seen } = await pair();
      const enforcing = who === 'its sender' ? callerFaults : serverFaults;
      enforcing.replace([cut(callerNode, [peer('meta1', server.node)])]);
      await expect(call(caller, server.node, 'lost', 40)).rejects.toMatchObject(TIMED_OUT);
      expect(await call(tool, server.node, 'tool')).toBe('tool');
      expect(enforcing.list()).toMatchObject([{ lost: 1 }]);
      enforcing.replace([]);
      expect(await call(caller, server.node, 'healed')).toBe('healed');
      expect(seen).toEqual(['tool', 'healed']);
      expect(server.registry.connectionCount).toBe(2);
    },
  );

  test.each(['its sender', 'its receiver'])('loses an answer on its way, enforced by %s', async (who) => {
    const made = await pair();
    const { server, serverFaults, caller, callerFaults, callerNode, seen } = made;
    let answer: () => void = () => undefined;
    made.gate = new Promise((resolve) => (answer = resolve));
    const outcome = call(caller, server.node, 'first', 1500).catch((error: unknown) => error);
    await until('the request is there', () => seen.length === 1, SOON);
    const enforcing = who === 'its sender' ? serverFaults : callerFaults;
    enforcing.replace([cut(callerNode, [peer('meta1', server.node)])]);
    answer();
    await until('it is lost', () => enforcing.list()[0]?.lost === 1, SOON);
    expect(await outcome).toMatchObject(TIMED_OUT);
    enforcing.replace([]);
    expect(await call(caller, server.node, 'second')).toBe('second');
    expect(server.registry.connectionCount).toBe(1);
  });

  test('hides that the other server ended', async () => {
    const made = await pair();
    const { server, caller, callerFaults, callerNode, seen } = made;
    made.gate = new Promise(() => undefined);
    const outcome = call(caller, server.node, 'first', 1500).catch((error: unknown) => error);
    await until('the request is there', () => seen.length === 1, SOON);
    callerFaults.replace([cut(callerNode, [peer('meta1', server.node)])]);
    server.registry.close();
    expect(await outcome).toMatchObject({ errorCode: 'ERR_TIMEOUT' });
    // No message was on its way.
    expect(callerFaults.list()).toMatchObject([{ lost: 0 }]);
  });

  test('lets one-way requests vanish', async () => {
    const { server, caller, callerFaults, callerNode, seen } = await pair();
    callerFaults.replace([cut(callerNode)]);
    caller.send(server.node, ONE_WAY, NOTICE);
    expect(callerFaults.list()).toMatchObject([{ lost: 1 }]);
    callerFaults.replace([]);
    caller.send(server.node, ONE_WAY, NOTICE);
    await until('the second arrives', () => seen.length === 1, SOON);
    expect(await call(caller, server.node, 'last')).toBe('last');
    expect(seen).toEqual(['one-way', 'last']);
  });

  test('a client that is closed rejects calls that were lost', async () => {
    const { server, caller, callerFaults, callerNode } = await pair();
    callerFaults.replace([cut(callerNode)]);
    const outcome = call(caller, server.node, 'lost').catch((error: unknown) => error);
    caller.close();
    expect(await outcome).toMatchObject({ errorCode: 'ERR_NETWORK_FAILURE' });
  });
});

test('who is cut off from everybody answers no tool, and its connections stand', async () => {
  const { server, serverFaults, tool, seen } = await pair();
  expect(await call(tool, server.node, 'before')).toBe('before');
  serverFaults.replace([cut(server.node)]);
  await expect(call(tool, server.node, 'lost', 40)).rejects.toMatchObject(TIMED_OUT);
  serverFaults.replace([]);
  expect(await call(tool, server.node, 'after')).toBe('after');
  expect(seen).toEqual(['before', 'after']);
  expect(server.registry.connectionCount).toBe(1);
});

test('a dropped request is lost, others of the same connection are not', async () => {
  const { server, serverFaults, caller, seen } = await pair();
  serverFaults.replace([drop(server.node, ONE_WAY.code)]);
  caller.send(server.node, ONE_WAY, NOTICE);
  expect(await call(caller, server.node, 'other')).toBe('other');
  expect(seen).toEqual(['other']);
  expect(serverFaults.list()).toMatchObject([{ lost: 1 }]);
});

describe('a delayed request', () => {
  const LONG = 60_000;

  test.each(['sent', 'received'])(
    'arrives late when it is %s by the server of the fault',
    async (direction) => {
      const { server, serverFaults, caller, callerFaults, callerNode, seen } = await pair();
      const enforcing = direction === 'sent' ? callerFaults : serverFaults;
      const self = direction === 'sent' ? callerNode : server.node;
      enforcing.replace([delay(self, ECHO.code, LONG)]);
      const outcome = call(caller, server.node, 'slow');
      caller.send(server.node, ONE_WAY, NOTICE);
      await until('the other one arrives', () => seen.length === 1, SOON);
      await until('the first is held', () => enforcing.list()[0]?.delayed === 1, SOON);
      enforcing.replace([]);
      expect(await outcome).toBe('slow');
      expect(seen).toEqual(['one-way', 'slow']);
    },
  );

  test('arrives by itself after its milliseconds', async () => {
    const { server, callerFaults, caller, callerNode } = await pair();
    callerFaults.replace([delay(callerNode, ECHO.code, 60)]);
    const began = performance.now();
    expect(await call(caller, server.node, 'slow')).toBe('slow');
    expect(performance.now() - began).toBeGreaterThan(55);
  });

  test('arrives also when its caller has given up', async () => {
    const { server, callerFaults, caller, callerNode, seen } = await pair();
    callerFaults.replace([delay(callerNode, ECHO.code, LONG)]);
    await expect(call(caller, server.node, 'late', 30)).rejects.toMatchObject(TIMED_OUT);
    expect(seen).toEqual([]);
    callerFaults.replace([]);
    await until('it arrives', () => seen.length === 1, SOON);
    expect(await call(caller, server.node, 'next')).toBe('next');
  });
});
