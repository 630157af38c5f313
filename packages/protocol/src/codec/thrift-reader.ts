import { fallbackOf } from '../schema';
import type { RpcAddress, StructType, Typed, WireHostPort, WireType } from '../schema';
import { ProtocolError } from './protocol-error';
import { layoutOf, THRIFT, typeByte } from './thrift-types';

/** How deep structs and containers may lie in each other: upstream's own structs use at most 6 levels. */
export const MAX_DEPTH = 32;

/**
 * How many values one frame may hold. An element can be a single byte on the wire and hundreds in memory, so a length
 * limit alone would let 64 MiB of stop bytes become gigabytes of empty structs. The largest honest answer, every
 * partition of a cluster with 100,000 of them, stays below half of this.
 */
const MAX_VALUES = 4 * 1024 * 1024;

/** Reads values of declared types out of bytes that may be hostile. Every failure is a {@link ProtocolError}. */
export class ThriftReader {
  private depth = 0;
  private values = 0;

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

  /** The bytes that are left, not copied. */
  rest(): Buffer {
    return this.buffer.subarray(this.take(this.remaining));
  }

  /** @throws ProtocolError when bytes are left behind `what` */
  end(what: string): void {
    if (this.remaining > 0) throw new ProtocolError(`${this.remaining} bytes too many behind ${what}`);
  }

  value<T>(type: Typed<T>): T {
    return this.read(type) as T;
  }

  /** The header of the next field, or undefined at the stop byte. */
  fieldHeader(): { readonly type: number; readonly id: number } | undefined {
    const type = this.i8();
    return type === THRIFT.STOP ? undefined : { type, id: this.i16() };
  }

  /** Passes over a value of an undeclared field. Raw base types cannot be told from structs here (1.9). */
  skip(type: number): void {
    const fixed = fixedSize(type);
    if (fixed !== undefined) {
      this.take(fixed);
      return;
    }
    this.count(1);
    this.enter();
    switch (type) {
      case THRIFT.STRING:
        this.sized();
        break;
      case THRIFT.STRUCT:
        for (let header = this.fieldHeader(); header !== undefined; header = this.fieldHeader()) {
          this.skip(header.type);
        }
        break;
      case THRIFT.LIST:
      case THRIFT.SET: {
        const element = this.i8();
        for (let left = this.elementCount(1); left > 0; left -= 1) this.skip(element);
        break;
      }
      case THRIFT.MAP: {
        const key = this.i8();
        const value = this.i8();
        for (let left = this.elementCount(2); left > 0; left -= 1) {
          this.skip(key);
          this.skip(value);
        }
        break;
      }
      default:
        throw new ProtocolError(`unknown thrift type ${type}`);
    }
    this.leave();
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
        const at = this.take(8);
        const value = this.buffer.readInt32BE(at) * 2 ** 32 + this.buffer.readUInt32BE(at + 4);
        if (!Number.isSafeInteger(value)) throw new ProtocolError(`64-bit integer ${value} is out of range`);
        return value;
      }
      case 'i64big':
        return this.i64();
      case 'double':
        return this.buffer.readDoubleBE(this.take(8));
      case 'string':
      case 'taskCode':
      case 'errorCode':
        return this.text();
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
        return this.list(type.element);
      case 'map':
        return this.map(type.key, type.value);
      case 'struct':
        return this.struct(type);
    }
  }

  private list(element: WireType): unknown[] {
    this.enter();
    const wire = this.i8();
    const count = this.elementCount(1);
    // Some thrift writers give an empty container the element type 0.
    if (count > 0) expectType(element, wire);
    const elements: unknown[] = [];
    for (let left = count; left > 0; left -= 1) elements.push(this.read(element));
    this.leave();
    return elements;
  }

  private map(key: WireType, value: WireType): [unknown, unknown][] {
    this.enter();
    const keyWire = this.i8();
    const valueWire = this.i8();
    const count = this.elementCount(2);
    if (count > 0) {
      expectType(key, keyWire);
      expectType(value, valueWire);
    }
    const entries: [unknown, unknown][] = [];
    for (let left = count; left > 0; left -= 1) entries.push([this.read(key), this.read(value)]);
    this.leave();
    return entries;
  }

  private struct(type: StructType): Record<string, unknown> {
    this.enter();
    const layout = layoutOf(type);
    this.count(layout.fields.length);
    const result: Record<string, unknown> = {};
    for (let header = this.fieldHeader(); header !== undefined; header = this.fieldHeader()) {
      const known = layout.byId.get(header.id);
      if (known === undefined || known.typeByte !== header.type) this.skip(header.type);
      else result[known.name] = this.read(known.type);
    }
    for (const field of layout.fields) {
      if (result[field.name] !== undefined) continue;
      if (!field.optional) result[field.name] = fallbackOf(field);
      else if (field.fallback !== undefined) result[field.name] = field.fallback;
    }
    this.leave();
    return result;
  }

  private address(): RpcAddress {
    const at = this.take(8);
    // Low two bits: 0 invalid, 1 IPv4 (reference/rpc-protocol.md 1.10).
    if ((this.buffer.readUInt16BE(at + 6) & 3) !== 1) return null;
    const ip = this.buffer.subarray(at, at + 4).join('.');
    return { ip, port: this.buffer.readUInt16BE(at + 4) };
  }

  private hostPort(): WireHostPort {
    const host = this.text();
    const port = this.buffer.readUInt16BE(this.take(2));
    return this.i8() === 1 ? { host, port } : null;
  }

  /** A container's count, refused when the bytes that are left cannot hold that many elements. */
  private elementCount(bytesEach: number): number {
    const count = this.i32();
    if (count < 0 || count * bytesEach > this.remaining) {
      throw new ProtocolError(`impossible element count ${count}`);
    }
    this.count(count);
    return count;
  }

  private count(values: number): void {
    this.values += values;
    if (this.values > MAX_VALUES) throw new ProtocolError(`more than ${MAX_VALUES} values in one frame`);
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

  private enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ProtocolError(`nested deeper than ${MAX_DEPTH} levels`);
  }

  private leave(): void {
    this.depth -= 1;
  }
}

function expectType(type: WireType, wire: number): void {
  if (typeByte(type) !== wire)
    throw new ProtocolError(`element type ${wire} where ${typeByte(type)} belongs`);
}

function fixedSize(type: number): number | undefined {
  switch (type) {
    case THRIFT.BOOL:
    case THRIFT.I8:
      return 1;
    case THRIFT.I16:
      return 2;
    case THRIFT.I32:
      return 4;
    case THRIFT.DOUBLE:
    case THRIFT.I64:
      return 8;
    default:
      return undefined;
  }
}
