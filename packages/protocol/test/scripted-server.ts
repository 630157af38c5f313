import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { FRAMINGS, FrameSplitter } from '../src/framing';
import type { Framing, FramingName, RequestFrame } from '../src/framing';

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
