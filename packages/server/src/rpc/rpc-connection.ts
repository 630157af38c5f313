import type { Socket } from 'node:net';
import { describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { FrameSplitter, MAX_FRAME_BYTES, ProtocolError, framingOf, writeTogether } from '@onebox/protocol';
import type { Answer, Framing, RequestFrame, RpcAddress } from '@onebox/protocol';

/** Answers that wait for a peer which does not read; more than this and it is given up. */
const MAX_BACKLOG_BYTES = MAX_FRAME_BYTES;
/** From here on no further request is read until the peer has taken its answers. */
const PAUSE_BACKLOG_BYTES = 1024 * 1024;
/** From here on no further request is read until some were answered. */
const PAUSE_UNANSWERED = 4096;

/** A connection as whoever serves its requests sees it. */
export interface RequestSource {
  readonly remote: string;
  readonly framing: Framing;
  /** When the bytes of the request were read, by `performance.now()`. */
  readonly arrivedAtMs: number;
}

/**
 * Serves one request: begins at once, and settles with the answer, or undefined when there is none to send.
 *
 * @throws ProtocolError, before anything asynchronous, when the request cannot be decoded: the connection is closed
 */
export type ServeRequest = (request: RequestFrame, source: RequestSource) => Promise<Answer | undefined>;

/**
 * The server's side of one RPC connection. Its first four bytes choose the framing, for good. Requests are taken in as they come, and answered
 * in the order the answers are there. Whatever is wrong with the bytes closes this connection with one log line.
 */
export class RpcConnection {
  readonly remote: string;
  private framing: Framing | undefined;
  private splitter: FrameSplitter | undefined;
  private undecided: Buffer = Buffer.alloc(0);
  private unanswered = 0;
  private ended = false;

  constructor(
    private readonly socket: Socket,
    private readonly options: {
      readonly serve: ServeRequest;
      /** Whether an answer to this request is lost on purpose; asked when there is one. */
      readonly losesAnswer: (request: RequestFrame) => boolean;
      readonly self: () => RpcAddress;
      readonly log: Logger;
      readonly onEnd: (connection: RpcConnection) => void;
    },
  ) {
    this.remote = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
  }

  /** @param firstBytes what was already taken off the socket */
  start(firstBytes: Buffer): void {
    const { socket } = this;
    socket.setNoDelay(true);
    // A connection that breaks is a peer that went away: nothing anybody has to know at 3 a.m.
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
    socket.on('end', () => this.endOfStream());
    socket.on('drain', () => this.resumeIfPossible());
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    if (firstBytes.length > 0) this.receive(firstBytes);
    this.resumeIfPossible();
  }

  /** Closes the connection; twice does nothing. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.splitter = undefined;
    this.socket.destroy();
    this.options.onEnd(this);
  }

  private endBecause(reason: string): void {
    if (this.ended) return;
    this.options.log.warn(`rpc: connection from ${this.remote} closed: ${reason}`);
    this.end();
  }

  private endOfStream(): void {
    const left = this.splitter?.pending ?? this.undecided.length;
    if (left > 0) this.endBecause(`the peer ended it in the middle of a frame, ${left} bytes in`);
    else this.end();
  }

  private receive(chunk: Buffer): void {
    if (this.ended) return;
    try {
      const splitter = this.splitterFor(chunk);
      if (splitter === undefined || this.framing === undefined) return;
      const source = { remote: this.remote, framing: this.framing, arrivedAtMs: performance.now() };
      for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
        const request = this.framing.readRequest(frame);
        this.unanswered += 1;
        void this.deliver(request, source, this.options.serve(request, source));
        if (this.ended) return;
      }
    } catch (error) {
      this.endBecause(describeError(error));
      return;
    }
    if (this.unanswered >= PAUSE_UNANSWERED || this.socket.writableLength >= PAUSE_BACKLOG_BYTES) {
      this.socket.pause();
    }
  }

  /** The splitter with this chunk in it; undefined while the framing is not known. @throws ProtocolError */
  private splitterFor(chunk: Buffer): FrameSplitter | undefined {
    if (this.splitter !== undefined) {
      this.splitter.append(chunk);
      return this.splitter;
    }
    this.undecided = Buffer.concat([this.undecided, chunk]);
    if (this.undecided.length < 4) return undefined;
    this.framing = framingOf(this.undecided);
    if (this.framing === undefined) {
      throw new ProtocolError(`no framing begins with ${this.undecided.toString('hex', 0, 4)}`);
    }
    this.splitter = new FrameSplitter(this.framing.measureRequest);
    this.splitter.append(this.undecided);
    this.undecided = Buffer.alloc(0);
    return this.splitter;
  }

  /** Never rejects. */
  private async deliver(
    request: RequestFrame,
    source: RequestSource,
    answering: Promise<Answer | undefined>,
  ): Promise<void> {
    try {
      const answer = await answering;
      if (answer !== undefined && !this.options.losesAnswer(request))
        this.write(source.framing.writeResponse(request, answer, this.options.self()));
    } catch (error) {
      this.endBecause(describeError(error));
    } finally {
      this.unanswered -= 1;
      this.resumeIfPossible();
    }
  }

  private write(frame: Buffer): void {
    if (this.ended) return;
    writeTogether(this.socket);
    this.socket.write(frame);
    if (this.socket.writableLength > MAX_BACKLOG_BYTES) {
      this.endBecause(`${this.socket.writableLength} bytes of answers wait for a peer that does not read`);
    }
  }

  private resumeIfPossible(): void {
    if (this.ended || this.unanswered >= PAUSE_UNANSWERED) return;
    if (this.socket.writableLength < PAUSE_BACKLOG_BYTES) this.socket.resume();
  }
}
