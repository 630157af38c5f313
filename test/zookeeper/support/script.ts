import type { Operation } from './operations';

/** What a connect request says, besides who it is for. */
export interface Greeting {
  readonly timeoutMs: number;
  readonly protocolVersion?: number;
  /** Null: a client from before 3.4, which leaves the byte out. */
  readonly readOnly?: boolean | null;
  /** A zxid beyond everything that has happened. */
  readonly fromTheFuture?: boolean;
  /** Bytes of password in a request for a new session; null for no buffer at all. */
  readonly passwordBytes?: number | null;
}

/** One step of a script. Clients are numbered; a step whose client is not there is passed over. Client 0 only observes. */
export type Step =
  | { readonly do: 'connect'; readonly client: number; readonly greeting: Greeting }
  | {
      readonly do: 'attach';
      readonly client: number;
      readonly greeting: Greeting;
      readonly password: 'right' | 'wrong' | 'short';
      /** The connection it had is still there when it comes with another. */
      readonly takesOver: boolean;
    }
  /** Sent at once, without waiting for answers in between. */
  | { readonly do: 'ask'; readonly client: number; readonly operations: readonly Operation[] }
  /** The connection is gone, the session is not. */
  | { readonly do: 'drop'; readonly client: number }
  /** The connection is dropped, and everybody waits for the session's end. */
  | { readonly do: 'expire'; readonly client: number }
  /** Bytes on a connection without a session, which the server is to close. */
  | { readonly do: 'babble'; readonly hex: string };

export const OBSERVER = 0;

/** Requests that a server answers out of turn, or closes the connection for: nothing else may be under way with them. */
export function standsAlone(operation: Operation): boolean {
  switch (operation.op) {
    case 'auth':
    case 'raw':
    case 'bytes':
    case 'close':
      return true;
    default:
      return 'data' in operation && typeof operation.data === 'number' && operation.data > 1_000_000;
  }
}

/** A script as the lines of a report. */
export function printScript(steps: readonly Step[]): string {
  return steps.map((step) => JSON.stringify(step)).join('\n');
}
