import type { Socket } from 'node:net';
import { MemoryLogger, type Node } from '@onebox/base';
import type { Cut } from '../../src/faults';
import { createHttpServer } from '../../src/http/http-server';
import type { HttpHandler } from '../../src/http/http-call';
import { profileCalls } from '../../src/http/profile-calls';
import { type Listener, startListener } from '../../src/listener/listener';
import type { Role } from '../../src/process/role';
import type { Profile } from '../../src/profile/profile';
import { MASTER } from '../../src/profile/master';
import type { Address } from '../golden/raw-http';

export const COMMIT = 'db756dcdf24e2af6169659a67548501ed61f106c';

/** A server of the HTTP kind on a port of its own, without any role behind it. */
export class TestServer {
  readonly address: Address;

  private constructor(
    readonly listener: Listener,
    readonly log: MemoryLogger,
    /** What the RPC side was given. */
    readonly rpc: RecordingRpc,
  ) {
    this.address = { host: '127.0.0.1', port: listener.port };
  }

  static async start(
    options: {
      readonly profile?: Profile;
      readonly role?: Role;
      readonly handlers?: Readonly<Record<string, HttpHandler>>;
      readonly redirect?: () => Node | undefined | 'serve';
      readonly port?: number;
      readonly withoutHttp?: boolean;
      readonly mostPerAddress?: number;
      readonly longestStallMs?: number;
      readonly cut?: Cut;
    } = {},
  ): Promise<TestServer> {
    const profile = options.profile ?? MASTER;
    const log = new MemoryLogger();
    const facts = {
      role: options.role ?? 'meta',
      pegasusVersion: profile.pegasusVersion,
      commit: COMMIT,
      startedAtUnixMs: new Date(2024, 4, 1, 9, 59, 58).getTime(),
    } as const;
    const http = createHttpServer({
      calls: profileCalls(profile, facts, options.handlers ?? {}),
      variants: profile.variants,
      redirect: options.redirect,
      advertisedHost: 'onebox.test',
      longestStallMs: options.longestStallMs,
      cut: options.cut,
      log,
    });
    const rpc = new RecordingRpc();
    const listener = await startListener({
      bind: '127.0.0.1',
      port: options.port ?? 0,
      http: options.withoutHttp === true ? undefined : http,
      rpc,
      mostPerAddress: options.mostPerAddress ?? 0,
      log,
    });
    return new TestServer(listener, log, rpc);
  }

  close(): Promise<void> {
    return this.listener.close();
  }
}

/** Takes connections as the RPC registry does, and keeps what it is given. */
export class RecordingRpc {
  readonly connections: { firstBytes: string; later: string; ended: boolean }[] = [];

  serve(socket: Socket, firstBytes: Buffer): void {
    const connection = { firstBytes: firstBytes.toString('latin1'), later: '', ended: false };
    this.connections.push(connection);
    socket.on('data', (bytes) => {
      connection.later += bytes.toString('latin1');
      socket.write(`got ${bytes.length}`);
    });
    socket.on('close', () => (connection.ended = true));
  }
}
