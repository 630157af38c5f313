import type { MeasureFrame } from './frame';

/** No framing needs more of a frame than this to tell its length. */
const LONGEST_HEAD = 192;

/**
 * Cuts a TCP stream into frames by their lengths alone, however it was split or glued on the way.
 *
 * Bytes are copied only when a frame spans reads, into a buffer that doubles: the work is linear in the bytes received, and the
 * memory in the bytes received, not in the length a header claims. A frame that was handed out shares its memory with the stream.
 */
export class FrameSplitter {
  private buffer: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  /** The length of the frame at `start`, once its head was there to tell. */
  private frameLength: number | undefined;

  constructor(private readonly measure: MeasureFrame) {}

  /** Bytes that belong to no complete frame yet. */
  get pending(): number {
    return this.end - this.start;
  }

  append(chunk: Buffer): void {
    if (this.pending === 0) {
      this.buffer = chunk;
      this.start = 0;
      this.end = chunk.length;
      return;
    }
    const needed = this.pending + chunk.length;
    // Behind `end` lies free room only in a buffer made here; a received chunk is full. Frames before `start` may still
    // be in use, so nothing moves inside a buffer.
    if (this.end + chunk.length > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.pending * 2));
      this.buffer.copy(grown, 0, this.start, this.end);
      this.end = this.pending;
      this.start = 0;
      this.buffer = grown;
    }
    chunk.copy(this.buffer, this.end);
    this.end += chunk.length;
  }

  /**
   * The next complete frame, or undefined until more bytes come.
   *
   * @throws ProtocolError when the bytes cannot be a frame
   */
  next(): Buffer | undefined {
    if (this.pending === 0) return undefined;
    const headEnd = Math.min(this.end, this.start + LONGEST_HEAD);
    this.frameLength ??= this.measure(this.buffer.subarray(this.start, headEnd));
    if (this.frameLength === undefined || this.frameLength > this.pending) return undefined;
    const frame = this.buffer.subarray(this.start, this.start + this.frameLength);
    this.start += this.frameLength;
    this.frameLength = undefined;
    if (this.pending === 0) this.buffer = Buffer.alloc(0);
    if (this.buffer.length === 0) this.start = this.end = 0;
    return frame;
  }
}
