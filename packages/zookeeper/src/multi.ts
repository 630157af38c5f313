import { Exception, type LibraryError, type Transaction } from 'node-zookeeper-client';
import type { ZkError } from './zk-error';
import { fromLibraryError } from './zk-error';
import type { CreateMode, ZkOp } from './znode';

/** What an operation of a multi left: the node's version after a set. */
export interface MultiResult {
  readonly version: number | undefined;
}

const ERROR_RESULT = -1;
const ANY_VERSION = -1;

/**
 * Fills and commits a transaction of the library. `done` gets one result per operation, or the error of the operation
 * that was at fault, with its index.
 */
export function commitMulti(
  transaction: Transaction,
  ops: readonly ZkOp[],
  modes: Readonly<Record<CreateMode, number>>,
  what: string,
  done: (error: ZkError | LibraryError | null, results?: readonly MultiResult[]) => void,
): void {
  for (const op of ops) {
    switch (op.op) {
      case 'create':
        transaction.create(op.path, op.data, modes[op.mode ?? 'persistent']);
        break;
      case 'set':
        transaction.setData(op.path, op.data);
        break;
      case 'remove':
        transaction.remove(op.path);
        break;
      case 'check':
        transaction.check(op.path);
        break;
    }
    const added = transaction.ops.at(-1);
    // The builder takes version 0 for "any version", which would make a check of a fresh node check nothing.
    if (added !== undefined && op.op !== 'create') added.version = op.version ?? ANY_VERSION;
  }
  transaction.commit((error, results) => {
    // Operations before the one at fault are answered with an error of 0, those after it with "not tried".
    const failedOp = results?.findIndex(
      (result) => result.type === ERROR_RESULT && result.err !== Exception.OK,
    );
    if (error != null) done(fromLibraryError(what, error, failedOp === -1 ? undefined : failedOp));
    else done(null, results?.map((result) => ({ version: result.stat?.version })) ?? []);
  });
}
