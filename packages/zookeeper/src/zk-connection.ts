import { type HostPort, describeError } from '@onebox/base';
import { type Client, type LibraryError, createClient, State } from 'node-zookeeper-client';
import { FrameSplitter } from './frame-splitter';
import { ZkError, fromLibraryError } from './zk-error';
import { OPEN_GATE, type ZkGate, standStillWhileCut } from './zk-gate';

/** What a new connection shows to take up a session again. */
export interface SessionTicket {
  readonly id: Buffer;
  readonly password: Buffer;
  /**
   * The connection that had the session before: its watches and the last transaction it saw go over. Undefined for somebody
   * who only wants to end it.
   */
  readonly previous: ZkConnection | undefined;
  /**
   * Whether to tell the server the last transaction this client saw. A server that is behind refuses such a client without
   * an answer, which is right for a lagging follower, and keeps a client of a wiped server from ever learning that its
   * session is gone.
   */
  readonly showLastTransaction: boolean;
}

export interface AttachOptions {
  readonly server: HostPort;
  /** Real milliseconds. */
  readonly sessionTimeoutMs: number;
  /** For the TCP connection and the handshake together, real milliseconds. */
  readonly withinMs: number;
  readonly ticket: SessionTicket | undefined;
  readonly signal: AbortSignal;
  /** What may stand in the way on purpose. While it is cut no connection comes to stand. */
  readonly gate?: ZkGate;
}

export type AttachOutcome =
  | { readonly kind: 'attached'; readonly connection: ZkConnection }
  /** The server says that the session of the ticket is gone. */
  | { readonly kind: 'expired' }
  /** `hungUp`: the server took the connection and closed it in place of an answer. */
  | { readonly kind: 'failed'; readonly why: string; readonly hungUp: boolean };

const HUNG_UP = 'the server closed the connection';

/** Sends one request with the library's client; `done` takes its answer, with a value whenever there is no error. */
export type LibraryCall<T> = (
  client: Client,
  done: (error: LibraryError | ZkError | null | undefined, value?: T) => void,
) => void;

/**
 * One TCP connection to one server, with a client of the library that lives exactly as long.
 *
 * The library would reconnect by itself, and do it badly: half a frame of the old connection is put before the answer
 * to the new handshake, a time-out armed for the old socket destroys the new one, requests that were queued meanwhile
 * are sent late, the handshake may hang for ever, and so may a server that stopped answering. So its reconnecting is
 * switched off, and {@link ZkSession} makes a new connection for the same session.
 *
 * It keeps the process alive only while it is made and while a request is under way.
 */
export class ZkConnection {
  private readonly client: Client;
  private readonly pending = new Set<() => void>();
  private lastHeardMs = performance.now();
  private liveness: NodeJS.Timeout | undefined;
  private endReason: string | undefined;
  private readonly gate: ZkGate;
  private leaveGate: () => void = () => undefined;

  // The options are not kept: a connection that held its ticket would hold all connections before it.
  private constructor(
    options: AttachOptions,
    private readonly onEnd: (why: string) => void,
  ) {
    const { server, ticket } = options;
    this.gate = options.gate ?? OPEN_GATE;
    this.client = createClient(`${server.host}:${server.port}`, {
      sessionTimeout: options.sessionTimeoutMs,
      retries: 0,
      sessionId: ticket?.id,
      sessionPassword: ticket?.password,
    });
    if (ticket?.previous !== undefined) {
      const manager = this.client.connectionManager;
      const previous = ticket.previous.client.connectionManager;
      manager.watcherManager = previous.watcherManager;
      if (ticket.showLastTransaction) manager.zxid = previous.zxid;
    }
  }

  /**
   * Connects and shakes hands. Never rejects.
   * @param onEnd called once, when an attached connection ends for any reason.
   */
  static attach(options: AttachOptions, onEnd: (why: string) => void): Promise<AttachOutcome> {
    return new Promise((resolve) => {
      let settled = false;
      const connection = new ZkConnection(options, (why) => (settled ? onEnd(why) : fail(why)));
      let connectedTcp = false;
      const settle = (outcome: AttachOutcome): void => {
        if (settled) return;
        settled = true;
        clearTimeout(limit);
        options.signal.removeEventListener('abort', abort);
        resolve(outcome);
      };
      const fail = (why: string): void =>
        settle({ kind: 'failed', why, hungUp: connectedTcp && why === HUNG_UP });
      const abort = (): void => connection.end('given up');
      const limit = setTimeout(() => {
        connection.end(`no answer to the handshake within ${Math.round(options.withinMs)} ms`);
      }, options.withinMs);
      options.signal.addEventListener('abort', abort);

      connection.client.on('state', (state) => {
        if (state.getCode() === State.SYNC_CONNECTED.getCode()) {
          settle({ kind: 'attached', connection });
          connection.watchLiveness();
        } else if (state.getCode() === State.EXPIRED.getCode()) {
          settle({ kind: 'expired' });
          connection.end('the session has expired');
        }
      });
      connection.whenOpen(() => connection.open(() => (connectedTcp = true)));
      if (options.signal.aborted) abort();
    });
  }

  get isEnded(): boolean {
    return this.endReason !== undefined;
  }

  get sessionId(): Buffer {
    return this.client.getSessionId();
  }

  get sessionPassword(): Buffer {
    return this.client.getSessionPassword();
  }

  /** Real milliseconds, as the server granted them. */
  get negotiatedTimeoutMs(): number {
    return this.client.getSessionTimeout();
  }

  /**
   * Sends one request. Rejects with a {@link ZkError}. Without an answer within `withinMs` (real) the connection is given
   * up as well: answers come in the order of the requests, so none would come to the later ones either.
   */
  request<T>(what: string, withinMs: number, call: LibraryCall<T>): Promise<T> {
    if (this.endReason !== undefined) return Promise.reject(new ZkError('CONNECTION_LOSS', what));
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.pending.delete(lose);
        if (this.pending.size === 0) this.client.connectionManager.socket?.unref();
      };
      const fail = (error: ZkError): void => {
        settle();
        reject(error);
      };
      const lose = (): void => fail(new ZkError('CONNECTION_LOSS', what, { mayHaveHappened: true }));
      const giveUp = (): void => {
        if (!this.pending.has(lose)) return;
        fail(new ZkError('OPERATION_TIMEOUT', what, { mayHaveHappened: true }));
        this.end(`${what} was not answered within ${Math.round(withinMs)} ms`);
      };
      // An answer that waits in the socket while this process was busy still counts: it is read before the immediate.
      const timer = setTimeout(() => setImmediate(giveUp), withinMs);
      this.pending.add(lose);
      this.client.connectionManager.socket?.ref();
      try {
        call(this.client, (error, value) => {
          if (!this.pending.has(lose)) return;
          if (error != null) return fail(error instanceof ZkError ? error : fromLibraryError(what, error));
          settle();
          resolve(value as T); // there is no error, so there is a value: see LibraryCall
        });
      } catch (error) {
        // The library checks its arguments with assertions.
        fail(new ZkError('OTHER', what, { detail: describeError(error), cause: error }));
      }
    });
  }

  /** Ends the session on the server, then the connection; `withinMs` real milliseconds at most. */
  async endSession(withinMs: number): Promise<void> {
    if (this.endReason !== undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.client.connectionManager.socket?.ref().once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.client.close();
    });
    this.end('closed');
  }

  /** Closes the connection at once and leaves the session to itself. Idempotent. */
  end(why: string): void {
    if (this.endReason !== undefined) return;
    this.endReason = why;
    clearTimeout(this.liveness);
    this.leaveGate();
    this.destroySocket();
    this.onEnd(why);
    for (const lose of [...this.pending]) lose();
  }

  private destroySocket(): void {
    const manager = this.client.connectionManager;
    if (manager.connectTimeoutHandler !== null) clearTimeout(manager.connectTimeoutHandler);
    manager.socket?.destroy();
  }

  /** Waits for the gate; whoever connects has a limit of its own. */
  private whenOpen(go: () => void): void {
    if (!this.gate.isCut) return go();
    this.leaveGate = this.gate.onChange(() => {
      this.leaveGate();
      if (this.endReason === undefined) go();
    });
  }

  private open(onTcpConnected: () => void): void {
    const manager = this.client.connectionManager;
    const splitter = new FrameSplitter();
    const handleFrame = manager.onSocketData.bind(manager);
    manager.onSocketData = (chunk) => {
      this.lastHeardMs = performance.now();
      try {
        for (const frame of splitter.push(chunk)) {
          if (this.endReason === undefined) handleFrame(frame);
        }
      } catch (error) {
        // An answer that the library cannot read throws out of the socket's event, which would end the process.
        this.end(`unreadable answer: ${describeError(error)}`);
      }
    };
    this.client.connect();
    manager.connect = () => undefined; // no reconnecting: see the class
    // The library makes the socket in the next tick.
    process.nextTick(() => {
      const socket = manager.socket;
      if (socket === undefined) return this.end('the library made no socket');
      if (this.endReason !== undefined) return this.destroySocket();
      this.leaveGate = standStillWhileCut(socket, this.gate);
      let failure: string | undefined;
      socket.once('connect', onTcpConnected);
      socket.on('error', (error) => (failure = error.message));
      socket.once('close', () => this.end(failure ?? HUNG_UP));
    });
  }

  /**
   * The library pings after a third of the session without traffic, and never looks whether an answer comes. Silence for
   * two thirds means that the server is frozen or the way to it is cut, although the connection stands.
   */
  private watchLiveness(): void {
    const limitMs = (this.negotiatedTimeoutMs * 2) / 3;
    if (this.pending.size === 0) this.client.connectionManager.socket?.unref();
    const look = (): void => {
      if (this.endReason !== undefined) return;
      const silentMs = performance.now() - this.lastHeardMs;
      if (silentMs >= limitMs) return this.end(`nothing heard for ${Math.round(silentMs)} ms`);
      this.liveness = setTimeout(() => setImmediate(look), limitMs - silentMs);
      this.liveness.unref();
    };
    look();
  }
}
