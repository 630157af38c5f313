import type { Code } from '../wire';
import type { AclList } from './acl';

/** Who did what when. The zxid numbers all transactions of a server's life. */
export interface TxnHeader {
  readonly sessionId: bigint;
  readonly cxid: number;
  readonly zxid: number;
  /** Unix milliseconds. */
  readonly time: number;
}

export interface CreateTxn {
  readonly type: 'create';
  readonly path: string;
  readonly data: Buffer | null;
  readonly acl: AclList;
  /** NOBODY, CONTAINER, or the session that the node goes with. */
  readonly owner: bigint;
  /** The parent's count of creations, this one included. */
  readonly parentCversion: number;
}
export interface DeleteTxn {
  readonly type: 'delete';
  readonly path: string;
}
export interface SetDataTxn {
  readonly type: 'setData';
  readonly path: string;
  readonly data: Buffer | null;
  readonly version: number;
}
export interface SetAclTxn {
  readonly type: 'setAcl';
  readonly path: string;
  readonly acl: AclList;
  readonly version: number;
}
export interface CheckTxn {
  readonly type: 'check';
  readonly path: string;
}
/** A request that failed: it changes nothing, and takes a zxid all the same. */
export interface ErrorTxn {
  readonly type: 'error';
  readonly code: Code;
}
/** What may be part of a multi. */
export type SingleTxn = CreateTxn | DeleteTxn | SetDataTxn | SetAclTxn | CheckTxn | ErrorTxn;
export interface MultiTxn {
  readonly type: 'multi';
  readonly txns: readonly SingleTxn[];
}
export interface CreateSessionTxn {
  readonly type: 'createSession';
  readonly timeoutMs: number;
  readonly password: Buffer;
}
/** The end of a session, and of its nodes with it. */
export interface CloseSessionTxn {
  readonly type: 'closeSession';
  readonly paths: readonly string[];
}
/**
 * A change that was found to be possible, in absolute terms (the new version, not one more): applying it a second time
 * changes nothing.
 */
export type Txn = SingleTxn | MultiTxn | CreateSessionTxn | CloseSessionTxn;

export function failure(code: Code): ErrorTxn {
  return { type: 'error', code };
}
