import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { bounded, ScaledClock, toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { decodeArgument, encodeArgument } from '../src/codec';
import { FRAMINGS, FrameSplitter } from '../src/framing';
import type { Framing, FramingName, RequestFrame } from '../src/framing';
import { RpcClient, RpcError } from '../src/rpc-client';
import type { RpcClientOptions } from '../src/rpc-client';
import { string } from '../src/schema';

/** A peer that does to each request what a test says: bytes go in and out as they are. */
export class ScriptedServer {
  readonly requests: RequestFrame[] = [];
  readonly sockets = new Set<Socket>();
  connectionsSeen = 0;
  private readonly framing: Framing;

  private constructor(
    private readonly server: Server,
    framing: FramingName,
    private readonly script: (request: RequestFrame, socket: Socket, framing: Framing) => void,
  ) {
    this.framing = FRAMINGS[framing];
    server.on('connection', (socket) => this.accept(socket));
  }

  static async listen(
    framing: FramingName,
    script: (request: RequestFrame, socket: Socket, framing: Framing) => void,
    port = 0,
  ): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server, framing, script);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  get node(): Node {
    return toNode({ host: '127.0.0.1', port: (this.server.address() as AddressInfo).port });
  }

  /** Waits until that many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.server, 'request-read');
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Keeps nothing of this server from letting the process end. */
  unref(): void {
    this.server.unref();
    for (const socket of this.sockets) socket.unref();
  }

  private accept(socket: Socket): void {
    this.connectionsSeen += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    const splitter = new FrameSplitter(this.framing.measureRequest);
    socket.on('data', (chunk: Buffer) => {
      splitter.append(chunk);
      for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
        const request = this.framing.readRequest(frame);
        this.requests.push(request);
        this.script(request, socket, this.framing);
        this.server.emit('request-read');
      }
    });
  }
}

export type Script = (request: RequestFrame, socket: Socket, framing: Framing) => void;

/** Answers a string with itself. */
export function echo(request: RequestFrame, socket: Socket, framing: Framing): void {
  const text = decodeArgument(string, request.body);
  const body = encodeArgument(0, string, text, false);
  socket.write(framing.writeResponse(request, { error: 'ERR_OK', body }, null));
}

/** Answers nothing. */
export function silent(): void {
  // As it says.
}

/** How a call failed; it must. */
export async function failure(work: Promise<unknown>): Promise<{ errorCode: string; message: string }> {
  try {
    await bounded('the end of the call', 5000, work);
  } catch (error) {
    if (error instanceof RpcError) return { errorCode: error.errorCode, message: error.message };
    throw error;
  }
  throw new Error('the call succeeded');
}

/** Makes servers and clients, and closes them all at the end of a test. */
export class ClientBench {
  private readonly closers: (() => void | Promise<void>)[] = [];

  async serverThat(framing: FramingName, script: Script, port?: number): Promise<ScriptedServer> {
    const server = await ScriptedServer.listen(framing, script, port);
    this.closers.push(() => server.close());
    return server;
  }

  /** A THFT client, unless the options say otherwise. */
  client(options: Partial<RpcClientOptions> = {}): RpcClient {
    const made = new RpcClient({ framing: 'thft', clock: new ScaledClock(), ...options });
    this.closers.push(() => made.close());
    return made;
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}
