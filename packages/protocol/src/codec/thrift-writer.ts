import { isIPv4 } from 'node:net';
import { fallbackOf } from '../schema';
import type { RpcAddress, StructType, Typed, WireHostPort, WireType } from '../schema';
import { layoutOf, THRIFT, typeByte } from './thrift-types';

/** Texts of up to so many characters are written one by one. */
const SHORT_TEXT = 64;

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
    this.buffer[this.length++] = value;
  }

  i16(value: number): void {
    this.reserve(2);
    this.buffer[this.length++] = value >> 8;
    this.buffer[this.length++] = value;
  }

  i32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeInt32BE(value, this.length);
  }

  i64(value: bigint): void {
    this.reserve(8);
    this.length = this.buffer.writeBigInt64BE(BigInt.asIntN(64, value), this.length);
  }

  /** A 64-bit integer that is exact as a number: without making a BigInt of it. */
  private safeInteger(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.i64(BigInt(value));
      return;
    }
    this.i32(Math.floor(value / 2 ** 32));
    this.i32(value | 0);
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
    if (value.length <= SHORT_TEXT && this.ascii(value)) return;
    const size = Buffer.byteLength(value);
    this.i32(size);
    this.reserve(size);
    this.length += this.buffer.write(value, this.length, size, 'utf8');
  }

  /** Most texts are short names, which the way through Node's own encoder costs more than they do. @returns whether it was one */
  private ascii(value: string): boolean {
    const begin = this.length;
    this.i32(value.length);
    this.reserve(value.length);
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        this.length = begin;
        return false;
      }
      this.buffer[this.length++] = code;
    }
    return true;
  }

  fieldHeader(type: number, id: number): void {
    this.i8(type);
    this.i16(id);
  }

  stop(): void {
    this.i8(THRIFT.STOP);
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
        return this.safeInteger(value as number);
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
    for (const field of layoutOf(type).fields) {
      if (!this.hostPorts && field.carriesHostPort) continue;
      let present = value[field.name];
      if (present === undefined) {
        if (field.optional) continue;
        present = fallbackOf(field);
      }
      this.fieldHeader(field.typeByte, field.id);
      this.write(field.type, present);
    }
    this.stop();
  }

  private address(value: RpcAddress): void {
    if (value === null) return this.i64(0n);
    this.i32(ipv4Number(value.ip));
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

/** Addresses that were written: a cluster has few, and writes each of them many thousand times. */
const ipv4Numbers = new Map<string, number>();
const MOST_REMEMBERED = 1024;

/** @throws TypeError for anything else than an IPv4 address */
function ipv4Number(ip: string): number {
  const known = ipv4Numbers.get(ip);
  if (known !== undefined) return known;
  if (!isIPv4(ip)) throw new TypeError(`rpc_address needs an IPv4 address, not '${ip}'`);
  const number = ip.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);
  if (ipv4Numbers.size >= MOST_REMEMBERED) ipv4Numbers.clear();
  ipv4Numbers.set(ip, number);
  return number;
}
