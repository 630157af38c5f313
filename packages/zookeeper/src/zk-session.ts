import { type Logger, OneboxError, describeError } from '@onebox/base';
import { CreateMode as LibraryMode, type Watcher } from 'node-zookeeper-client';
import { attachToAny } from './attach-loop';
import { type ConnectString, absolutePath, parseConnectString, relativePath } from './connect-string';
import { commitMulti, type MultiResult } from './multi';
import { toLibraryWatcher } from './watch';
import type { LibraryCall, ZkConnection } from './zk-connection';
import { ZkError, isZkError } from './zk-error';
import type { ZkGate } from './zk-gate';
import {
  type CreateMode,
  type WatchListener,
  type ZkOp,
  type ZnodeStat,
  parentPath,
  toZnodeStat,
} from './znode';

/**
 * `connecting` until `open` succeeds; `connected` and `suspended` take turns; `expired` (the server said so) and `closed`
 * (we did) are final. Being cut off never expires a session by itself (reference/cluster-behaviour.md 2.5).
 */
export type SessionState = 'connecting' | 'connected' | 'suspended' | 'expired' | 'closed';

export interface SessionOptions {
  /** `host:port[,host:port][/chroot]`. */
  readonly hosts: string;
  /** The session that is asked for, real milliseconds; the server may grant another. */
  readonly timeoutMs: number;
  /** Real milliseconds for the first connection. */
  readonly connectWithinMs: number;
  readonly log: Logger;
  /** Real milliseconds an operation may take; two thirds of the session, between 2 and 10 s, unless given. */
  readonly operationTimeoutMs?: number;
  /** What may stand in the way to ZooKeeper on purpose. */
  readonly gate?: ZkGate;
}

const CLOSE_WITHIN_MS = 1000;

const LIBRARY_MODES: Readonly<Record<CreateMode, number>> = {
  persistent: LibraryMode.PERSISTENT,
  ephemeral: LibraryMode.EPHEMERAL,
  'persistent-sequential': LibraryMode.PERSISTENT_SEQUENTIAL,
  'ephemeral-sequential': LibraryMode.EPHEMERAL_SEQUENTIAL,
};

/** @param why set when the session is suspended: what ended its connection */
type StateListener = (state: SessionState, why?: string) => void;

/**
 * A ZooKeeper session: survives its connections, until the server declares it expired or `close` ends it.
 *
 * An operation is sent at once or rejected at once with CONNECTION_LOSS; nothing is queued while there is no connection,
 * so nothing is executed late. Every operation is bounded (OPERATION_TIMEOUT). Errors are {@link ZkError};
 * `mayHaveHappened` says whether the request was on its way.
 *
 * An open session alone does not keep the process alive; an operation under way, and `open`, do.
 */
export class ZkSession {
  private current: SessionState = 'connecting';
  private connection: ZkConnection | undefined;
  private readonly listeners = new Set<StateListener>();
  private readonly abort = new AbortController();
  private closing: Promise<void> | undefined;
  private idHex = '';
  private password = '';
  private timeoutMs: number;

  private constructor(
    private readonly options: SessionOptions,
    private readonly ensemble: ConnectString,
  ) {
    this.timeoutMs = options.timeoutMs;
  }

  /**
   * Opens a new session.
   * @throws OneboxError ONEBOX_ZOOKEEPER_UNREACHABLE after `connectWithinMs`; ONEBOX_BAD_ZOOKEEPER_HOSTS.
   */
  static async open(options: SessionOptions): Promise<ZkSession> {
    const session = new ZkSession(options, parseConnectString(options.hosts));
    const why = await session.attach(options.connectWithinMs);
    if (why === undefined) return session;
    throw new OneboxError(
      'ONEBOX_ZOOKEEPER_UNREACHABLE',
      `ZooKeeper at ${options.hosts} gave no session within ${Math.round(options.connectWithinMs)} ms: ${why}`,
      {
        nextStep: 'Check that ZooKeeper runs there and that nothing blocks the port.',
        data: { hosts: options.hosts, why },
      },
    );
  }

  get state(): SessionState {
    return this.current;
  }

  /** 16 hexadecimal digits, as {@link ZnodeStat.ephemeralOwner}. */
  get sessionIdHex(): string {
    return this.idHex;
  }

  /** 32 hexadecimal digits: with the id all that another connection needs to take up this session. Empty before it is open. */
  get passwordHex(): string {
    return this.password;
  }

  /** The session that the server granted, real milliseconds. */
  get negotiatedTimeoutMs(): number {
    return this.timeoutMs;
  }

  /** Real milliseconds after which an operation is given up. */
  get operationTimeoutMs(): number {
    return this.options.operationTimeoutMs ?? Math.min(10_000, Math.max(2000, (this.timeoutMs * 2) / 3));
  }

  /** Tells every change of the state from now on, once each and in order. Gives back the way to stop it. */
  onState(listener: StateListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Creates a node (world:anyone) and gives back its path, with the number that a sequential mode adds. */
  async create(path: string, data: Buffer, mode: CreateMode): Promise<string> {
    const created = await this.request<string>(`create ${path}`, (client, done) =>
      client.create(this.absolute(path), data, LIBRARY_MODES[mode], done),
    );
    return relativePath(this.ensemble, created);
  }

  /** Creates a persistent node with empty data, and its parents, where they are missing. */
  async ensurePath(path: string): Promise<void> {
    await this.ensureAbsolute(this.absolute(path));
  }

  /** Data and stat of a node. The watch is left only when the node exists. */
  async get(path: string, watch?: WatchListener): Promise<{ data: Buffer; stat: ZnodeStat }> {
    return this.request(`get ${path}`, (client, done) =>
      client.getData(this.absolute(path), this.watcher(watch), (error, data, stat) =>
        error != null ? done(error) : done(null, { data: data ?? Buffer.alloc(0), stat: toZnodeStat(stat) }),
      ),
    );
  }

  /** Writes the data; only over `version`, when given. */
  async set(path: string, data: Buffer, version = -1): Promise<ZnodeStat> {
    return this.request(`set ${path}`, (client, done) =>
      client.setData(this.absolute(path), data, version, (error, stat) =>
        error != null ? done(error) : done(null, toZnodeStat(stat)),
      ),
    );
  }

  /** Stat of a node, undefined when there is none. The watch is left in either case. */
  async exists(path: string, watch?: WatchListener): Promise<ZnodeStat | undefined> {
    return this.request(`exists ${path}`, (client, done) =>
      client.exists(this.absolute(path), this.watcher(watch), (error, stat) =>
        error != null ? done(error) : done(null, stat === null ? undefined : toZnodeStat(stat)),
      ),
    );
  }

  /** Names of the children, in no order. */
  async children(path: string, watch?: WatchListener): Promise<string[]> {
    return this.request(`children ${path}`, (client, done) =>
      client.getChildren(this.absolute(path), this.watcher(watch), done),
    );
  }

  /** Removes a node without children; only at `version`, when given. */
  async remove(path: string, version = -1): Promise<void> {
    await this.request<void>(`remove ${path}`, (client, done) =>
      client.remove(this.absolute(path), version, done),
    );
  }

  /**
   * All operations or none. A refused one rejects with the error of the operation at fault, its index in `failedOp`.
   * Gives back, per operation, the version that a write left.
   */
  async multi(ops: readonly ZkOp[]): Promise<readonly MultiResult[]> {
    const absolute = ops.map((op) => ({ ...op, path: this.absolute(op.path) }));
    const what = `multi of ${ops.length} (${ops
      .map((op) => `${op.op} ${op.path}`)
      .slice(0, 3)
      .join(', ')})`;
    return this.request(what, (client, done) =>
      commitMulti(client.transaction(), absolute, LIBRARY_MODES, what, done),
    );
  }

  /** Ends the session on the server when it can be reached, at once otherwise. Idempotent; never rejects. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    const connection = this.connection;
    this.enter('closed');
    this.connection = undefined;
    this.abort.abort();
    await connection?.endSession(CLOSE_WITHIN_MS);
  }

  /**
   * Gets a connection for the session. Gives the reason when it could not.
   * @param withinMs real milliseconds; undefined: until the session expires or is closed.
   */
  private async attach(withinMs: number | undefined, previous?: ZkConnection): Promise<string | undefined> {
    const outcome = await attachToAny(
      {
        servers: this.ensemble.servers,
        sessionTimeoutMs: this.timeoutMs,
        ticket: previous && { id: previous.sessionId, password: previous.sessionPassword, previous },
        withinMs,
        log: this.options.log,
        signal: this.abort.signal,
        gate: this.options.gate,
      },
      (why) => this.onConnectionEnd(why),
    );
    switch (outcome.kind) {
      case 'attached':
        if (this.abort.signal.aborted) {
          outcome.connection.end('closed');
          return 'closed';
        }
        this.connection = outcome.connection;
        this.idHex = outcome.connection.sessionId.toString('hex');
        this.password = outcome.connection.sessionPassword.toString('hex');
        this.timeoutMs = outcome.connection.negotiatedTimeoutMs;
        this.enter('connected');
        return undefined;
      case 'expired':
        this.enter('expired');
        return 'the session has expired';
      case 'failed':
        return outcome.why;
    }
  }

  private onConnectionEnd(why: string): void {
    const lost = this.connection;
    if (lost === undefined || this.current !== 'connected') return;
    this.connection = undefined;
    this.options.log.warn(`ZooKeeper session ${this.idHex} is suspended: ${why}`);
    this.enter('suspended', why);
    this.attach(undefined, lost).catch((error: unknown) => {
      this.options.log.error(`ZooKeeper session ${this.idHex} cannot reconnect: ${describeError(error)}`);
    });
  }

  private enter(state: SessionState, why?: string): void {
    if (this.current === state || this.current === 'expired' || this.current === 'closed') return;
    this.current = state;
    const facts = state === 'connected' ? ` (granted ${this.timeoutMs} ms)` : '';
    this.options.log.info(`ZooKeeper session ${this.idHex || 'not opened'} is ${state}${facts}`);
    for (const listener of [...this.listeners]) {
      try {
        listener(state, why);
      } catch (error) {
        this.options.log.error(`a listener to the session's state failed: ${describeError(error)}`);
      }
    }
  }

  private absolute(path: string): string {
    return absolutePath(this.ensemble, path);
  }

  private watcher(listener: WatchListener | undefined): Watcher | undefined {
    return (
      listener &&
      toLibraryWatcher(
        (event) => listener({ ...event, path: relativePath(this.ensemble, event.path) }),
        this.options.log,
      )
    );
  }

  private async ensureAbsolute(absolute: string): Promise<void> {
    if (absolute === '/') return;
    const create = (): Promise<string> =>
      this.request(`create ${absolute}`, (client, done) =>
        client.create(absolute, Buffer.alloc(0), LibraryMode.PERSISTENT, done),
      );
    try {
      await create();
    } catch (error) {
      if (isZkError(error, 'NODE_EXISTS')) return;
      if (!isZkError(error, 'NO_NODE')) throw error;
      await this.ensureAbsolute(parentPath(absolute));
      await create().catch((again: unknown) => {
        if (!isZkError(again, 'NODE_EXISTS')) throw again;
      });
    }
  }

  private request<T>(what: string, call: LibraryCall<T>): Promise<T> {
    if (this.current === 'expired') return Promise.reject(new ZkError('SESSION_EXPIRED', what));
    if (this.current === 'closed') {
      return Promise.reject(new ZkError('OTHER', what, { detail: 'the session was closed' }));
    }
    if (this.connection === undefined) return Promise.reject(new ZkError('CONNECTION_LOSS', what));
    return this.connection.request(what, this.operationTimeoutMs, call);
  }
}
