import { MemoryLogger, nodeAddress } from '@onebox/base';
import type { Clock, Node } from '@onebox/base';
import { configHandlers, dispatch, profileCalls, selectProfile } from '@onebox/server';
import type { Flags, HttpHandler, HttpResponse, MetricRegistry } from '@onebox/server';
import { metricsHandler } from '../../../packages/server/src/metrics/metrics-call';
import type { HttpSource } from './http-source';

/** As much of a server as its HTTP calls need. */
export interface InProcessServer {
  readonly self: Node;
  readonly role: 'meta' | 'replica';
  readonly metrics: MetricRegistry;
  readonly flags: Flags;
  readonly clock: Clock;
  readonly httpHandlers: Readonly<Record<string, HttpHandler>>;
  readonly redirect?: () => Node | undefined | 'serve';
}

/** Servers of this process, asked through the real call registry of profile `master`, without sockets. */
export class InProcessServers implements HttpSource {
  private readonly servers = new Map<string, (path: string) => HttpResponse | Promise<HttpResponse>>();

  add(server: InProcessServer): void {
    const { self, role, metrics, flags, clock, httpHandlers, redirect } = server;
    const profile = selectProfile('master');
    const calls = profileCalls(
      profile,
      { role, pegasusVersion: profile.pegasusVersion, commit: 'abc', startedAtUnixMs: clock.unixMs() },
      {
        ...configHandlers(flags, profile.variants),
        '/metrics': metricsHandler({
          entities: () => metrics.entities(),
          clock,
          cluster: () => 'onebox',
          role,
          host: 'box',
          port: nodeAddress(self).port,
        }),
        ...httpHandlers,
      },
    );
    const options = { calls, variants: profile.variants, redirect, log: new MemoryLogger() };
    this.servers.set(self, (path) => dispatch(options, 'GET', path, Buffer.alloc(0)));
  }

  async get(node: string, path: string) {
    const ask = this.servers.get(node);
    if (ask === undefined) throw new Error(`connect ECONNREFUSED ${node}`);
    const { status, body, location, streamed } = await ask(path);
    return { status, location, body: streamed === undefined ? body.toString() : await drained(streamed) };
  }
}

async function drained(streamed: NonNullable<HttpResponse['streamed']>): Promise<string> {
  const pieces: Buffer[] = [];
  for (let piece = await streamed.next(); piece !== undefined; piece = await streamed.next())
    pieces.push(piece);
  streamed.close();
  return Buffer.concat(pieces).toString();
}
