import { type Socket, connect } from 'node:net';
import { bounded } from '@onebox/base';
import { FrameSplitter, JuteReader, JuteWriter, Xid } from '../../src/wire';
import {
  ConnectRequest,
  ConnectResponse,
  ReplyHeader,
  RequestHeader,
  WatcherEvent,
} from '../../src/wire/records';

const ANSWER_WITHIN_MS = 10_000;

export interface Answer {
  readonly xid: number;
  readonly zxid: number;
  readonly err: number;
  readonly body: JuteReader;
}

export interface RawClientOptions {
  readonly timeoutMs?: number;
  readonly sessionId?: bigint;
  readonly password?: Buffer | null;
  readonly lastZxidSeen?: number;
  /** Leave the read-only flag out, as clients before 3.4. */
  readonly old?: boolean;
}

/** A connection that says exactly what it is told to, and nothing by itself. */
export class RawClient {
  /** Everything that came, in order: `reply 3`, `created /a`, … */
  readonly story: string[] = [];
  readonly closed: Promise<void>;
  sessionId = 0n;
  password = Buffer.alloc(0);
  timeoutMs = 0;
  /** Bytes of the answer to the connect request. */
  handshakeBytes = 0;
  private readonly splitter = new FrameSplitter();
  private readonly waiting: { resolve: (frame: Buffer) => void; reject: (error: Error) => void }[] = [];
  private xid = 0;

  private constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      this.splitter.append(chunk);
      for (let frame = this.splitter.next(); frame !== undefined; frame = this.splitter.next()) {
        this.take(frame);
      }
    });
    void this.closed.then(() => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error('the connection was closed'));
    });
  }

  /** A TCP connection on which nothing was said yet. */
  static silent(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  /** A connection with a session; rejects when the server closes it in place of an answer. */
  static async open(port: number, options: RawClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.silent(port);
    await client.handshake(options);
    return client;
  }

  async handshake(options: RawClientOptions = {}): Promise<void> {
    const frame = await this.ask((to) => {
      ConnectRequest.write(to, {
        protocolVersion: 0,
        lastZxidSeen: options.lastZxidSeen ?? 0,
        timeOut: options.timeoutMs ?? 10_000,
        sessionId: options.sessionId ?? 0n,
        passwd: options.password === undefined ? Buffer.alloc(16) : options.password,
      });
      if (options.old !== true) to.boolean(false);
    });
    const response = ConnectResponse.read(new JuteReader(frame));
    this.handshakeBytes = frame.length;
    this.sessionId = response.sessionId;
    this.password = Buffer.from(response.passwd ?? []);
    this.timeoutMs = response.timeOut;
  }

  /** Sends a request and gives its answer; requests may be sent before earlier ones are answered. */
  async request(type: number, body?: (to: JuteWriter) => void, xid = (this.xid += 1)): Promise<Answer> {
    const frame = await this.ask((to) => {
      RequestHeader.write(to, { xid, type });
      body?.(to);
    });
    const from = new JuteReader(frame);
    return { ...ReplyHeader.read(from), body: from };
  }

  /** Sends bytes as they are. */
  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  close(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }

  private ask(write: (to: JuteWriter) => void): Promise<Buffer> {
    const to = new JuteWriter();
    const begun = to.beginFrame();
    write(to);
    to.endFrame(begun);
    const answer = new Promise<Buffer>((resolve, reject) => this.waiting.push({ resolve, reject }));
    this.socket.write(to.take());
    return bounded('an answer', ANSWER_WITHIN_MS, answer);
  }

  private take(frame: Buffer): void {
    const from = new JuteReader(frame);
    const xid = from.remaining >= 16 ? ReplyHeader.read(from).xid : 0;
    if (xid === Xid.watchEvent) {
      const { type, path } = WatcherEvent.read(from);
      this.story.push(`${['', 'created', 'deleted', 'changed', 'children'][type] ?? type} ${path}`);
      return;
    }
    this.story.push(`reply ${xid}`);
    this.waiting.shift()?.resolve(frame);
  }
}
