import { JuteReader } from './jute';
import { OPCODE, XID } from './operations';
import type { Operation } from './operations';

/** What a server sent, decoded to plain values that can be compared and printed. */
export type Decoded = Readonly<Record<string, unknown>>;

/** How a server's own numbers are named alike for all servers. */
export interface Naming {
  /** A session's id: `S1` instead of what the server drew. */
  owner(id: bigint): string;
}

/** A frame that came on an established session. Never throws: what cannot be read is shown as hex. */
export function decodeFrame(
  frame: Buffer,
  requestOf: (xid: number) => Operation | undefined,
  naming: Naming,
): Decoded {
  const reader = new JuteReader(frame);
  try {
    const [xid, zxid, err] = [reader.int(), String(reader.long()), reader.int()];
    const header = { xid, zxid, err };
    if (xid === XID.event) {
      return rest({ ...header, event: reader.int(), state: reader.int(), path: reader.string() }, reader);
    }
    const request = requestOf(xid);
    if (err !== 0 || request === undefined) return rest({ ...header, to: request?.op ?? 'nothing' }, reader);
    return rest({ ...header, to: request.op, ...body(reader, request, naming) }, reader);
  } catch (error) {
    return { unreadable: frame.subarray(0, 200).toString('hex'), why: String(error) };
  }
}

function rest(decoded: Decoded, reader: JuteReader): Decoded {
  const left = reader.rest();
  return left.length === 0 ? decoded : { ...decoded, surplus: left.subarray(0, 200).toString('hex') };
}

function body(reader: JuteReader, request: Operation, naming: Naming): Decoded {
  switch (request.op) {
    case 'create':
      return { path: reader.string() };
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return { path: reader.string(), stat: stat(reader, naming) };
    case 'exists':
    case 'setData':
    case 'setACL':
      return { stat: stat(reader, naming) };
    case 'getData':
      return { data: content(reader), stat: stat(reader, naming) };
    case 'getChildren':
      return { children: children(reader) };
    case 'getChildren2':
      return { children: children(reader), stat: stat(reader, naming) };
    case 'getACL':
      return { acl: acl(reader), stat: stat(reader, naming) };
    case 'sync':
      return { path: reader.string() };
    case 'getAllChildrenNumber':
      return { count: reader.int() };
    case 'getEphemerals':
      return { paths: children(reader) };
    case 'addWatch':
      return { result: reader.int() };
    case 'whoAmI':
      return { who: reader.vector(() => [reader.string(), reader.string()]) };
    case 'multi':
    case 'multiRead':
      return { results: multi(reader, naming) };
    case 'delete':
    case 'check':
    case 'setWatches':
    case 'setWatches2':
    case 'checkWatches':
    case 'removeWatches':
    case 'auth':
    case 'ping':
    case 'close':
    case 'raw':
    case 'bytes':
      return {};
  }
}

function multi(reader: JuteReader, naming: Naming): readonly Decoded[] {
  const results: Decoded[] = [];
  for (;;) {
    const header = { type: reader.int(), done: reader.bool(), err: reader.int() };
    if (header.done) return [...results, header];
    results.push({ ...header, ...multiResult(reader, header.type, naming) });
  }
}

function multiResult(reader: JuteReader, type: number, naming: Naming): Decoded {
  switch (type) {
    case OPCODE.create:
      return { path: reader.string() };
    case OPCODE.create2:
    case OPCODE.createContainer:
    case OPCODE.createTTL:
      return { path: reader.string(), stat: stat(reader, naming) };
    case OPCODE.setData:
      return { stat: stat(reader, naming) };
    case OPCODE.getData:
      return { data: content(reader), stat: stat(reader, naming) };
    case OPCODE.getChildren:
      return { children: children(reader) };
    case OPCODE.delete:
    case OPCODE.check:
      return {};
    case -1:
      return { error: reader.int() };
    default:
      throw new Error(`a result of type ${type}`);
  }
}

/** All fields. Of the times only whether they are sound: the two servers were not asked in the same millisecond. */
function stat(reader: JuteReader, naming: Naming): Decoded {
  const [czxid, mzxid, ctime, mtime] = [reader.long(), reader.long(), reader.long(), reader.long()];
  const [version, cversion, aversion] = [reader.int(), reader.int(), reader.int()];
  const owner = reader.long();
  const [dataLength, numChildren, pzxid] = [reader.int(), reader.int(), reader.long()];
  return {
    czxid: String(czxid),
    mzxid: String(mzxid),
    ctime: clockField(ctime),
    mtime: version === 0 && mtime === ctime ? 'ctime' : clockField(mtime),
    version,
    cversion,
    aversion,
    owner: owner === 0n ? 'none' : naming.owner(owner),
    dataLength,
    numChildren,
    pzxid: String(pzxid),
  };
}

/** A time that is not the recent past is told as it is. */
function clockField(ms: bigint): string {
  const age = BigInt(Date.now()) - ms;
  return age >= 0n && age < 3_600_000n ? 'recent' : String(ms);
}

function content(reader: JuteReader): string | null {
  const bytes = reader.buffer();
  if (bytes === null || bytes.length <= 100) return bytes?.toString('latin1') ?? null;
  const fill = bytes.every((byte) => byte === bytes[0]) ? `${bytes[0]}` : 'various bytes';
  return `${bytes.length} × ${fill}`;
}

/** Sorted: the real server's order is that of a Java hash set, and no client may rely on it. */
function children(reader: JuteReader): readonly (string | null)[] | null {
  return reader.vector(() => reader.string())?.toSorted() ?? null;
}

function acl(reader: JuteReader): unknown {
  return reader.vector(() => ({ perms: reader.int(), scheme: reader.string(), id: reader.string() }));
}
