import type { Database } from '../database';
import { allows } from '../tree/acl';
import { prepareMulti } from '../tree/draft';
import { type WriteOp, prepare } from '../tree/prepare';
import { failure } from '../tree/txn';
import { Code, JuteError, type JuteReader, type JuteWriter, OpCode, Perm } from '../wire';
import { DataResponse, MultiHeader, Paths, ReconfigRequest, Stat, type StatValue } from '../wire/records';
import { type ReadOp, readMulti, readMultiRead, readWriteOp } from './write-ops';
import type { Answer } from './answer';

/** Who asks, and with which number. */
export interface Asking {
  readonly sessionId: bigint;
  readonly cxid: number;
}

/**
 * Does a request that may change a node. Each takes a zxid, whether it succeeds, fails, or cannot even be read. Undefined
 * when the opcode is no such request.
 */
export function write(
  database: Database,
  asking: Asking,
  opCode: number,
  from: JuteReader,
): Answer | undefined {
  switch (opCode) {
    case OpCode.multi:
      return multi(database, asking, from);
    case OpCode.reconfig:
      // A record that cannot be read takes no zxid here: JuteError goes up.
      ReconfigRequest.read(from);
      return fail(database, asking, Code.RECONFIG_DISABLED);
    case OpCode.deleteContainer:
      // For the server's own use: what a client sends is no path to it.
      return fail(database, asking, Code.BAD_ARGUMENTS);
    default:
  }
  let op: WriteOp | undefined;
  try {
    op = readWriteOp(opCode, from);
  } catch (error) {
    if (error instanceof JuteError) return fail(database, asking, Code.MARSHALLING_ERROR);
    throw error;
  }
  return op === undefined ? undefined : single(database, asking, op);
}

function single(database: Database, asking: Asking, op: WriteOp): Answer {
  const txn = prepare(database.tree, asking.sessionId, op);
  let stat: StatValue | undefined;
  const wantsStat = op.type !== OpCode.create && op.type !== OpCode.delete;
  database.commit(asking.sessionId, asking.cxid, txn, (_txn, node) => {
    if (wantsStat) stat = node?.stat();
  });
  if (txn.type === 'error') return txn.code;
  if (txn.type === 'delete' || txn.type === 'check') return Code.OK;
  const { path } = txn;
  return (to) => {
    if (txn.type === 'create') to.string(path);
    if (stat !== undefined) Stat.write(to, stat);
  };
}

function multi(database: Database, asking: Asking, from: JuteReader): Answer {
  let ops: WriteOp[];
  try {
    ops = readMulti(from);
  } catch (error) {
    if (error instanceof JuteError) return fail(database, asking, Code.MARSHALLING_ERROR);
    throw error;
  }
  const txn = prepareMulti(database.tree, asking.sessionId, ops);
  const results: ((to: JuteWriter) => void)[] = [];
  database.commit(asking.sessionId, asking.cxid, txn, (part, node) => {
    switch (part.type) {
      case 'error':
        results.push((to) => errorResult(to, part.code));
        break;
      case 'delete':
        results.push((to) => resultHeader(to, OpCode.delete));
        break;
      case 'check':
        results.push((to) => resultHeader(to, OpCode.check));
        break;
      case 'create': {
        const stat = ops[results.length]?.type === OpCode.createContainer ? node?.stat() : undefined;
        results.push((to) => {
          resultHeader(to, stat === undefined ? OpCode.create : OpCode.create2);
          to.string(part.path);
          if (stat !== undefined) Stat.write(to, stat);
        });
        break;
      }
      case 'setData':
      case 'setAcl': {
        const stat = node?.stat();
        results.push((to) => {
          resultHeader(to, OpCode.setData);
          if (stat !== undefined) Stat.write(to, stat);
        });
        break;
      }
    }
  });
  return (to) => writeResults(to, results);
}

/**
 * A multi that only reads: each part has its own result or error.
 *
 * @throws JuteError when it cannot be read
 */
export function multiRead({ tree }: Database, from: JuteReader): Answer {
  const read = (op: ReadOp): ((to: JuteWriter) => void) => {
    if (op.path === null) throw new JuteError('no path');
    const node = tree.node(op.path);
    if (node === undefined) return (to) => errorResult(to, Code.NO_NODE);
    if (!allows(node.acl, Perm.read)) return (to) => errorResult(to, Code.NO_AUTH);
    return (to) => {
      resultHeader(to, op.type);
      if (op.type === OpCode.getChildren) Paths.write(to, [...(node.children ?? [])]);
      else DataResponse.write(to, { data: node.data, stat: node.stat() });
    };
  };
  const results = readMultiRead(from).map(read);
  return (to) => writeResults(to, results);
}

function fail(database: Database, asking: Asking, code: Code): Answer {
  database.commit(asking.sessionId, asking.cxid, failure(code));
  return code;
}

function resultHeader(to: JuteWriter, type: number): void {
  MultiHeader.write(to, { type, done: false, err: Code.OK });
}

function errorResult(to: JuteWriter, code: Code): void {
  MultiHeader.write(to, { type: OpCode.error, done: false, err: code });
  to.int(code);
}

function writeResults(to: JuteWriter, results: readonly ((to: JuteWriter) => void)[]): void {
  for (const result of results) result(to);
  MultiHeader.write(to, { type: OpCode.error, done: true, err: -1 });
}
