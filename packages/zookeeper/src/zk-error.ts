import { OneboxError } from '@onebox/base';
import { Exception, type LibraryError } from 'node-zookeeper-client';

/** What went wrong, in ZooKeeper's words. */
export type ZkErrorName =
  | 'NO_NODE'
  | 'NODE_EXISTS'
  | 'NOT_EMPTY'
  | 'BAD_VERSION'
  | 'CONNECTION_LOSS'
  | 'SESSION_EXPIRED'
  | 'OPERATION_TIMEOUT'
  | 'AUTH_FAILED'
  | 'OTHER';

/** An operation on ZooKeeper that did not succeed. */
export class ZkError extends OneboxError {
  readonly zk: ZkErrorName;
  /**
   * Whether the request may have been executed all the same: it was sent, and its answer was lost. Whoever repeats such an
   * operation has to look first what became of it.
   */
  readonly mayHaveHappened: boolean;
  /** For a multi that was refused: the index of the operation that was at fault. */
  readonly failedOp: number | undefined;

  constructor(
    zk: ZkErrorName,
    what: string,
    options: { mayHaveHappened?: boolean; failedOp?: number; detail?: string; cause?: unknown } = {},
  ) {
    super(`ONEBOX_ZOOKEEPER_${zk}`, `${what}: ${options.detail ?? TEXTS[zk]}`, {
      data: { what, zk },
      cause: options.cause,
    });
    this.zk = zk;
    this.mayHaveHappened = options.mayHaveHappened ?? false;
    this.failedOp = options.failedOp;
  }

  /** No answer was had, or none can be had now: worth another attempt with the same session. */
  get isTransient(): boolean {
    return this.zk === 'CONNECTION_LOSS' || this.zk === 'OPERATION_TIMEOUT';
  }
}

const TEXTS: Readonly<Record<ZkErrorName, string>> = {
  NO_NODE: 'the node does not exist',
  NODE_EXISTS: 'the node exists already',
  NOT_EMPTY: 'the node has children',
  BAD_VERSION: 'the node has another version',
  CONNECTION_LOSS: 'no connection to ZooKeeper',
  SESSION_EXPIRED: 'the ZooKeeper session has expired',
  OPERATION_TIMEOUT: 'ZooKeeper did not answer in time',
  AUTH_FAILED: 'ZooKeeper refused the authentication',
  OTHER: 'ZooKeeper refused the operation',
};

const NAMES = new Map<number | undefined, ZkErrorName>([
  [Exception.NO_NODE, 'NO_NODE'],
  [Exception.NODE_EXISTS, 'NODE_EXISTS'],
  [Exception.NOT_EMPTY, 'NOT_EMPTY'],
  [Exception.BAD_VERSION, 'BAD_VERSION'],
  [Exception.CONNECTION_LOSS, 'CONNECTION_LOSS'],
  [Exception.SESSION_EXPIRED, 'SESSION_EXPIRED'],
  [Exception.OPERATION_TIMEOUT, 'OPERATION_TIMEOUT'],
  [Exception.AUTH_FAILED, 'AUTH_FAILED'],
]);

/** An error of the library as ours. A connection that broke under a request leaves open whether it was executed. */
export function fromLibraryError(what: string, error: LibraryError, failedOp?: number): ZkError {
  const zk = NAMES.get(error.getCode()) ?? 'OTHER';
  return new ZkError(zk, what, {
    mayHaveHappened: zk === 'CONNECTION_LOSS' || zk === 'OPERATION_TIMEOUT',
    failedOp,
    detail: zk === 'OTHER' ? error.getName() : undefined,
    cause: error,
  });
}

/** Whether `error` is a {@link ZkError} with one of these names. */
export function isZkError(error: unknown, ...names: readonly ZkErrorName[]): error is ZkError {
  return error instanceof ZkError && (names.length === 0 || names.includes(error.zk));
}
