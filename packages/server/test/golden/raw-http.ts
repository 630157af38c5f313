import { connect, type Socket } from 'node:net';
import { bounded } from '@onebox/base';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A response as it came over the wire; header fields as written and in their order, text as latin1. */
export interface RawResponse {
  readonly statusLine: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const WITHIN_MS = 10_000;

/** A client that sends exactly the bytes it is told to and sees exactly the bytes that come back. */
export class RawConnection {
  private received = Buffer.alloc(0);
  private ended = false;
  /** Wakes whoever waits for a response. */
  private wake: () => void = () => undefined;
  private readonly end: Promise<void>;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    this.end = new Promise((resolve) => {
      socket.once('close', () => {
        this.ended = true;
        this.wake();
        resolve();
      });
    });
  }

  static async open(address: Address): Promise<RawConnection> {
    const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
    const connection = new RawConnection(socket);
    await bounded(
      `connecting to ${address.host}:${address.port}`,
      WITHIN_MS,
      new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      }),
    );
    return connection;
  }

  /** @param bytes one char per byte (latin1). Resolves when the system has taken them. */
  async send(bytes: string): Promise<void> {
    await bounded(
      'sending',
      WITHIN_MS,
      new Promise<void>((resolve) => this.socket.write(Buffer.from(bytes, 'latin1'), () => resolve())),
    );
  }

  /** Closes our side, behind these last bytes, and leaves the other open. */
  finish(lastBytes: string = ''): void {
    this.socket.end(Buffer.from(lastBytes, 'latin1'));
  }

  /** The next response; fails when the connection is closed before it is complete. */
  response(): Promise<RawResponse> {
    return bounded('a response', WITHIN_MS, this.nextResponse());
  }

  /** Waits until the server has closed the connection; the bytes that no response took, as latin1. */
  async closed(): Promise<string> {
    await bounded('the end of the connection', WITHIN_MS, this.end);
    return this.received.toString('latin1');
  }

  /** Whether nothing is left over: neither bytes nor an end. */
  get quiet(): boolean {
    return !this.ended && this.received.length === 0;
  }

  async close(): Promise<void> {
    this.socket.destroy();
    await this.end;
  }

  private async nextResponse(): Promise<RawResponse> {
    for (;;) {
      const response = this.takeResponse();
      if (response !== undefined) return response;
      if (this.ended) throw new Error(`closed after ${JSON.stringify(this.received.toString('latin1'))}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private takeResponse(): RawResponse | undefined {
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [statusLine = '', ...headers] = this.received.toString('latin1', 0, headEnd).split('\r\n');
    const length = headers.map((line) => /^Content-Length: (\d+)$/.exec(line)?.[1]).find((found) => found);
    const bodyEnd = headEnd + 4 + Number(length ?? 0);
    if (this.received.length < bodyEnd) return undefined;
    const body = this.received.subarray(headEnd + 4, bodyEnd);
    this.received = this.received.subarray(bodyEnd);
    return { statusLine, headers, body };
  }
}

/** One request on a connection of its own. */
export async function ask(address: Address, request: string): Promise<RawResponse> {
  const connection = await RawConnection.open(address);
  try {
    await connection.send(request);
    return await connection.response();
  } finally {
    await connection.close();
  }
}
