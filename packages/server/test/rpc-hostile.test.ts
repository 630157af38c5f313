import { ScaledClock, until } from '@onebox/base';
import { make, queryCfgResponse, RPC, RpcClient } from '@onebox/protocol';
import type { FramingName, Rpc, Typed } from '@onebox/protocol';
import * as frames from '../../protocol/test/data/frames';
import { SeededRandom } from '../../protocol/test/seeded-random';
import { RawPeer, ServedRegistry } from './rpc-peer';

const QUERY = RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX;
const MEGABYTE = 1024 * 1024;

const { response: text } = RPC.RPC_CLI_CLI_CALL;
const BIG: Rpc<string, string> = { code: 'RPC_TEST_BIG', request: text as Typed<string>, response: text };

let server: ServedRegistry;

beforeEach(async () => {
  server = await ServedRegistry.listen();
  server.registry.on(QUERY, () => make(queryCfgResponse, { err: 'ERR_OK' }));
});

afterEach(() => server.close());

/** The proof that it still serves. */
async function stillServes(framing: FramingName): Promise<void> {
  const client = new RpcClient({ framing, clock: new ScaledClock() });
  try {
    const answer = await client.call(server.node, QUERY, { app_name: 'temp', partition_indices: [] });
    expect(answer).toEqual(make(queryCfgResponse, { err: 'ERR_OK' }));
  } finally {
    client.close();
  }
  await server.allClosed();
}

/** Sends bytes, ends the connection from this side, and waits until it is gone; gives the lines that were logged about it. */
async function linesFor(bytes: Buffer): Promise<string[]> {
  const before = server.log.lines.length;
  const peer = await RawPeer.connect(server.port);
  peer.socket.end(bytes);
  await peer.toTheEnd();
  await server.allClosed();
  return server.log.lines.slice(before);
}

const CLOSED = /^W rpc: connection from 127\.0\.0\.1:\d+ closed: [\x20-\x7e]+$/;

const samples = [
  ['THFT v0', frames.queryConfigV0, 'thft'],
  ['THFT v1', frames.queryConfigV1, 'thft'],
  ['RDSN', frames.queryConfigRdsn, 'rdsn'],
] as const;

describe.each(samples)('%s', (_name, frame, framing) => {
  test('cut at any byte, and ended there, is one log line', async () => {
    for (let length = 1; length < frame.length; length += 1) {
      const lines = await linesFor(frame.subarray(0, length));
      expect([length, lines]).toEqual([length, [expect.stringMatching(CLOSED)]]);
    }
    expect(await linesFor(frame.subarray(0, 0))).toEqual([]);
    expect(await linesFor(frame)).toEqual([]);
    await stillServes(framing);
  });

  test('with any few bytes changed is served or closes its connection, with one line at most', async () => {
    const random = new SeededRandom(frame.length);
    let closed = 0;
    for (let round = 0; round < 300; round += 1) {
      const mutated = Buffer.from(frame);
      for (let left = 1 + random.below(6); left > 0; left -= 1)
        mutated[random.below(frame.length)] = random.below(256);
      const lines = await linesFor(Buffer.concat([mutated, frame]));
      expect(lines.length).toBeLessThanOrEqual(1);
      if (lines.length === 1) expect(lines[0]).toMatch(CLOSED);
      closed += lines.length;
    }
    expect(closed).toBeGreaterThan(100);
    await stillServes(framing);
  });

  test('followed by random bytes is answered, and then closed with one line', async () => {
    const random = new SeededRandom(frame.length + 1);
    for (let round = 0; round < 50; round += 1) {
      const garbage = Buffer.concat([Buffer.from([0]), random.bytes(random.below(500))]);
      const before = server.log.lines.length;
      const peer = await RawPeer.connect(server.port);
      peer.send(frame);
      await until('the answer is there', () => peer.received.length > 20, { withinMs: 5000, everyMs: 1 });
      peer.send(garbage);
      await peer.toTheEnd();
      await server.allClosed();
      expect(server.log.lines.slice(before)).toEqual([expect.stringMatching(CLOSED)]);
    }
    await stillServes(framing);
  });
});

/** A v0 frame of the query with these bytes as its args struct. */
function withArgs(args: Buffer): Buffer {
  const head = Buffer.from(frames.queryConfigV0.subarray(0, 0x62));
  head.writeUInt32BE(0x62 - 0x30 + args.length, 16);
  return Buffer.concat([head, args]);
}

function hex(...parts: string[]): Buffer {
  return Buffer.from(parts.join(''), 'hex');
}

describe('a frame that is whole, with an argument that is not', () => {
  const name = '0b00010000000474656d70';

  test.each([
    ['a struct without its end', hex('0c0001', name)],
    ['a count of two billion', hex('0c0001', name, '0f0002087fffffff', '0000')],
    ['a negative count', hex('0c0001', name, '0f000208ffffffff', '0000')],
    ['a string of negative length', hex('0c0001', '0b0001ffffffff', '0000')],
    ['a string longer than the frame', hex('0c0001', '0b000103ffffff', '0000')],
    ['an unknown type', hex('0c0001', name, '0500030000', '0000')],
    ['elements of another type', hex('0c0001', name, '0f00020a000000010000000000000001', '0000')],
    ['no argument', hex('00')],
    ['no bytes at all', Buffer.alloc(0)],
    ['a second argument', hex('0c0001', name, '00', '0c0002', '00', '00')],
    ['bytes behind the argument', hex('0c0001', name, '00', '00', '00')],
    ['structs 10,000 deep', hex('0c0001', '0c0009'.repeat(10_000))],
    ['lists 10,000 deep', hex('0c0001', '0f0009', '0f00000001'.repeat(10_000))],
    ['maps 10,000 deep', hex('0c0001', '0d0009', '020d00000001'.repeat(10_000))],
  ])('%s', async (_name, args) => {
    expect(await linesFor(withArgs(args))).toEqual([
      expect.stringMatching(
        /^W rpc: connection from 127\.0\.0\.1:\d+ closed: ONEBOX_MALFORMED_FRAME: [\x20-\x7e]+$/,
      ),
    ]);
    await stillServes('thft');
  });
});

describe('a frame that is refused from its header', () => {
  const rdsn = (at: number, value: string): Buffer => {
    const header = Buffer.from(frames.queryConfigRdsn.subarray(0, 192));
    header.write(value, at, 'hex');
    return header;
  };

  test.each([
    ['a THFT v0 body of 64 MiB', hex('54484654', '00000000', '00000030', '00000000', '04000000')],
    ['a negative THFT v0 body', hex('54484654', '00000000', '00000030', '00000000', 'ffffffff')],
    ['a THFT v0 header of 47 bytes', hex('54484654', '00000000', '0000002f')],
    ['THFT header version 2', hex('54484654', '00000002', '00000030')],
    ['a negative THFT v1 meta length', hex('54484654', '00000001', 'ffffffff', '00000000')],
    ['an RDSN body of 64 MiB', rdsn(16, '00000004')],
    ['a negative RDSN body', rdsn(16, 'ffffffff')],
    ['an RDSN header of 191 bytes', rdsn(8, 'bf000000')],
    ['an RDSN header with a wrong CRC', rdsn(12, '01000000')],
    ['no framing at all', Buffer.from('PUT / HTTP/1.1\r\n')],
  ])('%s: before anything else has come', async (_name, header) => {
    const peer = await RawPeer.connect(server.port);
    peer.send(header);
    expect((await peer.toTheEnd()).length).toBe(0);
    await server.allClosed();
    expect(server.log.lines).toEqual([
      expect.stringMatching(/^W rpc: connection from 127\.0\.0\.1:\d+ closed: ONEBOX_MALFORMED_FRAME: /),
    ]);
    await stillServes('thft');
  });
});

test('random bytes never end the server, nor make it say more than one line a connection', async () => {
  const random = new SeededRandom(99);
  for (let round = 0; round < 300; round += 1) {
    const start = Buffer.from(random.pick(['THFT', 'RDSN', '']));
    const lines = await linesFor(Buffer.concat([start, random.bytes(5 + random.below(300))]));
    expect(lines).toEqual([expect.stringMatching(CLOSED)]);
  }
  await stillServes('rdsn');
});

test('many peers that claim huge frames cost only what they send', async () => {
  const header = Buffer.from(frames.queryConfigV0);
  header.writeUInt32BE(64 * MEGABYTE - 48, 16);
  const before = process.memoryUsage();
  const peers = await Promise.all(Array.from({ length: 100 }, () => RawPeer.connect(server.port)));
  for (const peer of peers) peer.send(Buffer.concat([header, Buffer.alloc(10_000)]));
  await until('all are connected', () => server.registry.connectionCount === 100, { withinMs: 5000 });
  await stillServesBesides(100);
  const { arrayBuffers } = process.memoryUsage();
  expect(arrayBuffers - before.arrayBuffers).toBeLessThan(50 * MEGABYTE);
  for (const peer of peers) peer.close();
  await server.allClosed();
});

async function stillServesBesides(others: number): Promise<void> {
  const client = new RpcClient({ framing: 'thft', clock: new ScaledClock() });
  await client.call(server.node, QUERY, { app_name: 'temp', partition_indices: [] });
  client.close();
  await until('only the others are left', () => server.registry.connectionCount === others, {
    withinMs: 5000,
  });
}

test('a peer that never reads its answers is given up at 64 MiB, with one line', async () => {
  const answer = 'x'.repeat(4 * MEGABYTE);
  server.registry.on(BIG, () => answer);
  const peer = await RawPeer.connect(server.port);
  peer.socket.pause();
  const request = Buffer.from(frames.queryConfigV0.subarray(0, 0x30));
  const call = hex(
    '80010001',
    '0000000c',
    Buffer.from('RPC_TEST_BIG').toString('hex'),
    '00000001',
    '0b00010000000000',
  );
  request.writeUInt32BE(call.length, 16);
  peer.send(Buffer.concat(Array.from({ length: 40 }, () => Buffer.concat([request, call]))));
  await server.allClosed();
  expect(server.log.lines).toEqual([
    expect.stringMatching(
      /^W rpc: connection from \S+ closed: \d+ bytes of answers wait for a peer that does not read$/,
    ),
  ]);
  peer.close();
  await stillServes('thft');
});

test('a peer that reads slowly gets every answer, however many it asked for', async () => {
  const answer = 'y'.repeat(MEGABYTE);
  server.registry.on(BIG, () => answer);
  const client = new RpcClient({ framing: 'rdsn', clock: new ScaledClock() });
  try {
    const calls = Array.from({ length: 40 }, () => client.call(server.node, BIG, ''));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([answer]));
  } finally {
    client.close();
  }
  await server.allClosed();
  expect(server.log.lines).toEqual([]);
});

test('a peer that goes away while it is waited for is nothing to report', async () => {
  let finish: (() => void) | undefined;
  server.registry.on(BIG, () => new Promise((resolve) => (finish = () => resolve('late'))));
  const client = new RpcClient({ framing: 'rdsn', clock: new ScaledClock() });
  const call = client.call(server.node, BIG, '');
  await until('the call has come', () => finish !== undefined, { withinMs: 5000 });
  client.close();
  await expect(call).rejects.toMatchObject({ errorCode: 'ERR_NETWORK_FAILURE' });
  await server.allClosed();
  finish?.();
  await stillServes('rdsn');
  expect(server.log.lines).toEqual([]);
});
