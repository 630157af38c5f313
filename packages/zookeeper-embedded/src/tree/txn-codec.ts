import {
  type Code,
  JuteError,
  type Jute,
  JuteReader,
  JuteWriter,
  OpCode,
  bigLong,
  buffer,
  int,
  long,
  record,
  ustring,
  vector,
} from '../wire';
import { Acls } from '../wire/records';
import { type AclList, storedAcl } from './acl';
import { type SingleTxn, type Txn, type TxnHeader, failure } from './txn';

// A journal's entry: the header, what it is as an opcode, and its fields, in ZooKeeper's record encoding.

const Header = record({ sessionId: bigLong, cxid: int, zxid: long, time: long });
const Create = record({ path: ustring, data: buffer, acl: Acls, owner: bigLong, parentCversion: int });
const Delete = record({ path: ustring });
const SetData = record({ path: ustring, data: buffer, version: int });
const SetAcl = record({ path: ustring, acl: Acls, version: int });
const CreateSession = record({ timeoutMs: int, password: buffer });
const CloseSession = record({ paths: vector(ustring) });
const Failure = record({ code: int });

export interface Entry {
  readonly header: TxnHeader;
  readonly txn: Txn;
}

export function encodeEntry(header: TxnHeader, txn: Txn): Buffer {
  const to = new JuteWriter();
  Header.write(to, header);
  writeTxn(to, txn);
  return to.take();
}

/** @throws JuteError when the bytes are no entry */
export function decodeEntry(bytes: Buffer): Entry {
  const from = new JuteReader(bytes);
  const header = Header.read(from);
  return { header, txn: readTxn(from) };
}

function writeTxn(to: JuteWriter, txn: Txn): void {
  switch (txn.type) {
    case 'create':
      return put(to, OpCode.create, Create, txn);
    case 'delete':
      return put(to, OpCode.delete, Delete, txn);
    case 'setData':
      return put(to, OpCode.setData, SetData, txn);
    case 'setAcl':
      return put(to, OpCode.setAcl, SetAcl, txn);
    case 'check':
      return put(to, OpCode.check, Delete, txn);
    case 'error':
      return put(to, OpCode.error, Failure, txn);
    case 'createSession':
      return put(to, OpCode.createSession, CreateSession, txn);
    case 'closeSession':
      return put(to, OpCode.closeSession, CloseSession, txn);
    case 'multi':
      to.int(OpCode.multi);
      to.int(txn.txns.length);
      for (const part of txn.txns) writeTxn(to, part);
  }
}

function put<T>(to: JuteWriter, opCode: number, type: Jute<T>, value: T): void {
  to.int(opCode);
  type.write(to, value);
}

function readTxn(from: JuteReader): Txn {
  const opCode = from.int();
  switch (opCode) {
    case OpCode.createSession: {
      const { timeoutMs, password } = CreateSession.read(from);
      return { type: 'createSession', timeoutMs, password: Buffer.from(password ?? []) };
    }
    case OpCode.closeSession:
      return { type: 'closeSession', paths: (CloseSession.read(from).paths ?? []).map(required) };
    case OpCode.multi: {
      const txns: SingleTxn[] = [];
      for (let left = from.count(); left > 0; left -= 1) txns.push(readSingle(from, from.int()));
      return { type: 'multi', txns };
    }
    default:
      return readSingle(from, opCode);
  }
}

function readSingle(from: JuteReader, opCode: number): SingleTxn {
  switch (opCode) {
    case OpCode.create: {
      const { path, data, acl, owner, parentCversion } = Create.read(from);
      return {
        type: 'create',
        path: required(path),
        data: copy(data),
        acl: aclOf(acl),
        owner,
        parentCversion,
      };
    }
    case OpCode.delete:
      return { type: 'delete', path: required(Delete.read(from).path) };
    case OpCode.setData: {
      const { path, data, version } = SetData.read(from);
      return { type: 'setData', path: required(path), data: copy(data), version };
    }
    case OpCode.setAcl: {
      const { path, acl, version } = SetAcl.read(from);
      return { type: 'setAcl', path: required(path), acl: aclOf(acl), version };
    }
    case OpCode.check:
      return { type: 'check', path: required(Delete.read(from).path) };
    case OpCode.error:
      return failure(Failure.read(from).code as Code);
    default:
      throw new JuteError(`a transaction of kind ${opCode}`);
  }
}

function required(text: string | null): string {
  if (text === null) throw new JuteError('a transaction without its path');
  return text;
}

/** Data outlives the bytes it was read from, which may be a whole block of the log. */
function copy(data: Buffer | null): Buffer | null {
  return data === null ? null : Buffer.from(data);
}

function aclOf(entries: AclList | null): AclList {
  const acl = storedAcl(entries);
  if (acl === undefined) throw new JuteError('an access list for somebody else than anyone');
  return acl;
}
