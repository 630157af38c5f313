import type { Socket } from 'node:net';
import { describeError } from '@onebox/base';
import type { Outlet, OutputGate } from './output-gate';
import type { Session } from './sessions/sessions';
import { Statistics } from './statistics';
import type { WatchEventType, Watcher } from './watches/watches';
import { Code, FrameSplitter, JuteWriter, Xid } from './wire';
import { ReplyHeader, WatcherEvent } from './wire/records';

/** A client that does not read its answers is not read from beyond this much. */
const STALL_BYTES = 1024 * 1024;
/** Watch events come unasked. A client that lets so much of them pile up is let go. */
const DROP_BYTES = 32 * 1024 * 1024;

/** What a connection needs of its server. */
export interface ConnectionOwner {
  readonly gate: OutputGate;
  readonly statistics: Statistics;
  /** Milliseconds of the server's monotonic clock. */
  now(): number;
  /** The first four bytes of a connection. True when they were a four-letter word, which was answered. */
  word(connection: Connection, first: number): boolean;
  /** A whole frame. Throws when it cannot be read: the connection is closed then. */
  frame(connection: Connection, frame: Buffer): void;
  closed(connection: Connection): void;
  log(message: string): void;
}

/** The session that a connection speaks for, and what it was granted. */
export interface Attachment {
  readonly session: Session;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** One client's connection: cuts what comes into frames, and collects what goes until the gate lets it out. */
export class Connection implements Outlet, Watcher {
  readonly statistics = new Statistics();
  readonly establishedUnixMs = Date.now();
  readonly remote: string;
  readonly openedMs: number;
  attachment: Attachment | undefined;
  /** For `cons`: the last request that was answered. */
  last = { operation: 'NA', cxid: -1, zxid: -1, respondedMs: 0, latencyMs: 0 };
  private readonly splitter = new FrameSplitter();
  private readonly out = new JuteWriter();
  private sealed: Buffer | undefined;
  private atGate = false;
  private state: 'open' | 'finishing' | 'closed' = 'open';
  private stalled = false;
  /** Answers and events in `out`, of which so many are answers, the oldest to a request that came then. */
  private packets = 0;
  private answers = 0;
  private arrivedMs = 0;
  private sealedCounts = { packets: 0, answers: 0, arrivedMs: 0 };

  constructor(
    private readonly socket: Socket,
    private readonly owner: ConnectionOwner,
  ) {
    this.remote = `/${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    this.openedMs = owner.now();
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('drain', () => this.goOn());
    socket.on('error', (error) => owner.log(`${this.remote}: ${error.message}`));
    socket.once('close', () => {
      this.state = 'closed';
      owner.closed(this);
    });
  }

  get address(): string {
    return this.socket.remoteAddress ?? '';
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get isStalled(): boolean {
    return this.stalled;
  }

  /** Requests that were read and whose answers have not left. */
  get outstanding(): number {
    return this.answers + this.sealedCounts.answers;
  }

  /** Writes an answer: its header and, if it is no error, its body. */
  reply(xid: number, zxid: number, code: Code, body?: (to: JuteWriter) => void): void {
    const begun = this.out.beginFrame();
    ReplyHeader.write(this.out, { xid, zxid, err: code });
    if (code === Code.OK) body?.(this.out);
    this.out.endFrame(begun);
    this.answers += 1;
    this.written();
  }

  /** Writes a frame that has no header: the answer to the connect request. */
  replyBare(body: (to: JuteWriter) => void): void {
    const begun = this.out.beginFrame();
    body(this.out);
    this.out.endFrame(begun);
    this.answers += 1;
    this.written();
  }

  /** Sends text at once, around the gate, and closes. */
  finishWithText(text: () => string): void {
    this.state = 'finishing';
    this.socket.end(text(), () => this.socket.destroySoon());
  }

  notify(type: WatchEventType, path: string): void {
    if (this.state !== 'open') return;
    if (this.queuedBytes > DROP_BYTES) return this.close('does not read its watch events');
    const begun = this.out.beginFrame();
    ReplyHeader.write(this.out, { xid: Xid.watchEvent, zxid: -1, err: Code.OK });
    WatcherEvent.write(this.out, { type, state: CONNECTED, path });
    this.out.endFrame(begun);
    this.written();
  }

  /** Closes once everything written so far has left. */
  finish(): void {
    if (this.state !== 'open') return;
    this.state = 'finishing';
    this.enter();
  }

  /** Closes at once. */
  close(why?: string): void {
    if (this.state === 'closed') return;
    if (why !== undefined) this.owner.log(`${this.remote}: closed, ${why}`);
    this.state = 'closed';
    this.socket.destroy();
  }

  seal(): void {
    this.atGate = false;
    this.sealed = this.out.length === 0 ? undefined : this.out.take();
    this.sealedCounts = { packets: this.packets, answers: this.answers, arrivedMs: this.arrivedMs };
    this.packets = this.answers = 0;
  }

  send(): void {
    const { sealed, sealedCounts } = this;
    this.sealed = undefined;
    this.sealedCounts = { packets: 0, answers: 0, arrivedMs: 0 };
    if (this.state === 'closed') return;
    if (sealed !== undefined) {
      this.count(sealedCounts);
      this.socket.write(sealed);
    }
    if (this.state === 'finishing' && !this.atGate) this.socket.destroySoon();
    else if (this.stalled) this.goOn();
  }

  private get queuedBytes(): number {
    return this.out.length + (this.sealed?.length ?? 0) + this.socket.writableLength;
  }

  private receive(chunk: Buffer): void {
    if (this.state !== 'open') return;
    if (this.answers === 0) this.arrivedMs = this.owner.now();
    this.splitter.append(chunk);
    this.pump();
  }

  /** Handles the frames that are there, until too much waits to be sent. */
  private pump(): void {
    try {
      while (this.state === 'open' && !this.stalled) {
        if (this.attachment === undefined) {
          const first = this.splitter.peekInt();
          if (first !== undefined && this.owner.word(this, first)) return;
        }
        const frame = this.splitter.next();
        if (frame === undefined) break;
        this.statistics.received += 1;
        this.owner.statistics.received += 1;
        this.owner.frame(this, frame);
        if (this.queuedBytes > STALL_BYTES) {
          this.stalled = true;
          this.socket.pause();
        }
      }
    } catch (error) {
      this.close(describeError(error));
    }
    this.owner.gate.open();
  }

  private goOn(): void {
    if (!this.stalled || this.queuedBytes > STALL_BYTES || this.state !== 'open') return;
    this.stalled = false;
    this.socket.resume();
    this.pump();
  }

  private written(): void {
    this.packets += 1;
    this.enter();
  }

  private enter(): void {
    if (this.atGate) return;
    this.atGate = true;
    this.owner.gate.add(this);
  }

  private count({ packets, answers, arrivedMs }: typeof this.sealedCounts): void {
    const now = this.owner.now();
    const latencyMs = Math.floor(now - arrivedMs);
    for (const statistics of [this.statistics, this.owner.statistics]) {
      statistics.sent += packets;
      statistics.answer(answers, latencyMs);
    }
    if (answers > 0) {
      this.last.respondedMs = Math.floor(now);
      this.last.latencyMs = latencyMs;
    }
  }
}

/** Watcher.Event.KeeperState.SyncConnected: what every watch event says of its connection. */
const CONNECTED = 3;
