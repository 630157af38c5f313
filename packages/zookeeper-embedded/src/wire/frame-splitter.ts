import { JuteError } from './jute-reader';

/** The longest request, ZooKeeper's `jute.maxbuffer`: 1 MiB less a byte. */
export const LONGEST_FRAME = 0xfffff;

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a connection's bytes into frames (int length, then as many bytes). Memory goes with the bytes that were received,
 * not with the length that a frame claims. A frame that was handed out shares its memory with what was received.
 */
export class FrameSplitter {
  private bytes: Buffer = EMPTY;
  private start = 0;
  private end = 0;

  /** Bytes that are in no frame handed out yet. */
  get pending(): number {
    return this.end - this.start;
  }

  append(chunk: Buffer): void {
    if (this.pending === 0) {
      this.bytes = chunk;
      this.start = 0;
      this.end = chunk.length;
      return;
    }
    // Behind `end` is room only in a buffer that was made here. Frames before `start` may be in use: nothing moves in place.
    if (this.end + chunk.length > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.pending + chunk.length, this.pending * 2));
      this.bytes.copy(grown, 0, this.start, this.end);
      this.end = this.pending;
      this.start = 0;
      this.bytes = grown;
    }
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
  }

  /** The four bytes at the front as a number: a length, or a four-letter word. Undefined until they are there. */
  peekInt(): number | undefined {
    return this.pending < 4 ? undefined : this.bytes.readInt32BE(this.start);
  }

  /**
   * The next whole frame without its length, or undefined until more bytes come.
   *
   * @throws JuteError when the length cannot be one
   */
  next(): Buffer | undefined {
    const length = this.peekInt();
    if (length === undefined) return undefined;
    if (length < 0 || length > LONGEST_FRAME) throw new JuteError(`a frame of ${length} bytes`);
    if (this.pending < 4 + length) return undefined;
    const from = this.start + 4;
    this.start = from + length;
    const frame = this.bytes.subarray(from, this.start);
    if (this.pending === 0) {
      this.bytes = EMPTY;
      this.start = this.end = 0;
    }
    return frame;
  }
}
