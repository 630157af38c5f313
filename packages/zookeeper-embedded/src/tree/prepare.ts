import { Code, OpCode, Perm } from '../wire';
import type { AclEntry } from '../wire/records';
import { allows, storedAcl } from './acl';
import type { Draft } from './draft';
import { CONTAINER, NOBODY, type NodeFacts } from './node';
import { isSystemPath, isValidPath, parentOf } from './path';
import { type SingleTxn, failure } from './txn';

/** Any version will do. */
const ANY = -1;

/** Where a request looks: the tree, or the tree as the parts of a multi before it leave it. */
export interface Look {
  node(path: string): NodeFacts | undefined;
}

/** What may change a tree, as it was asked for. `null` where the wire has none. */
export interface CreateOp {
  /** Which of the creates. */
  readonly type:
    typeof OpCode.create | typeof OpCode.create2 | typeof OpCode.createContainer | typeof OpCode.createTtl;
  readonly path: string | null;
  readonly data: Buffer | null;
  readonly acl: readonly AclEntry[] | null;
  readonly flags: number;
}
export interface DeleteOp {
  readonly type: typeof OpCode.delete;
  readonly path: string | null;
  readonly version: number;
}
export interface SetDataOp {
  readonly type: typeof OpCode.setData;
  readonly path: string | null;
  readonly data: Buffer | null;
  readonly version: number;
}
export interface SetAclOp {
  readonly type: typeof OpCode.setAcl;
  readonly path: string | null;
  readonly acl: readonly AclEntry[] | null;
  readonly version: number;
}
export interface CheckOp {
  readonly type: typeof OpCode.check;
  readonly path: string | null;
  readonly version: number;
}
export type WriteOp = CreateOp | DeleteOp | SetDataOp | SetAclOp | CheckOp;

/**
 * Judges a request and says what it changes, or how it fails. The order of the checks is the real server's
 * (PrepRequestProcessor): it decides which of several errors a client is told.
 *
 * @param draft where a part of a multi notes what it changes, for the parts behind it
 */
export function prepare(look: Look, sessionId: bigint, op: WriteOp, draft?: Draft): SingleTxn {
  switch (op.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTtl:
      return prepareCreate(look, sessionId, op, draft);
    case OpCode.delete:
      return prepareDelete(look, op, draft);
    case OpCode.setData:
      return prepareSetData(look, op, draft);
    case OpCode.setAcl:
      return prepareSetAcl(look, op, draft);
    case OpCode.check:
      return prepareCheck(look, op);
  }
}

/** What the flags of a create mean (CreateMode). */
const EPHEMERAL = 1;
const SEQUENTIAL = 2;
const CONTAINER_FLAGS = 4;
const TTL = 5;
const TTL_SEQUENTIAL = 6;

function prepareCreate(look: Look, sessionId: bigint, op: CreateOp, draft?: Draft): SingleTxn {
  const { flags } = op;
  if (flags < 0 || flags > TTL_SEQUENTIAL) return failure(Code.BAD_ARGUMENTS);
  // The real server has them only with a setting that is off unless somebody sets it.
  if (flags === TTL || flags === TTL_SEQUENTIAL) return failure(Code.UNIMPLEMENTED);
  if (op.type === OpCode.createTtl) return failure(Code.BAD_ARGUMENTS);
  if (op.path === null) return failure(Code.MARSHALLING_ERROR);
  const parentPath = parentOf(op.path);
  if (parentPath === undefined) return failure(Code.BAD_ARGUMENTS);
  const acl = storedAcl(op.acl);
  if (acl === undefined) return failure(Code.INVALID_ACL);
  const parent = look.node(parentPath);
  if (parent === undefined) return failure(Code.NO_NODE);
  if (!allows(parent.acl, Perm.create)) return failure(Code.NO_AUTH);
  const plain = flags < CONTAINER_FLAGS;
  const path =
    plain && (flags & SEQUENTIAL) !== 0 ? op.path + String(parent.cversion).padStart(10, '0') : op.path;
  if (!isValidPath(path)) return failure(Code.BAD_ARGUMENTS);
  if (look.node(path) !== undefined) return failure(Code.NODE_EXISTS);
  if (parent.owner !== NOBODY && parent.owner !== CONTAINER) return failure(Code.NO_CHILDREN_FOR_EPHEMERALS);
  const parentCversion = parent.cversion + 1;
  let owner = NOBODY;
  // A node is a container by the kind of the request, whatever its flags; any other kind with a container's flags is none.
  if (op.type === OpCode.createContainer) owner = CONTAINER;
  else if (plain && (flags & EPHEMERAL) !== 0) owner = sessionId;
  if (draft !== undefined) {
    draft.set(parentPath, {
      ...factsOf(parent),
      cversion: parentCversion,
      childCount: parent.childCount + 1,
    });
    draft.set(path, { version: 0, aversion: 0, cversion: 0, childCount: 0, owner, acl });
  }
  return { type: 'create', path, data: op.data, acl, owner, parentCversion };
}

function prepareDelete(look: Look, op: DeleteOp, draft?: Draft): SingleTxn {
  const { path } = op;
  if (path === null) return failure(Code.MARSHALLING_ERROR);
  const parentPath = parentOf(path);
  if (parentPath === undefined || isSystemPath(path)) return failure(Code.BAD_ARGUMENTS);
  const parent = look.node(parentPath);
  if (parent === undefined) return failure(Code.NO_NODE);
  if (!allows(parent.acl, Perm.delete)) return failure(Code.NO_AUTH);
  const node = look.node(path);
  if (node === undefined) return failure(Code.NO_NODE);
  if (op.version !== ANY && op.version !== node.version) return failure(Code.BAD_VERSION);
  if (node.childCount > 0) return failure(Code.NOT_EMPTY);
  if (draft !== undefined) {
    draft.set(parentPath, { ...factsOf(parent), childCount: parent.childCount - 1 });
    draft.set(path, undefined);
  }
  return { type: 'delete', path };
}

function prepareSetData(look: Look, op: SetDataOp, draft?: Draft): SingleTxn {
  const { path } = op;
  if (!isValidPath(path)) return failure(Code.BAD_ARGUMENTS);
  const node = look.node(path);
  if (node === undefined) return failure(Code.NO_NODE);
  if (!allows(node.acl, Perm.write)) return failure(Code.NO_AUTH);
  if (op.version !== ANY && op.version !== node.version) return failure(Code.BAD_VERSION);
  const version = node.version + 1;
  draft?.set(path, { ...factsOf(node), version });
  return { type: 'setData', path, data: op.data, version };
}

function prepareSetAcl(look: Look, op: SetAclOp, draft?: Draft): SingleTxn {
  const { path } = op;
  if (!isValidPath(path)) return failure(Code.BAD_ARGUMENTS);
  const acl = storedAcl(op.acl);
  if (acl === undefined) return failure(Code.INVALID_ACL);
  const node = look.node(path);
  if (node === undefined) return failure(Code.NO_NODE);
  if (!allows(node.acl, Perm.admin)) return failure(Code.NO_AUTH);
  if (op.version !== ANY && op.version !== node.aversion) return failure(Code.BAD_VERSION);
  const version = node.aversion + 1;
  draft?.set(path, { ...factsOf(node), aversion: version, acl });
  return { type: 'setAcl', path, acl, version };
}

function prepareCheck(look: Look, op: CheckOp): SingleTxn {
  const { path } = op;
  if (!isValidPath(path)) return failure(Code.BAD_ARGUMENTS);
  const node = look.node(path);
  if (node === undefined) return failure(Code.NO_NODE);
  if (!allows(node.acl, Perm.read)) return failure(Code.NO_AUTH);
  if (op.version !== ANY && op.version !== node.version) return failure(Code.BAD_VERSION);
  return { type: 'check', path };
}

function factsOf({ version, aversion, cversion, childCount, owner, acl }: NodeFacts): NodeFacts {
  return { version, aversion, cversion, childCount, owner, acl };
}
