import { prepareMulti } from '../../src/tree/draft';
import { DataTree, type TreeListener } from '../../src/tree/data-tree';
import type { Node } from '../../src/tree/node';
import { type WriteOp, prepare } from '../../src/tree/prepare';
import type { SingleTxn } from '../../src/tree/txn';
import { Code, OpCode } from '../../src/wire';
import { OPEN } from './requests';

const SESSION = 0x77n;

/** A tree on which requests are done one after the other, each a transaction with a zxid of its own. */
export class TestTree implements TreeListener {
  readonly tree = new DataTree(this);
  /** What the tree told its watchers. */
  readonly told: string[] = [];
  zxid = 0;

  created = (path: string): void => void this.told.push(`created ${path}`);
  deleted = (path: string): void => void this.told.push(`deleted ${path}`);
  dataChanged = (path: string): void => void this.told.push(`changed ${path}`);
  childrenChanged = (path: string): void => void this.told.push(`children ${path}`);

  /** The path that was made, the new version, or the error. */
  do(op: WriteOp, session = SESSION): string | number {
    const txn = prepare(this.tree, session, op);
    this.apply(txn, session);
    return outcome(txn);
  }

  multi(...ops: WriteOp[]): (string | number)[] {
    const { txns } = prepareMulti(this.tree, SESSION, ops);
    this.zxid += 1;
    for (const txn of txns) this.tree.apply(this.header(SESSION), txn);
    return txns.map(outcome);
  }

  closeSession(session = SESSION): void {
    this.zxid += 1;
    this.tree.closeSession(this.header(session), {
      type: 'closeSession',
      paths: this.tree.ephemeralsOf(session),
    });
  }

  stat(path: string): ReturnType<Node['stat']> | undefined {
    return this.tree.node(path)?.stat();
  }

  private apply(txn: SingleTxn, session: bigint): void {
    this.zxid += 1;
    this.tree.apply(this.header(session), txn);
  }

  private header(sessionId: bigint): { sessionId: bigint; cxid: number; zxid: number; time: number } {
    return { sessionId, cxid: 0, zxid: this.zxid, time: 1000 + this.zxid };
  }
}

const NAMES = new Map<number, string>(Object.entries(Code).map(([name, code]) => [code, name]));

function outcome(txn: SingleTxn): string | number {
  switch (txn.type) {
    case 'create':
      return txn.path;
    case 'setData':
    case 'setAcl':
      return txn.version;
    case 'delete':
    case 'check':
      return 'done';
    case 'error':
      return NAMES.get(txn.code) ?? txn.code;
  }
}

export function create(path: string | null, flags = 0, acl: typeof OPEN | null = OPEN): WriteOp {
  return { type: OpCode.create, path, data: Buffer.from('data'), acl, flags };
}
export function createContainer(path: string): WriteOp {
  return { type: OpCode.createContainer, path, data: null, acl: OPEN, flags: 4 };
}
export function remove(path: string | null, version = -1): WriteOp {
  return { type: OpCode.delete, path, version };
}
export function setData(path: string | null, text: string, version = -1): WriteOp {
  return { type: OpCode.setData, path, data: Buffer.from(text), version };
}
export function setAcl(path: string | null, acl: typeof OPEN | null, version = -1): WriteOp {
  return { type: OpCode.setAcl, path, acl, version };
}
export function check(path: string | null, version: number): WriteOp {
  return { type: OpCode.check, path, version };
}
