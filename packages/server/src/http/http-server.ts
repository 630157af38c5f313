import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describeError } from '@onebox/base';
import type { Express } from 'express';
import type { Cut } from '../faults';
import { refuseBrowser } from './browser-guard';
import { bytesFromText } from './byte-text';
import { dispatch, type DispatchOptions } from './call-dispatch';
import type { HttpResponse, OnClientGone } from './http-call';
import { HeldRequests } from './held-requests';
import { collectBody, EMPTY_BODY, hasBody } from './request-body';
import { type StreamedBody, sendStreamed } from './streamed-body';

export interface HttpServerOptions extends DispatchOptions {
  /** The host name this server is shown under: the one name besides IP addresses and localhost a `Host` may have. */
  readonly advertisedHost: string;
  /** How long a client of a streamed answer may take nothing, in real milliseconds. Default 30 s. */
  readonly longestStallMs?: number;
  /** HTTP can be cut off on purpose: no request is begun, and nothing is sent, while it is. */
  readonly cut?: Cut;
}

/**
 * Request line and headers together. Upstream takes what fits one 64 KiB read: a URL of 60,000 bytes works, one of 70,000
 * closes the connection (reference/http-api.md 1.3).
 */
const LONGEST_HEAD = 64 * 1024;

const STATUS_TEXT = {
  200: 'OK',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
} as const;

type Answer = Omit<HttpResponse, 'status'> & { readonly status: keyof typeof STATUS_TEXT };

/**
 * The HTTP side of a server: Express with the call registry mounted in it. It listens nowhere by itself: the listener
 * hands it connections. What Node would add or answer on its own is switched off: header fields, timeouts, the 400 to a
 * malformed request, `100 Continue`, 417, closing after `Connection: close`.
 */
export function createHttpServer(options: HttpServerOptions): Server {
  const held = new HeldRequests(options.cut);
  const application = once(() => mount(options, held));
  const server = createServer({
    maxHeaderSize: LONGEST_HEAD,
    requireHostHeader: false,
    requestTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 0,
  });
  // Node's own name for it; its type declarations leave it out. A client may close its side and still read the answer.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const gate = new RequestGate();
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    held.pass(request.socket, () => begin(request, response));
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    // Upstream parses a whole read before it answers anything: garbage behind a request leaves it unanswered, too. A tick
    // later the parser is through with the read, and has closed the connection if it did not like it.
    process.nextTick(() => {
      if (request.socket.destroyed || !gate.accepts(request, response)) return;
      // Express routes by its own reading of the URL, which fails on some that Pegasus accepts. It sees only `/`.
      (request as IncomingMessage & { originalUrl: string }).originalUrl = request.url ?? '/';
      request.url = '/';
      application((app) => void app(request, response));
    });
  };
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    options.log.debug(`http: a connection is closed: ${error.code ?? error.message}`);
    // That it does not like the bytes is an answer, too; that the client is gone is none.
    if (error.code?.startsWith('HPE_') === true) held.pass(socket, () => socket.destroy());
    else socket.destroy();
  });
  return server;
}

/** Express with one handler for everything. Loaded by the first request: a server's start does not need it. */
async function mount(options: HttpServerOptions, held: HeldRequests): Promise<Express> {
  const { default: express } = await import('express');
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request: IncomingMessage, response: ServerResponse) => serve(options, held, request, response));
  return app;
}

/** Hands what `make` makes to everybody who asks: made once, and from then on without waiting. */
function once<T>(make: () => Promise<T>): (use: (made: T) => void) => void {
  let made: { readonly value: T } | undefined;
  let making: Promise<T> | undefined;
  return (use) => {
    if (made !== undefined) use(made.value);
    else {
      making ??= make();
      void making.then((value) => use((made ??= { value }).value));
    }
  };
}

/** Express' handler for every request: waits for the body, then answers. */
function serve(
  options: HttpServerOptions,
  held: HeldRequests,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (hasBody(request)) collectBody(request, (body) => answer(options, held, request, response, body));
  else answer(options, held, request, response, EMPTY_BODY);
}

function answer(
  options: HttpServerOptions,
  held: HeldRequests,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const reason = refuseBrowser(request.headers, options.advertisedHost);
  if (reason !== undefined) {
    send(response, { status: 403, body: `forbidden: ${reason}` });
    return;
  }
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const url = (request as IncomingMessage & { originalUrl: string }).originalUrl;
  // What a handler gives can be wrong in ways its type does not show; that must not end the process.
  const failed = (error: unknown): void => {
    options.log.error(`the answer to ${method} ${url} cannot be sent: ${describeError(error)}`);
    request.socket.destroy();
  };
  const sendResult = (result: HttpResponse): void => {
    try {
      send(response, result);
      if (result.streamed === undefined) return;
      const body = heldBack(result.streamed, held, request.socket);
      sendStreamed(response, body, options.longestStallMs).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
  const reply = (result: HttpResponse): void => held.pass(request.socket, () => sendResult(result));
  const result = dispatch(options, method, url, body, {
    onClientGone: clientGone(request),
    connectionIsClosed: () => request.socket.destroyed,
  });
  if (result instanceof Promise) void result.then(reply);
  else reply(result);
}

/** A body whose pieces wait, too. */
function heldBack(body: StreamedBody, held: HeldRequests, socket: Socket): StreamedBody {
  return {
    length: body.length,
    next: async () => {
      await new Promise<void>((resolve) => held.pass(socket, resolve));
      return socket.destroyed ? undefined : body.next();
    },
    close: () => body.close(),
  };
}

function clientGone({ socket }: IncomingMessage): OnClientGone {
  return (listener) => {
    const forget = (): void => {
      socket.off('end', gone);
      socket.off('close', gone);
    };
    const gone = (): void => {
      forget();
      listener();
    };
    socket.on('end', gone);
    socket.on('close', gone);
    if (socket.destroyed || socket.readableEnded) process.nextTick(gone);
    return forget;
  };
}

/**
 * Writes exactly upstream's status line and header fields, in its order (reference/http-api.md 1.5), and the body unless it
 * is streamed.
 */
function send(response: ServerResponse, answer: Answer): void {
  if (response.socket?.destroyed === true) return;
  const { body, streamed } = answer;
  const ascii = typeof body === 'string' && Buffer.byteLength(body) === body.length;
  const bytes = typeof body === 'string' && !ascii ? bytesFromText(body) : body;
  const fields = ['Content-Type', 'text/plain', 'Content-Length', String((streamed ?? bytes).length)];
  // Node writes header fields as latin1: one char per byte keeps the bytes.
  if (answer.location !== undefined)
    fields.push('Location', bytesFromText(answer.location).toString('latin1'));
  response.sendDate = false;
  response.removeHeader('connection');
  // Kept open always, `Connection: close` and HTTP/1.0 included, unless the client has closed its side.
  response.shouldKeepAlive = response.req.socket.readableEnded === false;
  // Node would close after `Expect: 100-continue` without an interim answer. Its own name; the types leave it out.
  (response as ServerResponse & { _expect_continue: boolean })._expect_continue = false;
  response.writeHead(answer.status, STATUS_TEXT[answer.status], fields);
  if (streamed !== undefined) return;
  // An ASCII body travels with the head in one latin1 string, which is what Node sends fastest.
  response.end(bytes, 'latin1');
}

/**
 * Keeps a connection to upstream's methods, and to URLs that are a path or absolute: Node's parser also takes `*`. A later
 * request with another method gets no answer and closes the connection (upstream leaves it hanging; both are "no
 * response"), but not before the requests in front of it were answered.
 */
class RequestGate {
  private readonly latest = new WeakMap<Socket, ServerResponse | 'closing'>();

  /** Whether to answer this request; it must be called once for each request, in their order. */
  accepts(request: IncomingMessage, response: ServerResponse): boolean {
    const socket = request.socket;
    const before = this.latest.get(socket);
    if (before === 'closing') return false;
    const known = request.method === 'GET' || request.method === 'POST';
    if (known && request.url?.startsWith('*') === false) {
      this.latest.set(socket, response);
      return true;
    }
    this.latest.set(socket, 'closing');
    if (before === undefined || before.writableFinished) socket.destroySoon();
    else before.once('finish', () => socket.destroySoon());
    return false;
  }
}
