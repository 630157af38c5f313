import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { bounded } from '@onebox/base';

const ANSWER_WITHIN_MS = 10_000;

/** A TCP connection that gives whole frames, in their order, and then undefined once the other side has closed. */
export class RawConnection {
  private readonly frames: Buffer[] = [];
  private readonly chunks: Buffer[] = [];
  private buffered = 0;
  private waiting: (() => void) | undefined;
  closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    // A reset is an end as well: which of the two a server's close becomes depends on what was still unread.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.waiting?.();
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    await bounded(`a connection to ${port}`, ANSWER_WITHIN_MS, opened);
    return new RawConnection(socket);
  }

  send(bytes: Buffer): void {
    if (!this.closed) this.socket.write(bytes);
  }

  /** The next frame without its length, or undefined when there is none to come. */
  async next(): Promise<Buffer | undefined> {
    while (this.frames.length === 0 && !this.closed) {
      const more = new Promise<void>((resolve) => (this.waiting = resolve));
      await bounded('a frame or the end of the connection', ANSWER_WITHIN_MS, more);
    }
    return this.frames.shift();
  }

  /** Everything until the other side closes, for connections that are to end. Unframed bytes come last. */
  async untilClosed(): Promise<Buffer> {
    const all: Buffer[] = [];
    for (let frame = await this.next(); frame !== undefined; frame = await this.next()) {
      const length = Buffer.alloc(4);
      length.writeInt32BE(frame.length);
      all.push(length, frame);
    }
    return Buffer.concat([...all, ...this.chunks.splice(0)]);
  }

  /** Gives the connection up without a word. */
  drop(): void {
    this.socket.destroy();
    this.closed = true;
  }

  /** What comes stays with the kernel, and then with the other side. */
  stopReading(): void {
    this.socket.pause();
  }

  /** Half of a close: nothing more is sent. */
  end(): void {
    this.socket.end();
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    while (this.buffered >= 4) {
      const first = this.chunks[0] as Buffer; // there is one: bytes are buffered
      const whole = first.length >= 4 ? first : Buffer.concat(this.chunks.splice(0));
      if (whole !== first) this.chunks.unshift(whole);
      const length = whole.readInt32BE(0);
      // No server sends this: a four-letter word's text, which is not framed.
      if (length < 0 || length > 64 * 2 ** 20 || this.buffered < 4 + length) break;
      const bytes = Buffer.concat(this.chunks.splice(0));
      this.frames.push(bytes.subarray(4, 4 + length));
      const left = bytes.subarray(4 + length);
      if (left.length > 0) this.chunks.push(left);
      this.buffered = left.length;
    }
    if (this.frames.length > 0) this.waiting?.();
  }
}
