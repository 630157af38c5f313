import { JuteError } from './jute-reader';

const EMPTY = Buffer.alloc(0);
const SMALLEST = 256;
const LARGEST_FIRST = 64 * 1024;
/** A request of a few bytes for each of a thousand large nodes would otherwise have its answer until memory ends. */
const LARGEST = 64 * 1024 * 1024;

/** Writes ZooKeeper's record encoding ({@link JuteReader}) into a buffer that grows to 64 MiB, and throws JuteError beyond. */
export class JuteWriter {
  private bytes: Buffer = EMPTY;
  private end = 0;
  /** As large as what was taken last: a connection that gets many answers at once goes on doing so. */
  private nextSize = SMALLEST;

  /** Bytes written since the last {@link take}. */
  get length(): number {
    return this.end;
  }

  int(value: number): void {
    const at = this.advance(4);
    this.bytes.writeInt32BE(value, at);
  }

  /** A whole number up to 2^53 either way. */
  long(value: number): void {
    const at = this.advance(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.bytes.writeInt32BE(high, at);
    this.bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
  }

  bigLong(value: bigint): void {
    const at = this.advance(8);
    this.bytes.writeBigInt64BE(value, at);
  }

  boolean(value: boolean): void {
    const at = this.advance(1);
    this.bytes[at] = value ? 1 : 0;
  }

  string(value: string | null): void {
    if (value === null) return this.int(-1);
    // UTF-8 takes three bytes at most for each UTF-16 unit.
    const at = this.reserve(4 + value.length * 3);
    const length = this.bytes.write(value, at + 4, 'utf8');
    this.bytes.writeInt32BE(length, at);
    this.end = at + 4 + length;
  }

  buffer(value: Buffer | null): void {
    if (value === null) return this.int(-1);
    this.int(value.length);
    this.raw(value);
  }

  raw(value: Buffer): void {
    const at = this.advance(value.length);
    value.copy(this.bytes, at);
  }

  /** Leaves room for a frame's length and says where; {@link endFrame} fills it in. */
  beginFrame(): number {
    return this.advance(4);
  }

  endFrame(begun: number): void {
    this.bytes.writeInt32BE(this.end - begun - 4, begun);
  }

  /** Forgets everything behind an earlier {@link length}. */
  truncate(length: number): void {
    this.end = Math.min(this.end, length);
  }

  /** What was written, which nobody touches any more; the writer starts afresh. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.end);
    this.nextSize = Math.min(LARGEST_FIRST, Math.max(SMALLEST, this.end));
    this.bytes = EMPTY;
    this.end = 0;
    return taken;
  }

  private advance(bytes: number): number {
    const at = this.reserve(bytes);
    this.end = at + bytes;
    return at;
  }

  private reserve(bytes: number): number {
    if (this.end + bytes > this.bytes.length) {
      if (this.end + bytes > LARGEST) throw new JuteError(`an answer of more than ${LARGEST} bytes`);
      const grown = Buffer.allocUnsafe(Math.max(this.nextSize, this.bytes.length * 2, this.end + bytes));
      this.bytes.copy(grown, 0, 0, this.end);
      this.bytes = grown;
    }
    return this.end;
  }
}
