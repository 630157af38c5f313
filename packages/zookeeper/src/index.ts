export { parseConnectString } from './connect-string';
export { DistributedLock, type LockGrant, type LockOptions } from './distributed-lock';
export { expireSession } from './expire-session';
export { FencedStore, type FencedStoreOptions } from './fenced-store';
export { type SessionOptions, type SessionState, ZkSession } from './zk-session';
export type { ZkGate } from './zk-gate';
export { ZkError, type ZkErrorName, isZkError } from './zk-error';
export {
  type CreateMode,
  type WatchEvent,
  type WatchListener,
  type ZkOp,
  type ZnodeStat,
  childPath,
  parentPath,
} from './znode';
