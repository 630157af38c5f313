import type { IncomingMessage } from 'node:http';

/** A longer body closes the connection (our own bound: upstream's is the 64 KiB of one read). */
export const LONGEST_BODY = 1024 * 1024;

export const EMPTY_BODY: Buffer = Buffer.alloc(0);

/** Whether the head announces a body; without one there is nothing to wait for. */
export function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

/**
 * Collects the body, however slowly it comes, and hands it to `done`. A body above {@link LONGEST_BODY} destroys the
 * connection, before it is read when its length was announced. Nothing is called when the connection ends early.
 *
 * Of a chunked body upstream keeps the last chunk only; Node does not show where chunks end, so the whole body is kept.
 */
export function collectBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > LONGEST_BODY) {
    request.socket.destroy();
    return;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > LONGEST_BODY) {
      pieces.length = 0;
      request.socket.destroy();
    } else {
      pieces.push(piece);
    }
  });
  request.on('end', () => done(pieces.length === 1 ? (pieces[0] ?? EMPTY_BODY) : Buffer.concat(pieces)));
}
