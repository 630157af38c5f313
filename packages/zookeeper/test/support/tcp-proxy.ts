import { type Server, type Socket, connect, createServer } from 'node:net';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** What happens to the bytes of a connection. */
export type Passage =
  | 'through'
  /** Requests arrive, answers are thrown away. */
  | 'requests-only'
  /** Nothing passes, in either direction; connections are taken and stand. */
  | 'nothing';

/** A TCP proxy on loopback between a client and a server, which loses what a test wants lost. */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private passage: Passage = 'through';
  private trap: (request: Buffer) => boolean = () => false;
  /** Bytes that clients sent, by the time they came; what a test of pings counts. */
  readonly requests: { readonly atMs: number; readonly bytes: Buffer }[] = [];

  private constructor(
    private readonly listener: Server,
    readonly port: number,
  ) {}

  static start(targetPort: number): Promise<TcpProxy> {
    return new Promise((resolve, reject) => {
      const listener = createServer();
      listener.once('error', reject);
      listener.listen(0, '127.0.0.1', () => {
        const address = listener.address();
        const port = address !== null && typeof address === 'object' ? address.port : 0;
        const proxy = new TcpProxy(listener, port);
        listener.on('connection', (client) => proxy.link(client, targetPort));
        resolve(proxy);
      });
    });
  }

  get hosts(): string {
    return `127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.links.size;
  }

  /**
   * The next request that contains `text` arrives, and so does everything after it on that connection, but no answer to any
   * of it: what a connection that breaks at the wrong moment does. Gives how often that has happened.
   */
  loseAnswerTo(text: string): () => number {
    let lost = 0;
    this.trap = (bytes) => {
      if (lost > 0 || !bytes.includes(text)) return false;
      lost += 1;
      return true;
    };
    return () => lost;
  }

  /** For all connections, present and future. */
  let(passage: Passage): void {
    this.passage = passage;
  }

  /** Closes the connections that stand. */
  cut(): void {
    for (const { client, server } of this.links) {
      client.destroy();
      server.destroy();
    }
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.listener.close(() => resolve()));
  }

  private link(client: Socket, targetPort: number): void {
    const server = connect(targetPort, '127.0.0.1');
    const link = { client, server };
    let answers = true;
    this.links.add(link);
    client.on('data', (bytes) => {
      this.requests.push({ atMs: performance.now(), bytes });
      if (this.trap(bytes)) answers = false;
      if (this.passage !== 'nothing') server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (answers && this.passage === 'through') client.write(bytes);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.links.delete(link);
        other.destroy();
      });
    }
  }
}
