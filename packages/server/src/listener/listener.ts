import type { Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type Logger, OneboxError } from '@onebox/base';
import { ConnectionsPerAddress } from './connections-per-address';
import { type ConnectionKind, connectionKind } from './first-bytes';
import { normaliseHead } from './request-head';

/** The RPC side of the port: takes over a connection whose first bytes were already read. */
export interface RpcSide {
  serve(socket: Socket, firstBytes: Buffer): void;
}

export interface ListenerOptions {
  /** The address to listen on, e.g. `127.0.0.1`. */
  readonly bind: string;
  /** 0 lets the system choose, see {@link Listener.port}. */
  readonly port: number;
  /** Made by createHttpServer; the listener gives it connections, it never listens itself. Undefined: no HTTP here. */
  readonly http: HttpServer | undefined;
  readonly rpc: RpcSide;
  /** Further connections from the same address are closed at once; 0, the default, is no limit. */
  readonly mostPerAddress?: number;
  readonly log: Logger;
}

/** The one port of a server while it listens. */
export interface Listener {
  readonly port: number;
  /** Connections that are open, of both protocols and of those that have not said which. */
  readonly connectionCount: number;
  /** Stops listening and ends every connection at once; harmless when called again. */
  close(): Promise<void>;
}

/**
 * Listens on the one port of a server and hands each connection, by its first four bytes, to HTTP or RPC. A connection
 * that starts with anything else is closed without a byte. One that sends less than four bytes waits for ever, as
 * upstream: no time-out exists on this port (reference/http-api.md 1.1, 1.3).
 *
 * @throws OneboxError ONEBOX_PORT_IN_USE, or ONEBOX_CANNOT_LISTEN for any other reason.
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const perAddress = new ConnectionsPerAddress(options.mostPerAddress ?? 0);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // A reset is nothing to report: 'close' follows, and its side of the port sees that.
    socket.on('error', () => undefined);
    if (!perAddress.admit(socket)) {
      options.log.warn(
        `a connection from ${socket.remoteAddress} is closed: that address has its most already`,
      );
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    readFirstBytes(socket, (kind, bytes) => hand(options, socket, kind, bytes));
  });
  await listen(server, options);
  server.on('error', (error) => options.log.error(`port ${options.port}: ${error.message}`));
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    get connectionCount() {
      return sockets.size;
    },
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return closed;
    },
  };
}

/** Calls `done` once, when the first bytes tell the kind of the connection, with everything read so far. */
function readFirstBytes(socket: Socket, done: (kind: ConnectionKind, bytes: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    const more = socket.read() as Buffer | null;
    if (more !== null) bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more]);
    const kind = connectionKind(bytes);
    if (kind === undefined) return;
    const first = kind === 'http' ? normaliseHead(bytes) : bytes;
    if (first === undefined) return;
    socket.off('readable', onReadable);
    socket.off('end', onEnd);
    done(kind, first);
  };
  const onEnd = (): void => void socket.destroy();
  socket.on('readable', onReadable);
  socket.on('end', onEnd);
}

function hand(
  { http, rpc, log }: ListenerOptions,
  socket: Socket,
  kind: ConnectionKind,
  bytes: Buffer,
): void {
  if (kind === 'http' && http !== undefined) {
    socket.unshift(bytes);
    http.emit('connection', socket);
  } else if (kind === 'rpc') {
    // Only HTTP answers a client that has closed its side.
    socket.allowHalfOpen = false;
    rpc.serve(socket, bytes);
  } else {
    const why = kind === 'http' ? 'it speaks HTTP' : `no protocol begins with ${bytes.toString('hex', 0, 4)}`;
    log.warn(`connection from ${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0} closed: ${why}`);
    socket.destroy();
  }
}

function listen(server: Server, options: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, options));
    server.once('error', onError);
    server.listen({ host: options.bind, port: options.port, backlog: 1024 }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, { bind, port }: ListenerOptions): OneboxError {
  const data = { bind, port, cause: error.code };
  if (error.code === 'EADDRINUSE') {
    return new OneboxError('ONEBOX_PORT_IN_USE', `port ${port} on ${bind} is already in use`, {
      nextStep: 'Stop what listens there, or shift all ports with --port-offset.',
      data,
      cause: error,
    });
  }
  return new OneboxError('ONEBOX_CANNOT_LISTEN', `cannot listen on ${bind}:${port}: ${error.message}`, {
    nextStep: 'Check the bind address and whether this user may use the port.',
    data,
    cause: error,
  });
}
