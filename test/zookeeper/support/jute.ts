/*
 * ZooKeeper's record encoding, for tests only: written from the protocol's description and from nothing of this product, so that
 * a mistake in the product's codec cannot hide itself.
 *
 *   int, long     big endian, 4 and 8 bytes        bool    one byte
 *   buffer        int length, bytes; null: -1      string  as buffer, UTF-8
 *   vector        int count, elements; null: -1
 */

/** What a test sends: bytes are built up and never checked, so that wrong ones can be sent too. */
export class JuteWriter {
  private readonly parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.allocUnsafe(4);
    part.writeInt32BE(value | 0);
    return this.raw(part);
  }

  long(value: bigint): this {
    const part = Buffer.allocUnsafe(8);
    part.writeBigInt64BE(BigInt.asIntN(64, value));
    return this.raw(part);
  }

  bool(value: boolean): this {
    return this.raw(Buffer.of(value ? 1 : 0));
  }

  buffer(value: Buffer | null): this {
    return value === null ? this.int(-1) : this.int(value.length).raw(value);
  }

  string(value: string | null): this {
    return this.buffer(value === null ? null : Buffer.from(value));
  }

  vector<T>(values: readonly T[] | null, each: (value: T) => void): this {
    this.int(values === null ? -1 : values.length);
    for (const value of values ?? []) each(value);
    return this;
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }

  /** With the length in front. */
  frame(): Buffer {
    const body = this.bytes();
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  }
}

/** Reads what a server sent; throws a RangeError at its end. */
export class JuteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  int(): number {
    const value = this.bytes.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  long(): bigint {
    const value = this.bytes.readBigInt64BE(this.at);
    this.at += 8;
    return value;
  }

  bool(): boolean {
    const value = this.bytes.readUInt8(this.at);
    this.at += 1;
    return value !== 0;
  }

  buffer(): Buffer | null {
    const length = this.int();
    if (length < 0) return null;
    if (this.at + length > this.bytes.length) throw new RangeError('a buffer goes beyond its frame');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  string(): string | null {
    return this.buffer()?.toString() ?? null;
  }

  vector<T>(each: () => T): readonly T[] | null {
    const count = this.int();
    if (count < 0) return null;
    const values: T[] = [];
    while (values.length < count) values.push(each());
    return values;
  }

  /** What nothing has read. */
  rest(): Buffer {
    return this.bytes.subarray(this.at);
  }
}
