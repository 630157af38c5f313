import type { WriteOp } from '../tree/prepare';
import { JuteError, type JuteReader, OpCode } from '../wire';
import {
  CheckVersionRequest,
  CreateRequest,
  CreateTtlRequest,
  DeleteRequest,
  MultiHeader,
  ReadRequest,
  SetAclRequest,
  SetDataRequest,
} from '../wire/records';

/** Data outlives the frame it came in, which may be a small part of what was received. */
function copy(data: Buffer | null): Buffer | null {
  return data === null ? null : Buffer.from(data);
}

/**
 * Reads what a write asks for; undefined when the opcode is none of them.
 *
 * @throws JuteError when it cannot be read
 */
export function readWriteOp(opCode: number, from: JuteReader): WriteOp | undefined {
  switch (opCode) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer: {
      const { path, data, acl, flags } = CreateRequest.read(from);
      return { type: opCode, path, data: copy(data), acl, flags };
    }
    case OpCode.createTtl: {
      const { path, data, acl, flags } = CreateTtlRequest.read(from);
      return { type: opCode, path, data: copy(data), acl, flags };
    }
    case OpCode.delete:
      return { type: opCode, ...DeleteRequest.read(from) };
    case OpCode.setData: {
      const { path, data, version } = SetDataRequest.read(from);
      return { type: opCode, path, data: copy(data), version };
    }
    case OpCode.setAcl:
      return { type: opCode, ...SetAclRequest.read(from) };
    case OpCode.check:
      return { type: opCode, ...CheckVersionRequest.read(from) };
    default:
      return undefined;
  }
}

const CONTAINER_FLAGS = 4;
const TTL_FLAGS = 5;

/**
 * Reads the parts of a multi.
 *
 * @throws JuteError when one cannot be read or cannot be part of a multi
 */
export function readMulti(from: JuteReader): WriteOp[] {
  const ops: WriteOp[] = [];
  for (let header = MultiHeader.read(from); !header.done; header = MultiHeader.read(from)) {
    const op = readWriteOp(header.type, from);
    if (op === undefined || op.type === OpCode.setAcl) throw new JuteError(`a multi with ${header.type}`);
    if (op.path === null) throw new JuteError('no path');
    if (op.type === OpCode.create || op.type === OpCode.create2 || op.type === OpCode.createContainer) {
      // Here the flags alone say which of the creates it is.
      if (op.flags >= TTL_FLAGS && op.flags <= TTL_FLAGS + 1) throw new JuteError('a TTL without its time');
      ops.push({ ...op, type: op.flags === CONTAINER_FLAGS ? OpCode.createContainer : OpCode.create });
    } else ops.push(op);
  }
  return ops;
}

export interface ReadOp {
  readonly type: typeof OpCode.getData | typeof OpCode.getChildren;
  readonly path: string | null;
}

/** As {@link readMulti}, of a multi that only reads. Watches cannot be set by it. */
export function readMultiRead(from: JuteReader): ReadOp[] {
  const ops: ReadOp[] = [];
  for (let header = MultiHeader.read(from); !header.done; header = MultiHeader.read(from)) {
    const { type } = header;
    if (type !== OpCode.getData && type !== OpCode.getChildren) throw new JuteError(`a read of ${type}`);
    ops.push({ type, path: ReadRequest.read(from).path });
  }
  return ops;
}
