import { type Server, type Socket, createServer } from 'node:net';
import { type Clock, OneboxError, ScaledClock, type Timer, bounded } from '@onebox/base';
import { Connection, type ConnectionOwner } from './connection';
import { Database } from './database';
import type { Journal } from './journal/journal';
import { OutputGate } from './output-gate';
import { connect } from './requests/connect';
import { RequestProcessor } from './requests/request-processor';
import { sessionLimits } from './sessions/sessions';
import { Statistics } from './statistics';
import { allowedWords, answerWord, wordOf } from './words/four-letter-words';
import type { ConnectionFacts, WordFacts } from './words/reports';

/** How long a connection may go without a session: the real server's `sessionlessCnxnTimeout`. */
const SESSIONLESS_MS = 10_000;
/** How often connections without a session, and containers without children, are looked for. */
const SWEEP_MS = 5000;
const CONTAINER_SWEEP_MS = 60_000;
const MOST_CONNECTIONS = 5000;
/** Closing waits so long for what is being written. */
const CLOSE_WITHIN_MS = 5000;

export interface EmbeddedZooKeeperOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** The unit of session time-outs, real milliseconds. */
  readonly tickTimeMs: number;
  /** Real milliseconds; two ticks unless given. */
  readonly minSessionTimeoutMs?: number;
  /** Real milliseconds; twenty ticks unless given. */
  readonly maxSessionTimeoutMs?: number;
  /** Where changes are kept. The server closes it. */
  readonly journal: Journal;
  /** Of all clients together. */
  readonly maxConnections?: number;
  /** Of one address; 0: no limit of its own. */
  readonly maxClientCnxns?: number;
  /** `4lw.commands.whitelist`. */
  readonly fourLetterWords?: string;
  /** Shown by `conf`; empty when nothing is kept. */
  readonly dataDirectory?: string;
  /** Ticks in real milliseconds. Tests hand in their own. */
  readonly clock?: Clock;
  readonly log?: (message: string) => void;
  /** The journal failed: the server has closed all connections and keeps nothing any more. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * A single server of ZooKeeper's client protocol. It is not ZooKeeper: docs/compatibility.md says what it lacks.
 *
 *   socket ─► frames ─► request ─► judged (tree/prepare) ─► transaction ─► applied to the tree, appended to the journal
 *                                                                             │
 *   socket ◄──────────── gate, once the journal is durable ◄── answer, watch events
 */
export class EmbeddedZooKeeper implements ConnectionOwner {
  readonly statistics = new Statistics();
  private readonly connections = new Set<Connection>();
  private readonly bySession = new Map<bigint, Connection>();
  private readonly startedMs: number;
  private readonly words: ReadonlySet<string>;
  private readonly requests: RequestProcessor;
  private readonly timers: Timer[] = [];
  private expiry: { readonly timer: Timer; readonly atMs: number } | undefined;
  private expiring = false;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly options: EmbeddedZooKeeperOptions,
    private readonly clock: Clock,
    readonly database: Database,
    readonly gate: OutputGate,
    private readonly listener: Server,
  ) {
    this.startedMs = clock.monotonicMs();
    this.words = allowedWords(options.fourLetterWords);
    this.requests = new RequestProcessor(database, () => clock.monotonicMs());
  }

  /**
   * Reads back what the journal has, then listens.
   *
   * @throws OneboxError ONEBOX_PORT_IN_USE, ONEBOX_JOURNAL_UNREADABLE
   */
  static async start(options: EmbeddedZooKeeperOptions): Promise<EmbeddedZooKeeper> {
    const clock = options.clock ?? new ScaledClock(1);
    const limits = sessionLimits(
      options.tickTimeMs,
      options.minSessionTimeoutMs,
      options.maxSessionTimeoutMs,
    );
    const started: { server?: EmbeddedZooKeeper } = {};
    const onFailure = (error: unknown): void => started.server?.fail(error);
    const database = await Database.open(limits, options.journal, clock, {
      failed: onFailure,
      log: (message) => options.log?.(message),
    });
    const gate = new OutputGate(options.journal, onFailure);
    const listener = createServer();
    const server = new EmbeddedZooKeeper(options, clock, database, gate, listener);
    started.server = server;
    await server.listen();
    return server;
  }

  get port(): number {
    const address = this.listener.address();
    return address !== null && typeof address === 'object' ? address.port : this.options.port;
  }

  /** Stops listening, makes everything durable, closes the connections and the journal. Sessions live on in it. Idempotent. */
  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  now(): number {
    return this.clock.monotonicMs();
  }

  log(message: string): void {
    this.options.log?.(message);
  }

  word(connection: Connection, first: number): boolean {
    const word = wordOf(first);
    if (word === undefined) return false;
    connection.statistics.received += 1;
    this.statistics.received += 1;
    connection.finishWithText(() => answerWord(word, this.words, () => this.facts()));
    return true;
  }

  frame(connection: Connection, frame: Buffer): void {
    if (connection.attachment === undefined) connect(this, connection, frame);
    else this.requests.process(connection, frame);
  }

  holder(sessionId: bigint): Connection | undefined {
    return this.bySession.get(sessionId);
  }

  attached(connection: Connection): void {
    if (connection.attachment === undefined) return;
    this.bySession.set(connection.attachment.session.id, connection);
    this.armExpiry();
  }

  closed(connection: Connection): void {
    this.connections.delete(connection);
    this.database.watches.removeAll(connection);
    const id = connection.attachment?.session.id;
    if (id !== undefined && this.bySession.get(id) === connection) this.bySession.delete(id);
  }

  private async listen(): Promise<void> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.listener.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') return reject(error);
        reject(
          new OneboxError('ONEBOX_PORT_IN_USE', `port ${port} of ${host} is in use`, {
            data: { host, port },
          }),
        );
      });
      this.listener.listen(port, host, 511, resolve);
    });
    this.listener.on('error', (error) => this.log(`listening: ${error.message}`));
    this.listener.on('connection', (socket) => this.accept(socket));
    this.timers.push(
      this.clock.every(SWEEP_MS, () => this.closeSessionless()),
      this.clock.every(CONTAINER_SWEEP_MS, () => this.deleteEmptyContainers()),
    );
    this.armExpiry();
  }

  private accept(socket: Socket): void {
    const { maxConnections = MOST_CONNECTIONS, maxClientCnxns = 0 } = this.options;
    if (this.connections.size >= maxConnections) return this.refuse(socket, `there are ${maxConnections}`);
    if (maxClientCnxns > 0) {
      let same = 0;
      for (const { address } of this.connections) same += Number(address === socket.remoteAddress);
      if (same >= maxClientCnxns) return this.refuse(socket, `${same} are from its address`);
    }
    this.connections.add(new Connection(socket, this));
  }

  private refuse(socket: Socket, why: string): void {
    this.log(`connection from ${socket.remoteAddress} refused: ${why}`);
    socket.on('error', () => undefined);
    socket.destroy();
  }

  /** Connections that never said who they are, and ones that are over and do not read their last answers. */
  private closeSessionless(): void {
    const limit = this.now() - SESSIONLESS_MS;
    for (const connection of this.connections) {
      if (connection.openedMs > limit) continue;
      if (connection.attachment === undefined) connection.close('no session was asked for');
      else if (!connection.isOpen) connection.close();
    }
  }

  /** A container goes when its last child is gone. */
  private deleteEmptyContainers(): void {
    const { tree } = this.database;
    for (const path of [...tree.containers()]) {
      const node = tree.node(path);
      if (node === undefined || node.childCount > 0 || node.cversion === 0) continue;
      this.database.commit(0n, 0, { type: 'delete', path });
    }
    this.gate.open();
  }

  /** One timer for the bucket that is due next. */
  private armExpiry(): void {
    if (this.expiring || this.closing !== undefined) return;
    const atMs = this.database.sessions.nextDueMs;
    if (atMs === undefined || (this.expiry !== undefined && this.expiry.atMs <= atMs)) return;
    this.expiry?.timer.cancel();
    const timer = this.clock.after(Math.max(0, atMs - this.now()), () => {
      this.expiry = undefined;
      this.expiring = true;
      // What came in while this process stood still is read first: a session that spoke is not dead.
      setImmediate(() => this.expire());
    });
    this.expiry = { timer, atMs };
  }

  private expire(): void {
    this.expiring = false;
    if (this.closing !== undefined) return;
    for (const session of this.database.sessions.takeDue(this.now())) {
      this.log(`session 0x${session.id.toString(16)} expired after ${session.timeoutMs} ms`);
      this.database.closeSession(session.id, 0);
      this.bySession.get(session.id)?.close();
    }
    this.gate.open();
    this.armExpiry();
  }

  private facts(): WordFacts {
    const { tree, sessions, watches, lastZxid } = this.database;
    return {
      statistics: this.statistics,
      connections: [...this.connections].map(factsOf),
      lastZxid,
      nodeCount: tree.nodeCount,
      watchCount: watches.size,
      ephemeralCount: tree.ephemeralCount,
      approximateDataSize: tree.approximateDataSize,
      sessionCount: sessions.size,
      uptimeMs: this.now() - this.startedMs,
      configuration: {
        clientPort: this.port,
        dataDirectory: this.options.dataDirectory ?? '',
        tickTimeMs: sessions.limits.tickTimeMs,
        maxClientCnxns: this.options.maxClientCnxns ?? 0,
        minSessionTimeoutMs: sessions.limits.minTimeoutMs,
        maxSessionTimeoutMs: sessions.limits.maxTimeoutMs,
      },
    };
  }

  /** What is in memory is not what is on the disk any more: nobody is told of it. */
  private fail(error: unknown): void {
    if (this.closing !== undefined) return;
    this.log(`the journal failed: ${String(error)}`);
    for (const connection of this.connections) connection.close();
    void this.close().catch(() => undefined);
    this.options.onFailure?.(error);
  }

  private async shutDown(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    this.expiry?.timer.cancel();
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    const { journal } = this.options;
    await bounded('the journal', CLOSE_WITHIN_MS, Promise.resolve(journal.pending)).catch(() => undefined);
    for (const connection of this.connections) connection.close();
    await closed;
    await journal.close();
  }
}

function factsOf(connection: Connection): ConnectionFacts {
  const { remote, outstanding, statistics, establishedUnixMs, last, attachment } = connection;
  return {
    remote,
    interest: connection.isOpen && !connection.isStalled ? 1 : 0,
    outstanding,
    statistics,
    establishedUnixMs,
    last,
    session:
      attachment === undefined ? undefined : { id: attachment.session.id, timeoutMs: attachment.timeoutMs },
  };
}
