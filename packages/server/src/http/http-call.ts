import type { StreamedBody } from './streamed-body';

/** A request as handlers see it: parsed by Pegasus' rules, never Express' (reference/http-api.md 1.4). */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Normalised, without a leading slash. */
  readonly path: string;
  /** Decoded parameters in request order; a flag has the value ''. Non-UTF-8 bytes are kept, see byte-text.ts. */
  readonly args: ReadonlyMap<string, string>;
  /** The URL as it came, one char per byte (latin1): `/pprof/profile` reads its seconds from it. */
  readonly rawUrl: string;
  readonly body: Buffer;
  /**
   * For calls that take long: calls back once when the client has closed its side or is gone; maybe it can still read an
   * answer. Gives back how to listen no longer.
   */
  readonly onClientGone?: OnClientGone;
  /** For the same: whether the connection is closed on both sides, so that nobody can read an answer. */
  readonly connectionIsClosed?: () => boolean;
}

export type OnClientGone = (listener: () => void) => () => void;

/** What a call answers. No other status exists (reference/http-api.md 1.5). */
export interface HttpResponse {
  readonly status: 200 | 307 | 400 | 404 | 500;
  /** A string is sent as UTF-8; echoed parameters come out byte for byte as they came in (byte-text.ts). */
  readonly body: string | Buffer;
  readonly location?: string;
  /** Sent instead of `body`, which is '' then. */
  readonly streamed?: StreamedBody;
}

/** A function from a parsed request to a response; it must not keep the process busy. */
export type HttpHandler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** One path of a server, with what is checked before its handler runs. */
export interface HttpCall {
  /** With a leading slash, as `/` lists it: `/meta/cluster`. */
  readonly path: string;
  readonly help: string;
  /** False: answers, but `/` does not show it. */
  readonly listed: boolean;
  /** When a standby meta sends the client to the leader, relative to the check of unknown parameters (1.6). */
  readonly redirects: 'never' | 'before-arguments' | 'after-arguments';
  /** Any other parameter answers 400 with an empty body; undefined: every parameter is accepted. */
  readonly allowedArgs?: readonly string[];
  readonly handler: HttpHandler;
}

export function ok(body: string | Buffer): HttpResponse {
  return { status: 200, body };
}

export function okStreamed(streamed: StreamedBody): HttpResponse {
  return { status: 200, body: '', streamed };
}

/** Most of Pegasus' 400s have an empty body. */
export function badRequest(body: string = ''): HttpResponse {
  return { status: 400, body };
}

export function notFound(body: string): HttpResponse {
  return { status: 404, body };
}

export function serverError(body: string | Buffer = ''): HttpResponse {
  return { status: 500, body };
}
