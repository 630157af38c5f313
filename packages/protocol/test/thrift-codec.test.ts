import { ThriftReader, ThriftWriter } from '../src/codec';
import { ProtocolError } from '../src/codec/protocol-error';
import { MAX_DEPTH } from '../src/codec/thrift-reader';
import { layoutOf } from '../src/codec/thrift-types';
import {
  fallbackOf,
  gpid,
  hostPort,
  i32,
  i64,
  list,
  optional,
  rpcAddress,
  string,
  struct,
} from '../src/schema';
import type { StructType, Typed, WireType } from '../src/schema';
import * as declared from '../src/structs';
import published from './data/rpc-structs.json';
import { randomValue } from './random-value';
import { SeededRandom } from './seeded-random';

const structs = Object.values(declared).filter(
  (value): value is typeof value & StructType =>
    typeof value === 'object' && 'kind' in value && value.kind === 'struct',
);

function encode<T>(type: Typed<T>, value: T, hostPorts = true): Buffer {
  const writer = new ThriftWriter(hostPorts);
  writer.value(type, value);
  return writer.bytes();
}

function decode<T>(type: Typed<T>, bytes: Buffer): T {
  const reader = new ThriftReader(bytes);
  const value = reader.value(type);
  reader.end('the value');
  return value;
}

/** What is read back of a written value: defaults are filled in, and `hp_*` fields may have been left out. */
function readBack(type: WireType, value: unknown, hostPorts: boolean): unknown {
  switch (type.kind) {
    case 'list':
    case 'set':
      return (value as unknown[]).map((element) => readBack(type.element, element, hostPorts));
    case 'map':
      return (value as [unknown, unknown][]).map(([key, item]) => [
        readBack(type.key, key, hostPorts),
        readBack(type.value, item, hostPorts),
      ]);
    case 'struct': {
      const given = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const field of layoutOf(type).fields) {
        const written = field.carriesHostPort && !hostPorts ? undefined : given[field.name];
        if (written !== undefined) result[field.name] = readBack(field.type, written, hostPorts);
        else if (!field.optional) result[field.name] = fallbackOf(field);
        else if (field.fallback !== undefined) result[field.name] = field.fallback;
      }
      return result;
    }
    default:
      return value;
  }
}

function outcome(work: () => unknown): 'read' | 'refused' {
  try {
    work();
    return 'read';
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused';
    throw error;
  }
}

describe('the raw base types', () => {
  test.each(Object.entries(published.testVectors.rpcAddress))('rpc_address %s', (text, hex) => {
    const [ip = '', port] = text.split(':');
    const value = { ip, port: Number(port) };
    expect(encode(rpcAddress, value).toString('hex')).toBe(hex);
    expect(decode(rpcAddress, Buffer.from(hex, 'hex'))).toEqual(value);
  });

  test.each(Object.entries(published.testVectors.gpid))('gpid %s is written index first', (text, hex) => {
    const [appId, partitionIndex] = text.split('.').map(Number);
    const value = { appId: appId ?? 0, partitionIndex: partitionIndex ?? 0 };
    expect(encode(gpid, value).toString('hex')).toBe(hex);
    expect(decode(gpid, Buffer.from(hex, 'hex'))).toEqual(value);
  });

  test.each(Object.entries(published.testVectors.hostPort))('host_port %s', (text, hex) => {
    const [host = '', port] = text.split(':');
    const value = { host, port: Number(port) };
    expect(encode(hostPort, value).toString('hex')).toBe(hex);
    expect(decode(hostPort, Buffer.from(hex, 'hex'))).toEqual(value);
  });

  test('an invalid address is eight zero bytes, an invalid host_port an empty host of type 0', () => {
    expect(encode(rpcAddress, null).toString('hex')).toBe('0000000000000000');
    expect(decode(rpcAddress, Buffer.alloc(8))).toBeNull();
    expect(encode(hostPort, null).toString('hex')).toBe('00000000000000');
    expect(decode(hostPort, Buffer.alloc(7))).toBeNull();
  });

  test('an address that is a group, or of no known type, is no address', () => {
    expect(decode(rpcAddress, Buffer.from('7f00000187f10002', 'hex'))).toBeNull();
    expect(decode(hostPort, Buffer.from('000000016187f102', 'hex'))).toBeNull();
  });

  test('what is no IPv4 address is never written', () => {
    expect(() => encode(rpcAddress, { ip: 'localhost', port: 1 })).toThrow(TypeError);
    expect(() => encode(i32, 2 ** 31)).toThrow(/out of range/);
  });
});

describe('every struct', () => {
  test.each(structs.map((type) => [type.name, type] as const))(
    '%s comes back as it was written',
    (name, type) => {
      const random = new SeededRandom(name.length * 7919 + name.charCodeAt(name.length - 1));
      for (let round = 0; round < 20; round += 1) {
        const value = randomValue(type, random);
        for (const hostPorts of [true, false]) {
          const bytes = encode(type as Typed<unknown>, value, hostPorts);
          expect(decode(type as Typed<unknown>, bytes)).toEqual(readBack(type, value, hostPorts));
        }
      }
    },
  );

  test.each(structs.map((type) => [type.name, type] as const))('%s cut anywhere is refused', (name, type) => {
    const bytes = encode(type as Typed<unknown>, randomValue(type, new SeededRandom(name.length)), true);
    const outcomes = new Set<string>();
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      outcomes.add(outcome(() => decode(type as Typed<unknown>, cut)));
    }
    expect([...outcomes]).toEqual(['refused']);
  });

  test.each(structs.map((type) => [type.name, type] as const))(
    '%s without any field has its defaults',
    (_name, type) => {
      expect(decode(type as Typed<unknown>, Buffer.from([0]))).toEqual(readBack(type, {}, true));
    },
  );
});

describe('fields a reader does not know', () => {
  const older = struct('older', () => ({ name: optional(1, string) }));
  const named = '0b00010000000474656d70';

  test.each([
    ['bool', '02000901'],
    ['byte', '0300097f'],
    ['double', '0400093ff0000000000000'],
    ['i16', '0600091234'],
    ['i32', '08000912345678'],
    ['i64', '0a00091234567812345678'],
    ['string', '0b000900000003616263'],
    ['struct', '0c0009' + '0800010000000100'],
    ['map of string to list', '0d0009' + '0b0f00000001' + '0000000161' + '0800000001' + '00000005'],
    ['set', '0e0009' + '0800000002' + '0000000100000002'],
    ['list of structs', '0f0009' + '0c00000002' + '02000101' + '00' + '00'],
    ['empty list of nothing', '0f0009' + '0000000000'],
    ['known id of another type', '08000100000007'],
  ])('%s is passed over', (_name, hex) => {
    expect(decode(older, Buffer.from(`${hex}${named}00`, 'hex'))).toEqual({ name: 'temp' });
  });

  test.each(['01', '05', '07', '09', '10', 'ff'])('type %s is refused', (type) => {
    expect(() => decode(older, Buffer.from(`${type}0009000000000000000000`, 'hex'))).toThrow(ProtocolError);
  });
});

describe('hostile bytes', () => {
  const numbers = struct('numbers', () => ({ all: optional(1, list(i32)), one: optional(2, i64) }));
  const nested: StructType = struct('nested', () => ({ inner: optional(1, nested as Typed<unknown>) }));

  test.each([
    ['a count no frame can hold', '0f0001087fffffff', /impossible element count/],
    ['a negative count', '0f000108ffffffff', /impossible element count/],
    ['elements of another type', '0f00010a000000010000000000000001', /element type 10/],
    ['a 64-bit number that is not exact', '0a00027fffffffffffffff', /out of range/],
    ['a string of negative length', '0b0009ffffffff', /negative length/],
    ['a string longer than the frame', '0b00097fffffff', /truncated/],
  ])('%s', (_name, hex, message) => {
    expect(() => decode(numbers, Buffer.from(`${hex}00`, 'hex'))).toThrow(message);
  });

  test('nesting 10,000 deep, of known and of unknown fields, is refused', () => {
    const open = Buffer.from('0c0001'.repeat(10_000), 'hex');
    expect(() => decode(nested as Typed<unknown>, open)).toThrow(`nested deeper than ${MAX_DEPTH} levels`);
    expect(() => decode(numbers, Buffer.from('0c0009'.repeat(10_000), 'hex'))).toThrow(ProtocolError);
    expect(() => decode(numbers, Buffer.from('0f0009' + '0f00000001'.repeat(10_000), 'hex'))).toThrow(
      ProtocolError,
    );
    expect(() => decode(numbers, Buffer.from('0d0009' + '020d00000001'.repeat(10_000), 'hex'))).toThrow(
      ProtocolError,
    );
  });

  test('a few megabytes cannot become gigabytes of empty structs', () => {
    const count = 8 * 1024 * 1024;
    const head = Buffer.from('0f00010c00000000', 'hex');
    head.writeInt32BE(count, 4);
    const many = struct('many', () => ({ all: optional(1, list(declared.partitionConfiguration)) }));
    expect(() => decode(many, Buffer.concat([head, Buffer.alloc(count + 1)]))).toThrow(
      /more than \d+ values/,
    );
    const unknown = struct('unknown', () => ({}));
    expect(() => decode(unknown, Buffer.concat([head, Buffer.alloc(count + 1)]))).toThrow(
      /more than \d+ values/,
    );
  });

  test('random bytes are a struct or a ProtocolError, nothing else', () => {
    const random = new SeededRandom(2);
    const outcomes = new Set<string>();
    for (let round = 0; round < 20_000; round += 1) {
      const type = structs[random.below(structs.length)] ?? numbers;
      const bytes = random.bytes(random.below(60));
      outcomes.add(outcome(() => decode(type as Typed<unknown>, bytes)));
    }
    expect([...outcomes].sort()).toEqual(['read', 'refused']);
  });
});
