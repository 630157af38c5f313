import { decodeArgument, encodeArgument } from '../src/codec';
import { crc32c, FRAMINGS, framingOf, MAX_FRAME_BYTES, writeThftV1Request } from '../src/framing';
import type { RequestHead } from '../src/framing';
import { forwardAnswer } from '../src/framing';
import { blob, field, i32, i64, optional, string, struct } from '../src/schema';
import { make } from '../src/schema';
import { partitionConfiguration, queryCfgRequest, queryCfgResponse } from '../src/structs';
import * as frames from './data/frames';

const { thft, rdsn } = FRAMINGS;

const QUERY = 'RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX';
const TEMP = { app_name: 'temp', partition_indices: [] };

/** The result of a GET: the one data-plane answer that section 1.7 writes out. */
const readResponse = struct('read_response', () => ({
  error: field(1, i32),
  value: field(2, blob),
  app_id: field(3, i32),
  partition_index: field(4, i32),
  server: field(6, string),
}));

function head(values: Partial<RequestHead>): RequestHead {
  return {
    name: QUERY,
    id: 1n,
    gpid: { appId: 0, partitionIndex: 0 },
    timeoutMs: 0,
    partitionHash: 0n,
    isBackupRequest: false,
    from: null,
    ...values,
  };
}

describe('THFT requests', () => {
  test('v0 is written as the Go client writes it', () => {
    const body = encodeArgument(1, queryCfgRequest, TEMP, false);
    expect(thft.writeRequest(head({}), body)).toEqual(frames.queryConfigV0);
  });

  test('v0 is read', () => {
    expect(thft.measureRequest(frames.queryConfigV0)).toBe(122);
    const request = thft.readRequest(frames.queryConfigV0);
    expect(request).toEqual({
      ...head({}),
      framing: 'thft',
      canBeForwarded: false,
      body: frames.queryConfigV0.subarray(0x62),
      header: Buffer.alloc(0),
    });
    expect(decodeArgument(queryCfgRequest, request.body)).toEqual(TEMP);
  });

  const javaMeta = head({ id: 0n, gpid: { appId: -1, partitionIndex: -2 }, timeoutMs: 5000 });

  test('v1 is written as the Java client writes it', () => {
    const body = encodeArgument(1, queryCfgRequest, TEMP, false);
    expect(writeThftV1Request(javaMeta, body)).toEqual(frames.queryConfigV1);
  });

  test('v1 is read', () => {
    expect(thft.measureRequest(frames.queryConfigV1)).toBe(127);
    const { body, ...rest } = thft.readRequest(frames.queryConfigV1);
    expect(rest).toEqual({ ...javaMeta, framing: 'thft', canBeForwarded: false, header: Buffer.alloc(0) });
    expect(decodeArgument(queryCfgRequest, body)).toEqual(TEMP);
  });

  test('a bare blob has no stop of its own, and the header carries gpid, time-out and partition hash', () => {
    const get = head({
      name: 'RPC_RRDB_RRDB_GET',
      id: 7n,
      gpid: { appId: 2, partitionIndex: 7 },
      timeoutMs: 1000,
      partitionHash: 0x3377857006524257n,
    });
    const key = Buffer.from('\u0000\u0005helloworld');
    expect(thft.writeRequest(get, encodeArgument(1, blob, key, false))).toEqual(frames.getV0);
    const { body, ...rest } = thft.readRequest(frames.getV0);
    expect(rest).toEqual({ ...get, framing: 'thft', canBeForwarded: false, header: Buffer.alloc(0) });
    expect(decodeArgument(blob, body)).toEqual(key);
  });

  test('a missing list and field id 0 are read: the Node client leaves out empty lists', () => {
    const body = Buffer.from('0c00000b00010000000474656d700000', 'hex');
    expect(decodeArgument(queryCfgRequest, body)).toEqual(TEMP);
  });

  test('an i64 argument, as CLEAR_SCANNER has', () => {
    const body = encodeArgument(1, i64, 77, false);
    expect(body.toString('hex')).toBe('0a0001000000000000004d00');
    expect(decodeArgument(i64, body)).toBe(77);
  });

  test('a message of type ONEWAY is accepted, REPLY and EXCEPTION are not', () => {
    const withType = (type: number): Buffer => {
      const frame = Buffer.from(frames.queryConfigV0);
      frame.writeUInt8(type, 0x33);
      return frame;
    };
    expect(thft.readRequest(withType(4)).name).toBe(QUERY);
    expect(() => thft.readRequest(withType(2))).toThrow('thrift message type 2 in a request');
    expect(() => thft.readRequest(withType(3))).toThrow('thrift message type 3 in a request');
  });

  test.each([
    ['another signature', '48545450', 'frame begins with 48545450, not THFT'],
    ['header version 2', '5448465400000002' + '00000030', 'THFT header version 2'],
    ['a v0 header of another length', '5448465400000000' + '00000031', 'THFT v0 header of 49 bytes'],
    ['a v0 body above 64 MiB', '54484654000000000000003000000000' + '04000000', /^frame of 67108912 bytes/],
    [
      'a negative v0 body length',
      '54484654000000000000003000000000' + 'ffffffff',
      /^frame of 4294967343 bytes/,
    ],
    ['a negative v1 meta length', '5448465400000001ffffffff' + '00000000', /^frame of 4294967311 bytes/],
    ['a negative v1 body length', '544846540000000100000000' + 'ffffffff', /^frame of 4294967311 bytes/],
    [
      'v1 lengths that only together are too long',
      '544846540000000103000000' + '01000000',
      /^frame of 67108880 bytes/,
    ],
  ])('%s is refused from the header alone', (_name, hex, message) => {
    expect(() => thft.measureRequest(Buffer.from(hex, 'hex'))).toThrow(message);
  });

  test('a frame of exactly 64 MiB may come', () => {
    const header = Buffer.from(frames.queryConfigV0.subarray(0, 48));
    header.writeUInt32BE(MAX_FRAME_BYTES - 48, 16);
    expect(thft.measureRequest(header)).toBe(MAX_FRAME_BYTES);
  });

  test('garbage behind the argument, a second argument, no argument and the wrong type are refused', () => {
    const body = encodeArgument(1, queryCfgRequest, TEMP, false);
    const bad =
      (bytes: Buffer): (() => unknown) =>
      () =>
        decodeArgument(queryCfgRequest, bytes);
    expect(bad(Buffer.concat([body, Buffer.from([0])]))).toThrow('1 bytes too many behind the argument');
    expect(bad(Buffer.concat([body.subarray(0, -1), body]))).toThrow('more than one argument');
    expect(bad(Buffer.from([0]))).toThrow('argument of thrift type none where 12 belongs');
    expect(bad(encodeArgument(1, i64, 1, false))).toThrow('argument of thrift type 10 where 12 belongs');
    expect(bad(Buffer.alloc(0))).toThrow('truncated');
  });

  test('garbage behind the v1 meta struct, an empty name and an endless name are refused', () => {
    const longer = Buffer.concat([
      frames.queryConfigV1.subarray(0, 0x35),
      Buffer.from([0]),
      frames.queryConfigV1.subarray(0x35),
    ]);
    longer.writeUInt32BE(0x26, 8);
    expect(() => thft.readRequest(longer)).toThrow('1 bytes too many behind the THFT v1 meta struct');
    const body = encodeArgument(1, queryCfgRequest, TEMP, false);
    const named =
      (name: string): (() => unknown) =>
      () =>
        thft.readRequest(thft.writeRequest(head({ name }), body));
    expect(named('')).toThrow('RPC name of 0 characters');
    expect(named('R'.repeat(48))).toThrow('RPC name of 48 characters');
  });
});

describe('THFT responses', () => {
  const answer = make(queryCfgResponse, {
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
        hp_secondaries: [],
      }),
    ],
  });

  test('a result is written with every non-optional field, without hp_*', () => {
    const body = encodeArgument(0, queryCfgResponse, answer, false);
    const request = thft.readRequest(frames.queryConfigV0);
    expect(thft.writeResponse(request, { error: 'ERR_OK', body }, null)).toEqual(frames.queryConfigResponse);
  });

  test('a result is read', () => {
    expect(thft.measureResponse(frames.queryConfigResponse)).toBe(203);
    const { body, ...rest } = thft.readResponse(frames.queryConfigResponse);
    expect(rest).toEqual({ id: 1n, name: `${QUERY}_ACK`, error: 'ERR_OK' });
    const [{ hp_primary: _primary, hp_secondaries: _secondaries, ...partition } = { pid: null }] =
      answer.partitions;
    expect(decodeArgument(queryCfgResponse, body)).toEqual({ ...answer, partitions: [partition] });
  });

  test('a frame error ends after the seqid', () => {
    const request = { ...thft.readRequest(frames.getV0), id: 7n };
    const written = thft.writeResponse(
      request,
      { error: 'ERR_OBJECT_NOT_FOUND', body: Buffer.from('ignored') },
      null,
    );
    expect(written).toEqual(frames.objectNotFoundResponse);
    expect(thft.readResponse(frames.objectNotFoundResponse)).toEqual({
      id: 7n,
      name: 'RPC_RRDB_RRDB_GET_ACK',
      error: 'ERR_OBJECT_NOT_FOUND',
      body: Buffer.alloc(0),
    });
  });

  test('a not-found GET has an empty value', () => {
    const result = {
      error: 1,
      value: Buffer.alloc(0),
      app_id: 2,
      partition_index: 3,
      server: '127.0.0.1:34801',
    };
    const written = thft.writeResponse(
      thft.readRequest(frames.getV0),
      { error: 'ERR_OK', body: encodeArgument(0, readResponse, result, false) },
      null,
    );
    expect(written).toEqual(frames.getNotFoundResponse);
    expect(decodeArgument(readResponse, thft.readResponse(written).body)).toEqual(result);
  });

  test('a string result, as RPC_CLI_CLI_CALL has', () => {
    expect(encodeArgument(0, string, 'ok', false).toString('hex')).toBe('0b0000000000026f6b00');
  });

  test.each([
    ['a length below the shortest frame', '00000013', 'THFT response of 19 bytes'],
    ['a negative length', 'ffffffff', /^frame of 4294967295 bytes/],
    ['HTTP instead', Buffer.from('HTTP/1.1 400').toString('hex'), /^frame of 1213486160 bytes/],
  ])('%s is refused', (_name, hex, message) => {
    expect(() => thft.measureResponse(Buffer.from(hex, 'hex'))).toThrow(message);
  });

  test('a request where a response belongs is refused', () => {
    const frame = Buffer.from(frames.queryConfigResponse);
    frame.writeUInt8(1, 0x11);
    expect(() => thft.readResponse(frame)).toThrow('thrift message type 1 in a response');
  });
});

describe('RDSN', () => {
  const query = head({
    traceId: 0x1122334455667788n,
    timeoutMs: 5000,
    from: { ip: '127.0.0.1', port: 1 },
  });
  const self = { ip: '127.0.0.1', port: 34601 };

  test('a request is written as in the reference', () => {
    const body = encodeArgument(0, queryCfgRequest, TEMP, true);
    expect(rdsn.writeRequest(query, body)).toEqual(frames.queryConfigRdsn);
  });

  test('a request is read', () => {
    expect(rdsn.measureRequest(frames.queryConfigRdsn)).toBe(216);
    const { body, header, ...rest } = rdsn.readRequest(frames.queryConfigRdsn);
    expect(rest).toEqual({ ...query, framing: 'rdsn', canBeForwarded: true });
    expect(header).toEqual(frames.queryConfigRdsn.subarray(0, 192));
    expect(decodeArgument(queryCfgRequest, body)).toEqual(TEMP);
  });

  test('an answer repeats the header, with its own name, sender, error and the request bit cleared', () => {
    const request = rdsn.readRequest(frames.queryConfigRdsn);
    const written = rdsn.writeResponse(
      request,
      { error: 'ERR_OK', body: Buffer.from('0c000000', 'hex') },
      self,
    );
    const expected = Buffer.concat([frames.queryConfigRdsn.subarray(0, 192), Buffer.from('0c000000', 'hex')]);
    expected.writeUInt32LE(4, 16);
    expected.write(`${QUERY}_ACK`, 40);
    expected.writeUInt32LE(0x440, 104);
    expected.write('01002987' + '0100007f', 112, 'hex');
    expected.write('ERR_OK', 136);
    expect(written).toEqual(expected);
    expect(rdsn.readResponse(written)).toEqual({
      id: 1n,
      name: `${QUERY}_ACK`,
      error: 'ERR_OK',
      body: Buffer.from('0c000000', 'hex'),
    });
  });

  test('a forward carries the leader’s address as its body', () => {
    const request = rdsn.readRequest(frames.queryConfigRdsn);
    const { error, body } = rdsn.readResponse(rdsn.writeResponse(request, forwardAnswer(self), self));
    expect([error, body.toString('hex')]).toEqual(['ERR_FORWARD_TO_OTHERS', '0c00007f0000018729000100']);
  });

  test('only a pure client that allows it can be forwarded', () => {
    const body = encodeArgument(0, queryCfgRequest, TEMP, true);
    const read = (from: RequestHead['from']): boolean =>
      rdsn.readRequest(rdsn.writeRequest(head({ from }), body)).canBeForwarded;
    expect(read({ ip: '127.0.0.1', port: 1023 })).toBe(true);
    expect(read({ ip: '127.0.0.1', port: 34801 })).toBe(false);
    expect(read(null)).toBe(false);
    const unsupported = Buffer.from(frames.queryConfigRdsn);
    unsupported.writeUInt32LE(0x041, 104);
    expect(rdsn.readRequest(unsupported).canBeForwarded).toBe(false);
  });

  test('ids, hashes and gpids use all their bits', () => {
    const full = head({
      id: 0xfedcba9876543210n,
      traceId: 0xffffffffffffffffn,
      gpid: { appId: -1, partitionIndex: -2 },
      partitionHash: 0xffeeddccbbaa9988n,
      isBackupRequest: true,
      from: { ip: '255.254.253.252', port: 65535 },
    });
    const {
      body,
      header: _header,
      ...rest
    } = rdsn.readRequest(rdsn.writeRequest(full, Buffer.from('00', 'hex')));
    expect(rest).toEqual({ ...full, framing: 'rdsn', canBeForwarded: false });
    expect(body).toEqual(Buffer.from([0]));
  });

  test('CRC-32C has the value the reference gives', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  test('checksums are checked when they are there', () => {
    const body = frames.queryConfigRdsn.subarray(192);
    const signed = Buffer.from(frames.queryConfigRdsn);
    signed.writeUInt32LE(crc32c(body), 20);
    signed.writeUInt32LE(crc32c(signed.subarray(0, 192)), 12);
    expect(rdsn.measureRequest(signed)).toBe(216);
    expect(rdsn.readRequest(signed).body).toEqual(body);

    const badHeader = Buffer.from(signed);
    badHeader.writeUInt8(9, 24);
    expect(() => rdsn.measureRequest(badHeader)).toThrow('RDSN header with a wrong CRC');
    const badBody = Buffer.from(signed);
    badBody.writeUInt8(0x75, 204);
    expect(() => rdsn.readRequest(badBody)).toThrow('RDSN body with a wrong CRC');
  });

  test.each([
    ['another signature', 0, '5244534f', 'frame begins with 5244534f, not RDSN'],
    ['another version', 4, '01000000', 'RDSN header version 1'],
    ['another header length', 8, 'bf000000', 'RDSN header of 191 bytes'],
    ['a negative body length', 16, 'ffffffff', /^frame of 4294967487 bytes/],
    ['a body above 64 MiB', 16, '00000004', /^frame of 67109056 bytes/],
  ])('%s is refused from the first 20 bytes', (_name, at, hex, message) => {
    const start = Buffer.from(frames.queryConfigRdsn.subarray(0, 20));
    start.write(hex, at, 'hex');
    expect(() => rdsn.measureRequest(start)).toThrow(message);
  });

  test.each([
    ['an answer', 104, '40040000', 'RDSN response where a request belongs'],
    ['a JSON body', 104, 'c1040000', 'RDSN body in serialization format 3'],
    ['a name without an end', 40, '41'.repeat(48), 'RDSN name without an end'],
    ['no name', 40, '00', 'RDSN frame without an RPC name'],
  ])('%s as a request is refused', (_name, at, hex, message) => {
    const frame = Buffer.from(frames.queryConfigRdsn);
    frame.write(hex, at, 'hex');
    expect(() => rdsn.readRequest(frame)).toThrow(message);
  });
});

describe('the first four bytes', () => {
  test.each([
    ['THFT', 'thft'],
    ['RDSN', 'rdsn'],
    ['GET ', undefined],
    ['_RAW', undefined],
    ['PUT ', undefined],
  ])('%s chooses %s', (text, name) => {
    expect(framingOf(Buffer.from(`${text}....`))?.name).toBe(name);
  });
});

test('a struct of an older client, without what came later, is read', () => {
  const older = struct('older', () => ({ app_name: field(1, string), later: optional(2, i32, 7) }));
  expect(decodeArgument(older, Buffer.from('0c00010b00010000000474656d700000', 'hex'))).toEqual({
    app_name: 'temp',
    later: 7,
  });
});
