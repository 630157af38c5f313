import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describeError } from '@onebox/base';
import { FrameSplitter } from '../framing/frame-splitter';
import { MAX_FRAME_BYTES } from '../framing/frame';
import { writeTogether } from '../framing/write-together';
import type { Framing, ResponseFrame } from '../framing/frame';

/** A request that was handed to a connection. */
export interface Expected {
  /** Matches the answer; undefined for a one-way request, which is done when its bytes are with the system. */
  readonly id: bigint | undefined;
  /** The answer, or undefined when a one-way request went out. May throw ProtocolError: then the peer cannot be trusted. */
  onDone(response: ResponseFrame | undefined): void;
  /** The connection was lost, or never came up. */
  onLost(reason: string): void;
}

/**
 * One TCP connection to a server: connects, writes requests, matches answers by their id. It begins to connect when made,
 * and ends once, for whatever reason; everything that waits is then told so, and the pool makes a new one for the next call.
 * Only a connection somebody waits for keeps the process alive.
 */
export class ClientConnection {
  private socket: Socket | undefined;
  private connected = false;
  private ended = false;
  private undial: (() => void) | undefined;
  private readonly splitter: FrameSplitter;
  private readonly answersDue = new Map<bigint, Expected>();
  private readonly sendsDue = new Set<Expected>();
  /** Requests made before there was a socket to write them to. */
  private unsent: [Buffer, Expected][] = [];

  /**
   * @param onEnd called once, before anything that waits is told
   * @param onDial called when the address is known; what it gives back is called when the connection has ended
   * @param losesAnswers whether an answer that comes now is lost on purpose: who waits for it goes on waiting
   */
  constructor(
    private readonly framing: Framing,
    private readonly resolveAddress: () => Promise<string>,
    private readonly port: number,
    private readonly onEnd: (reason: string) => void,
    private readonly onDial?: (ip: string) => (() => void) | undefined,
    private readonly losesAnswers: () => boolean = () => false,
  ) {
    this.splitter = new FrameSplitter(framing.measureResponse);
    void this.open();
  }

  /** Nobody waits, and no byte of ours is on its way. */
  get idle(): boolean {
    return this.answersDue.size === 0 && this.sendsDue.size === 0;
  }

  get isConnected(): boolean {
    return this.connected;
  }

  send(bytes: Buffer, expected: Expected): void {
    if (expected.id === undefined) this.sendsDue.add(expected);
    else this.answersDue.set(expected.id, expected);
    if (this.socket === undefined) {
      this.unsent.push([bytes, expected]);
      return;
    }
    this.write(this.socket, bytes, expected);
  }

  /** Nobody waits for this any more; an answer that comes late is passed over. False when it was over already. */
  forget(expected: Expected): boolean {
    const waited =
      expected.id === undefined ? this.sendsDue.delete(expected) : this.answersDue.delete(expected.id);
    if (this.unsent.length > 0) this.unsent = this.unsent.filter(([, waiting]) => waiting !== expected);
    if (this.idle) this.socket?.unref();
    return waited;
  }

  /** Closes the connection and tells everybody who waits. Ending twice does nothing. */
  end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.socket?.destroy();
    this.undial?.();
    this.onEnd(reason);
    const waiting = [...this.answersDue.values(), ...this.sendsDue];
    this.answersDue.clear();
    this.sendsDue.clear();
    this.unsent = [];
    for (const expected of waiting) expected.onLost(reason);
  }

  private async open(): Promise<void> {
    let host: string;
    try {
      host = await this.resolveAddress();
    } catch (error) {
      this.end(`its address is not known (${describeError(error)})`);
      return;
    }
    if (this.ended) return;
    this.undial = this.onDial?.(host);
    const socket = connect({ host, port: this.port, noDelay: true });
    this.socket = socket;
    let failure: string | undefined;
    socket.on('error', (error) => (failure = error.message));
    socket.on('close', () => this.end(failure ?? 'the connection was closed'));
    socket.on('end', () => this.end('the server closed the connection'));
    socket.on('connect', () => (this.connected = true));
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    if (this.idle) socket.unref();
    const unsent = this.unsent;
    this.unsent = [];
    for (const [bytes, expected] of unsent) this.write(socket, bytes, expected);
  }

  private write(socket: Socket, bytes: Buffer, expected: Expected): void {
    if (this.ended) return;
    socket.ref();
    writeTogether(socket);
    socket.write(bytes, (error) => {
      if (expected.id !== undefined || error != null || !this.sendsDue.has(expected)) return;
      this.forget(expected);
      expected.onDone(undefined);
    });
    // A server that reads nothing must not make this process keep everything that was ever meant for it.
    if (socket.writableLength > MAX_FRAME_BYTES) this.end('the server does not read');
  }

  private receive(chunk: Buffer): void {
    if (this.ended) return;
    try {
      this.splitter.append(chunk);
      for (let frame = this.splitter.next(); frame !== undefined; frame = this.splitter.next()) {
        const response = this.framing.readResponse(frame);
        const expected = this.answersDue.get(response.id);
        if (expected === undefined || this.losesAnswers()) continue;
        expected.onDone(response);
        this.forget(expected);
      }
    } catch (error) {
      this.end(`the server sent ${describeError(error)}`);
    }
  }
}
