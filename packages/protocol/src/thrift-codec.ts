import { OneboxError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';
import { carriesHostPort, zeroOf } from './schema';
import type { RpcAddress, StructType, Typed, WireHostPort, WireType } from './schema';

const STOP = 0;
const TYPE_BOOL = 2;
const TYPE_I8 = 3;
const TYPE_DOUBLE = 4;
const TYPE_I16 = 6;
const TYPE_I32 = 8;
const TYPE_I64 = 10;
const TYPE_STRING = 11;
const TYPE_STRUCT = 12;
const TYPE_MAP = 13;
const TYPE_SET = 14;
const TYPE_LIST = 15;

/** How deep structs and containers may lie in each other: upstream's own structs use at most 6 levels. */
export const MAX_DEPTH = 32;

/** Bytes that are not what the protocol allows. The connection they came on is closed. */
export class ProtocolError extends OneboxError {
  constructor(message: string) {
    super('ONEBOX_MALFORMED_FRAME', message);
  }
}

/** The type byte a value of this type has in a field header. */
export function typeByte(type: WireType): number {
  switch (type.kind) {
    case 'bool':
      return TYPE_BOOL;
    case 'i8':
      return TYPE_I8;
    case 'i32':
    case 'enum':
      return TYPE_I32;
    case 'i64':
    case 'i64big':
      return TYPE_I64;
    case 'double':
      return TYPE_DOUBLE;
    case 'string':
      return TYPE_STRING;
    case 'list':
      return TYPE_LIST;
    case 'set':
      return TYPE_SET;
    case 'map':
      return TYPE_MAP;
    default:
      return TYPE_STRUCT;
  }
}

/** A growing buffer with the writers of the thrift binary protocol. All integers are big-endian. */
export class ThriftWriter {
  private buffer = Buffer.allocUnsafe(512);
  private length = 0;

  /** @param hostPorts whether `hp_*` fields are written: yes on RDSN connections, no on THFT ones (1.9) */
  constructor(private readonly hostPorts: boolean) {}

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  i8(value: number): void {
    this.reserve(1);
    this.length = this.buffer.writeUInt8(value & 0xff, this.length);
  }

  i16(value: number): void {
    this.reserve(2);
    this.length = this.buffer.writeUInt16BE(value & 0xffff, this.length);
  }

  i32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeInt32BE(value | 0, this.length);
  }

  i64(value: bigint): void {
    this.reserve(8);
    this.length = this.buffer.writeBigInt64BE(BigInt.asIntN(64, value), this.length);
  }

  double(value: number): void {
    this.reserve(8);
    this.length = this.buffer.writeDoubleBE(value, this.length);
  }

  raw(value: Buffer): void {
    this.reserve(value.length);
    value.copy(this.buffer, this.length);
    this.length += value.length;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.i32(size);
    this.reserve(size);
    this.length += this.buffer.write(value, this.length, size, 'utf8');
  }

  fieldHeader(type: number, id: number): void {
    this.i8(type);
    this.i16(id);
  }

  stop(): void {
    this.i8(STOP);
  }

  value<T>(type: Typed<T>, value: T): void {
    this.write(type, value);
  }

  private write(type: WireType, value: unknown): void {
    switch (type.kind) {
      case 'bool':
        return this.i8(value === true ? 1 : 0);
      case 'i8':
        return this.i8(value as number);
      case 'i32':
      case 'enum':
        return this.i32(value as number);
      case 'i64':
        return this.i64(BigInt(value as number));
      case 'i64big':
        return this.i64(value as bigint);
      case 'double':
        return this.double(value as number);
      case 'string':
      case 'errorCode':
      case 'taskCode':
        return this.text(value as string);
      case 'blob':
        this.i32((value as Buffer).length);
        return this.raw(value as Buffer);
      case 'gpid': {
        const pid = value as { appId: number; partitionIndex: number };
        this.i32(pid.partitionIndex);
        return this.i32(pid.appId);
      }
      case 'rpcAddress':
        return this.address(value as RpcAddress);
      case 'hostPort':
        return this.hostPort(value as WireHostPort);
      case 'list':
      case 'set': {
        const elements = value as readonly unknown[];
        this.i8(typeByte(type.element));
        this.i32(elements.length);
        for (const element of elements) this.write(type.element, element);
        return;
      }
      case 'map': {
        const entries = value as readonly (readonly [unknown, unknown])[];
        this.i8(typeByte(type.key));
        this.i8(typeByte(type.value));
        this.i32(entries.length);
        for (const [key, item] of entries) {
          this.write(type.key, key);
          this.write(type.value, item);
        }
        return;
      }
      case 'struct':
        return this.struct(type, value as Readonly<Record<string, unknown>>);
    }
  }

  private struct(type: StructType, value: Readonly<Record<string, unknown>>): void {
    for (const [name, field] of Object.entries(type.fields())) {
      if (!this.hostPorts && carriesHostPort(field.type)) continue;
      let present = value[name];
      if (present === undefined) {
        if (field.optional) continue;
        present = (field.fallback as unknown) ?? zeroOf(field.type);
      }
      this.fieldHeader(typeByte(field.type), field.id);
      this.write(field.type, present);
    }
    this.stop();
  }

  private address(value: RpcAddress): void {
    if (value === null) return this.i64(0n);
    for (const part of value.ip.split('.')) this.i8(Number(part));
    this.i16(value.port);
    this.i16(1);
  }

  private hostPort(value: WireHostPort): void {
    this.text(value?.host ?? '');
    this.i16(value?.port ?? 0);
    this.i8(value === null ? 0 : 1);
  }

  private reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + size));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

/** Reads values of declared types out of bytes that may be hostile. Every failure is a {@link ProtocolError}. */
export class ThriftReader {
  private depth = 0;

  constructor(
    private readonly buffer: Buffer,
    private position = 0,
  ) {}

  get remaining(): number {
    return this.buffer.length - this.position;
  }

  i8(): number {
    return this.buffer.readInt8(this.take(1));
  }

  i16(): number {
    return this.buffer.readInt16BE(this.take(2));
  }

  i32(): number {
    return this.buffer.readInt32BE(this.take(4));
  }

  i64(): bigint {
    return this.buffer.readBigInt64BE(this.take(8));
  }

  text(): string {
    return this.sized().toString('utf8');
  }

  value<T>(type: Typed<T>): T {
    return this.read(type) as T;
  }

  /** The header of the next field, or undefined at the stop byte. */
  fieldHeader(): { readonly type: number; readonly id: number } | undefined {
    const type = this.i8();
    return type === STOP ? undefined : { type, id: this.i16() };
  }

  /** Passes over a value of an undeclared field. Raw base types cannot be told from structs here (1.9). */
  skip(type: number): void {
    this.nested(() => {
      switch (type) {
        case TYPE_BOOL:
        case TYPE_I8:
          this.take(1);
          return;
        case TYPE_I16:
          this.take(2);
          return;
        case TYPE_I32:
          this.take(4);
          return;
        case TYPE_DOUBLE:
        case TYPE_I64:
          this.take(8);
          return;
        case TYPE_STRING:
          this.sized();
          return;
        case TYPE_STRUCT:
          for (let header = this.fieldHeader(); header !== undefined; header = this.fieldHeader()) {
            this.skip(header.type);
          }
          return;
        case TYPE_LIST:
        case TYPE_SET: {
          const element = this.i8();
          for (let left = this.count(1); left > 0; left -= 1) this.skip(element);
          return;
        }
        case TYPE_MAP: {
          const key = this.i8();
          const value = this.i8();
          for (let left = this.count(2); left > 0; left -= 1) {
            this.skip(key);
            this.skip(value);
          }
          return;
        }
        default:
          throw new ProtocolError(`unknown thrift type ${type}`);
      }
    });
  }

  private read(type: WireType): unknown {
    switch (type.kind) {
      case 'bool':
        return this.i8() !== 0;
      case 'i8':
        return this.i8();
      case 'i32':
      case 'enum':
        return this.i32();
      case 'i64': {
        const value = Number(this.i64());
        if (!Number.isSafeInteger(value)) throw new ProtocolError(`64-bit integer ${value} is out of range`);
        return value;
      }
      case 'i64big':
        return this.i64();
      case 'double':
        return this.buffer.readDoubleBE(this.take(8));
      case 'string':
      case 'taskCode':
        return this.text();
      case 'errorCode':
        return this.text() as ErrorCode;
      case 'blob':
        return Buffer.from(this.sized());
      case 'gpid': {
        const partitionIndex = this.i32();
        return { appId: this.i32(), partitionIndex };
      }
      case 'rpcAddress':
        return this.address();
      case 'hostPort':
        return this.hostPort();
      case 'list':
      case 'set':
        return this.nested(() => {
          this.expect(type.element, this.i8());
          const elements: unknown[] = [];
          for (let left = this.count(1); left > 0; left -= 1) elements.push(this.read(type.element));
          return elements;
        });
      case 'map':
        return this.nested(() => {
          const keyType = this.i8();
          const valueType = this.i8();
          const count = this.count(2);
          if (count > 0) {
            this.expect(type.key, keyType);
            this.expect(type.value, valueType);
          }
          const entries: [unknown, unknown][] = [];
          for (let left = count; left > 0; left -= 1)
            entries.push([this.read(type.key), this.read(type.value)]);
          return entries;
        });
      case 'struct':
        return this.nested(() => this.struct(type));
    }
  }

  private struct(type: StructType): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const fields = Object.entries(type.fields());
    for (let header = this.fieldHeader(); header !== undefined; header = this.fieldHeader()) {
      const { id, type: wire } = header;
      const known = fields.find(([, candidate]) => candidate.id === id);
      if (known === undefined || typeByte(known[1].type) !== wire) this.skip(wire);
      else result[known[0]] = this.read(known[1].type);
    }
    for (const [name, field] of fields) {
      if (result[name] !== undefined) continue;
      if (!field.optional) result[name] = (field.fallback as unknown) ?? zeroOf(field.type);
      else if (field.fallback !== undefined) result[name] = field.fallback as unknown;
    }
    return result;
  }

  private address(): RpcAddress {
    const at = this.take(8);
    if ((this.buffer.readUInt16BE(at + 6) & 3) === 0) return null;
    const ip = [...this.buffer.subarray(at, at + 4)].join('.');
    return { ip, port: this.buffer.readUInt16BE(at + 4) };
  }

  private hostPort(): WireHostPort {
    const host = this.text();
    const port = this.buffer.readUInt16BE(this.take(2));
    return this.i8() === 0 ? null : { host, port };
  }

  private expect(type: WireType, wire: number): void {
    if (typeByte(type) !== wire)
      throw new ProtocolError(`element type ${wire} where ${typeByte(type)} belongs`);
  }

  /** A container's count, refused when the bytes that are left cannot hold that many elements. */
  private count(bytesEach: number): number {
    const count = this.i32();
    if (count < 0 || count * bytesEach > this.remaining)
      throw new ProtocolError(`impossible element count ${count}`);
    return count;
  }

  private sized(): Buffer {
    const size = this.i32();
    if (size < 0) throw new ProtocolError(`negative length ${size}`);
    const at = this.take(size);
    return this.buffer.subarray(at, at + size);
  }

  private take(size: number): number {
    const at = this.position;
    if (size > this.buffer.length - at) throw new ProtocolError(`truncated: ${size} bytes expected at ${at}`);
    this.position = at + size;
    return at;
  }

  private nested<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ProtocolError(`nested deeper than ${MAX_DEPTH} levels`);
    const result = work();
    this.depth -= 1;
    return result;
  }
}
