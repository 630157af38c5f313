import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { MemoryLogger, ScaledClock, toNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { RpcClient } from '@onebox/protocol';
import type { FramingName, RpcClientOptions } from '@onebox/protocol';
import { RpcRegistry } from '../src/rpc';
import type { RpcRegistryOptions } from '../src/rpc';

/** A registry that listens, and counts what it logs. */
export class ServedRegistry {
  readonly log = new MemoryLogger();
  readonly registry: RpcRegistry;
  private readonly server: Server;

  private constructor(options: Partial<RpcRegistryOptions>) {
    this.registry = new RpcRegistry({ log: this.log, ...options });
    this.server = createServer((socket) => this.registry.serve(socket));
  }

  static async listen(options: Partial<RpcRegistryOptions> = {}): Promise<ServedRegistry> {
    const served = new ServedRegistry(options);
    served.server.listen(0, '127.0.0.1');
    await once(served.server, 'listening');
    return served;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get node(): Node {
    return toNode({ host: '127.0.0.1', port: this.port });
  }

  /** Waits until no connection is open any more. */
  async allClosed(): Promise<void> {
    await until('every connection is closed', () => this.registry.connectionCount === 0, {
      withinMs: 5000,
      everyMs: 2,
    });
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.registry.close();
    this.server.close();
    await closed;
  }
}

/** A client that puts bytes on a connection, and keeps those that come back. */
export class RawPeer {
  received: Buffer = Buffer.alloc(0);
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Waits until that many bytes came, and gives them all. */
  async bytes(count: number): Promise<Buffer> {
    await until(`${count} bytes are received`, () => this.received.length >= count, {
      withinMs: 5000,
      everyMs: 2,
    });
    return this.received;
  }

  /** Waits until the server has closed the connection, and gives all that came before. */
  async toTheEnd(): Promise<Buffer> {
    this.socket.on('end', () => this.socket.destroy());
    await until('the server closes the connection', () => this.closed || this.socket.readableEnded, {
      withinMs: 5000,
      everyMs: 2,
    });
    this.socket.destroy();
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Makes servers, peers and clients, and closes them all at the end of a test. */
export class RpcBench {
  private readonly closers: (() => void | Promise<void>)[] = [];

  async served(options: Partial<RpcRegistryOptions> = {}): Promise<ServedRegistry> {
    const made = await ServedRegistry.listen(options);
    this.closeLater(() => made.close());
    return made;
  }

  async raw(server: ServedRegistry): Promise<RawPeer> {
    const peer = await RawPeer.connect(server.port);
    this.closeLater(() => peer.close());
    return peer;
  }

  client(framing: FramingName, options: Partial<RpcClientOptions> = {}): RpcClient {
    const made = new RpcClient({ framing, clock: new ScaledClock(), ...options });
    this.closeLater(() => made.close());
    return made;
  }

  closeLater(close: () => void | Promise<void>): void {
    this.closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}
