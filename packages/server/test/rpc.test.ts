import { createServer } from 'node:http';
import { FakeClock, MemoryLogger, parseNode, until } from '@onebox/base';
import {
  DnsAddressResolver,
  encodeArgument,
  FRAMINGS,
  FrameSplitter,
  make,
  NegotiationStatus,
  negotiationResponse,
  partitionConfiguration,
  queryCfgRequest,
  queryCfgResponse,
  RPC,
} from '@onebox/protocol';
import type { FramingName, QueryCfgResponse, Rpc } from '@onebox/protocol';
import * as frames from '../../protocol/test/data/frames';
import { startListener } from '../src/listener';
import { NO_REPLY, RpcFrameError, RpcRegistry, serveNegotiation } from '../src/rpc';
import { RawPeer, RpcBench } from './rpc-peer';

const QUERY = RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX;
const TEMP = { app_name: 'temp', partition_indices: [] };
const SELF = parseNode('127.0.0.1:34601');

/** The table of reference/rpc-protocol.md 1.7, partition 3 only. */
const TEMP_PARTITION_3 = make(queryCfgResponse, {
  err: 'ERR_OK',
  app_id: 2,
  partition_count: 8,
  is_stateful: true,
  partitions: [
    make(partitionConfiguration, {
      pid: { appId: 2, partitionIndex: 3 },
      ballot: 5,
      max_replica_count: 3,
      primary: { ip: '127.0.0.1', port: 34801 },
      secondaries: [
        { ip: '127.0.0.1', port: 34802 },
        { ip: '127.0.0.1', port: 34803 },
      ],
      hp_primary: { host: '127.0.0.1', port: 34801 },
    }),
  ],
});

const bench = new RpcBench();

afterEach(() => bench.close());

/** The answers in a byte stream, by request id, in the order they came. */
function answers(framing: FramingName, stream: Buffer): [bigint, string][] {
  const splitter = new FrameSplitter(FRAMINGS[framing].measureResponse);
  splitter.append(stream);
  const found: [bigint, string][] = [];
  for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
    const { id, error } = FRAMINGS[framing].readResponse(frame);
    found.push([id, error]);
  }
  return found;
}

/** Waits until something has come about on the server. */
function seen(what: () => boolean): Promise<boolean> {
  return until('the server has come so far', what, { withinMs: 5000, everyMs: 2 });
}

function query(framing: FramingName, id: number): Buffer {
  const used = FRAMINGS[framing];
  const head = {
    name: QUERY.code,
    id: BigInt(id),
    gpid: { appId: 0, partitionIndex: 0 },
    timeoutMs: 0,
    partitionHash: 0n,
    isBackupRequest: false,
    from: null,
  };
  return used.writeRequest(head, encodeArgument(used.argumentId, queryCfgRequest, TEMP, false));
}

describe('bytes on a connection', () => {
  test('a THFT v0 query gets the answer of the reference, byte for byte', async () => {
    const server = await bench.served();
    server.registry.on(QUERY, () => TEMP_PARTITION_3);
    const peer = await bench.raw(server);
    peer.send(frames.queryConfigV0);
    expect(await peer.bytes(203)).toEqual(frames.queryConfigResponse);
  });

  test('THFT v0 and v1 may follow each other, cut and glued at any place', async () => {
    const server = await bench.served();
    server.registry.on(QUERY, () => TEMP_PARTITION_3);
    const peer = await bench.raw(server);
    const stream = Buffer.concat([frames.queryConfigV0, frames.queryConfigV1, frames.queryConfigV0]);
    for (const byte of stream.subarray(0, 130)) peer.send(Buffer.from([byte]));
    peer.send(stream.subarray(130));
    const received = await peer.bytes(3 * 203);
    expect(answers('thft', received)).toEqual([
      [1n, 'ERR_OK'],
      [0n, 'ERR_OK'],
      [1n, 'ERR_OK'],
    ]);
    expect(received.subarray(0, 203)).toEqual(frames.queryConfigResponse);
  });

  test('an RDSN answer repeats the header of its request and names the server as its sender', async () => {
    const server = await bench.served({ self: SELF, addresses: new DnsAddressResolver() });
    server.registry.on(QUERY, () => TEMP_PARTITION_3);
    const peer = await bench.raw(server);
    peer.send(frames.queryConfigRdsn);
    const body = encodeArgument(0, queryCfgResponse, TEMP_PARTITION_3, true);
    const expected = Buffer.concat([frames.queryConfigRdsn.subarray(0, 192), body]);
    expected.writeUInt32LE(body.length, 16);
    expected.write(`${QUERY.code}_ACK`, 40);
    expected.writeUInt32LE(0x440, 104);
    expected.write('010029870100007f', 112, 'hex');
    expected.write('ERR_OK', 136);
    expect(await peer.bytes(expected.length)).toEqual(expected);
  });

  test('bytes that were already taken off the socket come first, however few', async () => {
    for (const taken of [4, 20, 122]) {
      const log = new MemoryLogger();
      const registry = new RpcRegistry({ log }).on(QUERY, () => TEMP_PARTITION_3);
      const listener = await startListener({
        bind: '127.0.0.1',
        port: 0,
        http: createServer(),
        rpc: registry,
        log,
      });
      bench.closeLater(() => listener.close());
      const peer = await RawPeer.connect(listener.port);
      bench.closeLater(() => peer.close());
      peer.send(frames.queryConfigV0.subarray(0, taken));
      peer.send(frames.queryConfigV0.subarray(taken));
      expect(await peer.bytes(203)).toEqual(frames.queryConfigResponse);
      expect(log.lines).toEqual([]);
    }
  });
});

describe.each(['thft', 'rdsn'] as const)('over %s', (framing) => {
  test('requests are begun in their order, and answered as their answers are there', async () => {
    const server = await bench.served();
    const begun: ((answer: QueryCfgResponse) => void)[] = [];
    server.registry.on(QUERY, () => new Promise<QueryCfgResponse>((resolve) => begun.push(resolve)));
    const peer = await bench.raw(server);
    peer.send(Buffer.concat([query(framing, 1), query(framing, 2), query(framing, 3)]));
    const one = FRAMINGS[framing].writeResponse(
      FRAMINGS[framing].readRequest(query(framing, 1)),
      { error: 'ERR_OK', body: encodeArgument(0, queryCfgResponse, TEMP_PARTITION_3, framing === 'rdsn') },
      null,
    ).length;
    for (const [index, order] of [2, 0, 1].entries()) {
      await seen(() => begun.length === 3);
      begun[order]?.(TEMP_PARTITION_3);
      await peer.bytes(one * (index + 1));
    }
    expect(answers(framing, peer.received)).toEqual([
      [3n, 'ERR_OK'],
      [1n, 'ERR_OK'],
      [2n, 'ERR_OK'],
    ]);
  });

  test('more unanswered requests than are read at once are all answered', async () => {
    const server = await bench.served();
    const begun: ((answer: QueryCfgResponse) => void)[] = [];
    server.registry.on(QUERY, () => new Promise<QueryCfgResponse>((resolve) => begun.push(resolve)));
    const caller = bench.client(framing, { clock: new FakeClock() });
    const calls = Array.from({ length: 6000 }, () => caller.call(server.node, QUERY, TEMP));
    await seen(() => begun.length >= 4096);
    expect(begun.length).toBeLessThan(6000);
    let answered = 0;
    await seen(() => {
      for (const answer of begun.splice(0)) {
        answer(TEMP_PARTITION_3);
        answered += 1;
      }
      return answered === 6000;
    });
    expect((await Promise.all(calls)).length).toBe(6000);
  });

  test('NO_REPLY is silence, and other requests go on', async () => {
    const server = await bench.served();
    let first = true;
    server.registry.on(QUERY, () => {
      if (!first) return TEMP_PARTITION_3;
      first = false;
      return NO_REPLY;
    });
    const peer = await bench.raw(server);
    peer.send(Buffer.concat([query(framing, 1), query(framing, 2)]));
    await peer.bytes(203);
    expect(answers(framing, peer.received)).toEqual([[2n, 'ERR_OK']]);
  });

  test('a one-way RPC is served and never answered, whatever becomes of it', async () => {
    const server = await bench.served();
    const { response: text } = RPC.RPC_CLI_CLI_CALL;
    if (text === null) throw new Error('RPC_CLI_CLI_CALL gives a string');
    const oneWay: Rpc<string, unknown> = { code: 'RPC_TEST_ONE_WAY', request: text, response: null };
    const texts: string[] = [];
    server.registry.on(oneWay, (given) => {
      texts.push(given);
      if (given === 'frame error') throw new RpcFrameError('ERR_BUSY');
      if (given === 'bug') throw new Error('a bug');
      return undefined;
    });
    server.registry.on(QUERY, () => TEMP_PARTITION_3);
    const caller = bench.client(framing);
    for (const each of ['fine', 'frame error', 'bug']) caller.send(server.node, oneWay, each);
    await caller.call(server.node, QUERY, TEMP);
    expect(texts).toEqual(['fine', 'frame error', 'bug']);
    expect(server.log.lines.map((line) => line.slice(0, 24))).toEqual(['E rpc: RPC_TEST_ONE_WAY ']);
  });

  test('an unknown RPC, and an error name a handler chose, are answered in the frame', async () => {
    const server = await bench.served();
    server.registry.on(QUERY, () => {
      throw new RpcFrameError('ERR_OBJECT_NOT_FOUND');
    });
    const caller = bench.client(framing);
    await expect(caller.call(server.node, QUERY, TEMP)).rejects.toMatchObject({
      errorCode: 'ERR_OBJECT_NOT_FOUND',
    });
    await expect(caller.call(server.node, RPC.RPC_CM_LIST_APPS, { status: 0 })).rejects.toMatchObject({
      errorCode: 'ERR_HANDLER_NOT_FOUND',
    });
    expect([server.log.lines, server.registry.connectionCount]).toEqual([[], 1]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no such\nthing'))],
    ['returns what its type cannot hold', () => ({ ...TEMP_PARTITION_3, app_id: 2 ** 40 })],
    ['returns nothing', () => undefined as unknown as QueryCfgResponse],
  ])('a handler that %s is one log line, and ERR_UNKNOWN for the caller', async (_name, handler) => {
    const server = await bench.served();
    server.registry.on(QUERY, handler);
    const caller = bench.client(framing);
    await expect(caller.call(server.node, QUERY, TEMP)).rejects.toMatchObject({ errorCode: 'ERR_UNKNOWN' });
    expect(server.log.lines).toHaveLength(1);
    expect(server.log.lines[0]).toMatch(
      /^E rpc: RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX from 127\.0\.0\.1:\d+ failed: [^\n]+$/,
    );
    expect(server.registry.connectionCount).toBe(1);
  });

  test('a client that asks first is told that there is no authentication', async () => {
    const server = await bench.served();
    serveNegotiation(server.registry);
    const answer = await bench.client(framing).call(server.node, RPC.RPC_NEGOTIATION, {
      status: NegotiationStatus.SASL_LIST_MECHANISMS,
      msg: Buffer.alloc(0),
    });
    expect(answer).toEqual(make(negotiationResponse, { status: NegotiationStatus.SASL_AUTH_DISABLE }));
  });

  test('closing ends every connection and refuses new ones', async () => {
    const server = await bench.served();
    server.registry.on(QUERY, () => new Promise<QueryCfgResponse>(() => undefined));
    const caller = bench.client(framing, { clock: new FakeClock() });
    const waiting = caller.call(server.node, QUERY, TEMP);
    await seen(() => server.registry.connectionCount === 1);
    server.registry.close();
    server.registry.close();
    await expect(waiting).rejects.toMatchObject({ errorCode: 'ERR_NETWORK_FAILURE' });
    expect(server.registry.connectionCount).toBe(0);
    await expect(caller.call(server.node, QUERY, TEMP)).rejects.toMatchObject({
      errorCode: 'ERR_NETWORK_FAILURE',
    });
    expect(server.log.lines).toEqual([]);
  });
});

test('an RPC has one handler', async () => {
  const server = await bench.served();
  server.registry.on(QUERY, () => TEMP_PARTITION_3);
  expect(() => server.registry.on(QUERY, () => TEMP_PARTITION_3)).toThrow(
    'RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX already has a handler',
  );
});
