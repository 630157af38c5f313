import type { ServerResponse } from 'node:http';

/** A big answer that is made while it is sent: its length is known, its bytes not yet. */
export interface StreamedBody {
  /** Bytes of all pieces together, exactly. */
  readonly length: number;
  /** The next piece, when there is room for it; undefined behind the last. */
  next(): Promise<Buffer | undefined>;
  /** No further piece will be asked for; called in every case, even before the first. */
  close(): void;
}

/** A client that takes nothing of a streamed answer for this long, in real milliseconds, has its connection closed. */
export const LONGEST_STALL_MS = 30_000;

/**
 * Sends the pieces as fast as the client takes them, and ends the response. Begins when the answers to the client's earlier
 * requests are through. Stops, without a complaint, when the client is gone or takes nothing for too long.
 *
 * @throws what `next` throws; then the connection cannot be used any more
 */
export async function sendStreamed(
  response: ServerResponse,
  body: StreamedBody,
  longestStallMs: number = LONGEST_STALL_MS,
): Promise<void> {
  const client = response.req.socket;
  try {
    if (response.socket === null && !client.destroyed) await first(response, 'socket');
    while (!client.destroyed) {
      const piece = await body.next();
      if (piece === undefined) {
        response.end();
        return;
      }
      if (client.destroyed || response.write(piece)) continue;
      if (!(await first(response, 'drain', longestStallMs))) client.destroy();
    }
  } finally {
    body.close();
  }
}

/** Waits for the event, or for the end of the client. @returns false when neither came in time. */
function first(response: ServerResponse, event: 'socket' | 'drain', withinMs?: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (inTime: boolean): void => {
      clearTimeout(timer);
      response.off(event, came);
      response.req.off('close', came);
      resolve(inTime);
    };
    const came = (): void => done(true);
    response.once(event, came);
    // A response whose turn has not come knows nothing of its connection; its request is told in any case.
    response.req.once('close', came);
    const timer = withinMs === undefined ? undefined : setTimeout(() => done(false), withinMs);
  });
}
