import type { Duplex } from 'node:stream';
import type { Cut } from '../faults';

/** So many wait while HTTP is cut off; for one more the connection that has waited longest is closed: its client is the likeliest to be gone. */
const MOST_HELD = 1024;

interface Waiting {
  /** How each goes on. */
  readonly going: (() => void)[];
  readonly onClose: () => void;
}

/**
 * Keeps what belongs to HTTP requests while HTTP is cut off on purpose: a request that comes is not begun, an answer that is ready is not
 * sent. Afterwards all goes on in its order, where the client is still there: to it everything was only late.
 */
export class HeldRequests {
  /** By their connections, which are in the order in which they began to wait. */
  private readonly held = new Map<Duplex, Waiting>();
  private count = 0;

  constructor(private readonly cut: Cut | undefined) {
    // Lives as long as the server it belongs to, and so does the cut.
    cut?.onChange(() => this.releaseAll());
  }

  /** Calls `go` at once; while HTTP is cut off it waits for the end of that, or of the connection. */
  pass(socket: Duplex, go: () => void): void {
    if (this.cut?.isCut !== true || socket.destroyed) {
      go();
      return;
    }
    if (this.count >= MOST_HELD) this.giveUpOldest();
    const waiting = this.held.get(socket);
    if (waiting !== undefined) waiting.going.push(go);
    else {
      const onClose = (): void => this.release(socket);
      this.held.set(socket, { going: [go], onClose });
      socket.on('close', onClose);
    }
    this.count += 1;
  }

  private giveUpOldest(): void {
    for (const socket of this.held.keys()) {
      socket.destroy();
      this.release(socket);
      return;
    }
  }

  private releaseAll(): void {
    for (const socket of [...this.held.keys()]) {
      if (this.cut?.isCut === true) return;
      this.release(socket);
    }
  }

  private release(socket: Duplex): void {
    const waiting = this.held.get(socket);
    if (waiting === undefined) return;
    this.held.delete(socket);
    // A connection may live through many cuts.
    socket.off('close', waiting.onClose);
    this.count -= waiting.going.length;
    for (const go of waiting.going) go();
  }
}
