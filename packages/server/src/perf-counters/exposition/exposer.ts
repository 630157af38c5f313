import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OneboxError, describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { refuseBrowser } from '../../http/browser-guard';
import type { Exposition } from './exposition';
import { ScrapeStatistics } from './scrape-statistics';

export interface ExposerOptions {
  /** The address to listen on. */
  readonly bind: string;
  /** 0 lets the system choose, see {@link Exposer.port}. */
  readonly port: number;
  readonly exposition: Exposition;
  /** The one name besides IP addresses and localhost that a `Host` may have. */
  readonly advertisedHost: string;
  readonly log: Logger;
}

/** A port of its own for Prometheus, while it listens. */
export interface Exposer {
  readonly port: number;
  /** Ends it and every connection; idempotent. */
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` in Prometheus' text format on a port of its own, as the servers up to 2.5 do (reference/metrics.md 4.12).
 * Upstream listens on every interface; this one where the server listens.
 *
 * @throws OneboxError ONEBOX_PORT_IN_USE, or ONEBOX_CANNOT_LISTEN for any other reason
 */
export async function startExposer(options: ExposerOptions): Promise<Exposer> {
  const statistics = new ScrapeStatistics();
  const server = createServer((request, response) => {
    answer(request, response, options, statistics).catch((error: unknown) => {
      options.log.error(`prometheus: a scrape failed: ${describeError(error)}`);
      response.destroy();
    });
  });
  await listen(server, options);
  server.on('error', (error) => options.log.error(`prometheus: ${error.message}`));
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { exposition, advertisedHost, log }: ExposerOptions,
  statistics: ScrapeStatistics,
): Promise<void> {
  const [path] = (request.url ?? '').split('?');
  const refusal = refuseBrowser(request.headers, advertisedHost);
  if (refusal !== undefined) {
    log.warn(`prometheus: refused: ${refusal}`);
    return end(response, 403, '');
  }
  if (path !== '/metrics') return end(response, 404, '');
  if (request.method !== 'GET') return end(response, 405, '');
  const startedMs = performance.now();
  const body = statistics.render(startedMs) + (await exposition.render());
  end(response, 200, body);
  const endedMs = performance.now();
  statistics.scraped(Buffer.byteLength(body), (endedMs - startedMs) * 1000, endedMs);
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function listen(server: Server, { bind, port }: ExposerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new OneboxError(
          taken ? 'ONEBOX_PORT_IN_USE' : 'ONEBOX_CANNOT_LISTEN',
          `${bind}:${port}, where Prometheus is to find the counters, ${taken ? 'is taken by another process' : `cannot be opened: ${error.message}`}`,
          {
            nextStep: 'End what has it, or choose another one with [pegasus.server] prometheus_port.',
            data: { bind, port, code: error.code },
            cause: error,
          },
        ),
      );
    });
    server.listen({ host: bind, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
