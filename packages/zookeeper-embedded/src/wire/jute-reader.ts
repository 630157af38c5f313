/** Bytes that are not the record they should be: too short, or with a length that cannot be. */
export class JuteError extends Error {
  override readonly name = 'JuteError';
}

/** A buffer or string inside a record may be as long as two requests (`jute.maxbuffer` and its extra size). */
const LONGEST_PART = 2 * 0xfffff;

/**
 * Reads ZooKeeper's record encoding ("jute"):
 *
 *   int, long  = 4, 8 bytes, big endian          boolean = 1 byte
 *   ustring    = int length (-1: null), UTF-8     buffer  = int length (-1: null), bytes
 *   vector     = int count (-1: null), elements
 *
 * Buffers that are handed out share memory with the frame. Every method throws {@link JuteError} behind the end.
 */
export class JuteReader {
  private at: number;

  constructor(
    private readonly bytes: Buffer,
    start = 0,
  ) {
    this.at = start;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  int(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  /** A 64-bit integer as a number: exact up to 2^53, which zxids, times and time-outs never reach. */
  long(): number {
    const at = this.advance(8);
    return this.bytes.readInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4);
  }

  /** A 64-bit integer that uses all its bits: a session's id. */
  bigLong(): bigint {
    return this.bytes.readBigInt64BE(this.advance(8));
  }

  boolean(): boolean {
    return this.bytes[this.advance(1)] !== 0;
  }

  string(): string | null {
    const length = this.length();
    if (length === -1) return null;
    const at = this.advance(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  buffer(): Buffer | null {
    const length = this.length();
    if (length === -1) return null;
    const at = this.advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** The count of a vector; -1 stands for null. What it claims is believed only as its elements are read. */
  count(): number {
    const count = this.int();
    return count < -1 ? 0 : count;
  }

  private length(): number {
    const length = this.int();
    if (length < -1 || length > LONGEST_PART) throw new JuteError(`a length of ${length}`);
    return length;
  }

  private advance(bytes: number): number {
    const at = this.at;
    if (at + bytes > this.bytes.length) {
      throw new JuteError(`${bytes} bytes wanted, ${this.remaining} left`);
    }
    this.at = at + bytes;
    return at;
  }
}
