import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OneboxError } from '@onebox/base';
import type { StateFeed } from '../feed/state-feed';
import type { ActionAnswer, PartitionEvents } from '../model';
import { pageWithNonce } from './page';
import { errorBody } from './error-body';
import { refuseRequest } from './refuse-request';
import { readJson } from './read-json';
import { StateStreams } from './state-stream';

export interface DashboardServerOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly token: string;
  readonly feed: StateFeed;
  /** Does what a request asks for. Never rejects: a refusal is an answer, too. */
  readonly act: (request: unknown) => Promise<ActionAnswer>;
  /** All that the log has of a partition. Rejects with ONEBOX_NO_SUCH_PARTITION. */
  readonly explain: (partition: string) => Promise<PartitionEvents>;
  /** The built page. */
  readonly page: () => string;
}

export interface DashboardServer {
  readonly port: number;
  /** Ends every connection; idempotent. */
  close(): Promise<void>;
}

/** With every answer: it is about this moment, it is what it says it is, and where it came from is nobody's business. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' } as const;

/**
 * Serves the page (`GET /`), the state (`GET /state`, as JSON or as server-sent events), what the log has of a partition
 * (`GET /events`) and actions (`POST /action`), on loopback, to who knows the token.
 *
 * @throws OneboxError ONEBOX_PORT_IN_USE
 */
export async function startDashboardServer(options: DashboardServerOptions): Promise<DashboardServer> {
  const streams = new StateStreams(options.feed);
  const server = createServer((request, response) => {
    answer(request, response, options, streams).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, errorBody(error));
      else response.destroy();
    });
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    port,
    close: () => {
      closed ??= new Promise((resolve) => {
        streams.close();
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new OneboxError(
          'ONEBOX_PORT_IN_USE',
          `port ${port}, which the dashboard needs, is taken: ${error.code}`,
          {
            nextStep: 'Take another --port, or none.',
            data: { instance: 'dashboard', port },
            cause: error,
          },
        ),
      );
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
}

/** In this order: who asks, what there is, how it is asked for. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: DashboardServerOptions,
  streams: StateStreams,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const { pathname, searchParams } = placeOf(request);
  const refusal = refuseRequest(
    {
      headers: request.headers,
      token: searchParams.get('token'),
      isPage: request.method === 'GET' && pathname === '/',
    },
    options.token,
  );
  if (refusal !== undefined) return sendText(response, 403, `403 Forbidden: ${refusal}\n`);
  switch (`${request.method} ${pathname}`) {
    case 'GET /': {
      const { html, headers } = pageWithNonce(options.page());
      response.writeHead(200, headers).end(html);
      return;
    }
    case 'GET /state':
      if (request.headers.accept?.includes('text/event-stream') !== true) {
        return sendJson(response, 200, await options.feed.now());
      }
      if (streams.isFull)
        return sendText(response, 503, '503 Service Unavailable: too many pages are open\n');
      return streams.serve(response);
    case 'GET /events':
      return explain(searchParams.get('partition') ?? '', response, options);
    case 'POST /action':
      return act(request, response, options);
    default:
      return refuseMethod(pathname, response);
  }
}

/** What is asked for. Whatever was sent, it is only read after it is known who asks: `//` is no path of ours, and no mistake. */
function placeOf({ url = '/' }: IncomingMessage): {
  readonly pathname: string;
  readonly searchParams: URLSearchParams;
} {
  const query = url.indexOf('?');
  const end = query < 0 ? url.length : query;
  return { pathname: url.slice(0, end), searchParams: new URLSearchParams(url.slice(end + 1)) };
}

async function explain(
  partition: string,
  response: ServerResponse,
  options: DashboardServerOptions,
): Promise<void> {
  try {
    sendJson(response, 200, await options.explain(partition));
  } catch (error) {
    if (!(error instanceof OneboxError) || error.code !== 'ONEBOX_NO_SUCH_PARTITION') throw error;
    sendJson(response, 404, errorBody(error));
  }
}

/** Only JSON that says so is taken: a form of another page cannot send that. */
async function act(
  request: IncomingMessage,
  response: ServerResponse,
  options: DashboardServerOptions,
): Promise<void> {
  const body = await readJson(request);
  if (!body.ok) return sendText(response, body.status, `${body.status} ${body.why}\n`);
  const answered = await options.act(body.value);
  sendJson(response, answered.ok ? 200 : 409, answered);
}

const METHODS: Readonly<Record<string, string>> = {
  '/': 'GET',
  '/state': 'GET',
  '/events': 'GET',
  '/action': 'POST',
};

function refuseMethod(pathname: string, response: ServerResponse): void {
  const allowed = Object.hasOwn(METHODS, pathname) ? METHODS[pathname] : undefined;
  if (allowed === undefined) return sendText(response, 404, '404 Not Found\n');
  response.setHeader('Allow', allowed);
  sendText(response, 405, `405 Method Not Allowed: only ${allowed}\n`);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, JSON_TYPE).end(`${JSON.stringify(value)}\n`);
}
