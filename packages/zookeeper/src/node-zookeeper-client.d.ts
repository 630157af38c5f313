/**
 * The part of node-zookeeper-client 1.1.3 that we use, which has no types of its own. `connectionManager` is not part of
 * its documented interface; `zk-connection.ts` says why we need it.
 */
declare module 'node-zookeeper-client' {
  import type { Socket } from 'node:net';

  export interface LibraryError extends Error {
    getCode(): number;
    getName(): string;
  }

  type Callback<A extends unknown[]> = (error: LibraryError | null | undefined, ...values: A) => void;

  export interface LibraryEvent {
    getType(): number;
    getPath(): string;
  }

  export type Watcher = (event: LibraryEvent) => void;

  /** 64-bit values are buffers of 8 bytes, big endian. */
  export interface LibraryStat {
    czxid: Buffer;
    mzxid: Buffer;
    pzxid: Buffer;
    ctime: Buffer;
    mtime: Buffer;
    version: number;
    cversion: number;
    ephemeralOwner: Buffer;
    dataLength: number;
    numChildren: number;
  }

  export interface LibraryState {
    getName(): string;
    getCode(): number;
  }

  export interface TransactionResult {
    /** The operation's number, -1 for an error. */
    type: number;
    err?: number;
    path?: string;
    stat?: LibraryStat;
  }

  export interface Transaction {
    /** The operations so far. Public here because the builder methods turn a version of 0 into "any version". */
    ops: { type: number; path: string; data?: Buffer; version?: number; mode?: number }[];
    create(path: string, data: Buffer, mode: number): this;
    setData(path: string, data: Buffer, version?: number): this;
    check(path: string, version?: number): this;
    remove(path: string, version?: number): this;
    commit(callback: Callback<[TransactionResult[] | undefined]>): void;
  }

  export interface ConnectionManager {
    state: number;
    socket: Socket | undefined;
    zxid: Buffer;
    watcherManager: object;
    connectTimeoutHandler: NodeJS.Timeout | null;
    connect(): void;
    onSocketData(buffer: Buffer): void;
  }

  export class Client {
    readonly connectionManager: ConnectionManager;
    connect(): void;
    close(): void;
    on(event: 'state', listener: (state: LibraryState) => void): this;
    removeAllListeners(): this;
    getSessionId(): Buffer;
    getSessionPassword(): Buffer;
    getSessionTimeout(): number;
    create(path: string, data: Buffer, mode: number, callback: Callback<[string]>): void;
    getData(
      path: string,
      watcher: Watcher | undefined,
      callback: Callback<[Buffer | undefined, LibraryStat]>,
    ): void;
    setData(path: string, data: Buffer, version: number, callback: Callback<[LibraryStat]>): void;
    exists(path: string, watcher: Watcher | undefined, callback: Callback<[LibraryStat | null]>): void;
    getChildren(path: string, watcher: Watcher | undefined, callback: Callback<[string[]]>): void;
    remove(path: string, version: number, callback: Callback<[]>): void;
    transaction(): Transaction;
  }

  export const CreateMode: {
    readonly PERSISTENT: number;
    readonly PERSISTENT_SEQUENTIAL: number;
    readonly EPHEMERAL: number;
    readonly EPHEMERAL_SEQUENTIAL: number;
  };

  export const State: Readonly<
    Record<
      'DISCONNECTED' | 'SYNC_CONNECTED' | 'AUTH_FAILED' | 'CONNECTED_READ_ONLY' | 'EXPIRED',
      LibraryState
    >
  >;

  export const Event: Readonly<
    Record<'NODE_CREATED' | 'NODE_DELETED' | 'NODE_DATA_CHANGED' | 'NODE_CHILDREN_CHANGED', number>
  >;

  export const Exception: Readonly<Record<string, number>>;

  export function createClient(
    hosts: string,
    options: {
      sessionTimeout: number;
      spinDelay?: number;
      retries?: number;
      sessionId?: Buffer;
      sessionPassword?: Buffer;
    },
  ): Client;
}
