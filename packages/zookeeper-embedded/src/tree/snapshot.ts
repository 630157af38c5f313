import { JuteError, JuteReader, JuteWriter, bigLong, buffer, int, long, record } from '../wire';
import { Acls } from '../wire/records';
import { storedAcl } from './acl';
import type { NodeState } from './node';

// A chunk of a snapshot: records one behind the other, each behind an int that says what it is.

const NODE = 1;
const SESSION = 2;
const CHUNK_BYTES = 64 * 1024;

/** Behind the path, the data and the access list. */
const NodeRecord = record({
  czxid: long,
  mzxid: long,
  pzxid: long,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  owner: bigLong,
});
const SessionRecord = record({ id: bigLong, timeoutMs: int, password: buffer });

export interface KeptSession {
  readonly id: bigint;
  readonly timeoutMs: number;
  readonly password: Buffer;
}

export interface SnapshotReader {
  node(path: string, state: NodeState): void;
  session(session: KeptSession): void;
}

/**
 * Everything there is, in chunks of some 64 KiB, made one by one as they are asked for: what changes between two of them is
 * in the snapshot or not, and in the log behind it in any case.
 */
export function* snapshotChunks(
  sessions: Iterable<KeptSession>,
  nodes: Iterable<readonly [string, NodeState]>,
): Generator<Buffer> {
  const to = new JuteWriter();
  for (const session of sessions) {
    to.int(SESSION);
    SessionRecord.write(to, session);
    if (to.length >= CHUNK_BYTES) yield to.take();
  }
  for (const [path, node] of nodes) {
    to.int(NODE);
    to.string(path);
    to.buffer(node.data);
    Acls.write(to, node.acl);
    NodeRecord.write(to, node);
    if (to.length >= CHUNK_BYTES) yield to.take();
  }
  if (to.length > 0) yield to.take();
}

/** @throws JuteError when the bytes are no chunk */
export function readChunk(bytes: Buffer, reader: SnapshotReader): void {
  const from = new JuteReader(bytes);
  while (from.remaining > 0) {
    const kind = from.int();
    if (kind === SESSION) {
      const { id, timeoutMs, password } = SessionRecord.read(from);
      reader.session({ id, timeoutMs, password: Buffer.from(password ?? []) });
    } else if (kind === NODE) {
      const path = from.string();
      const data = from.buffer();
      const stored = storedAcl(Acls.read(from));
      if (path === null || stored === undefined) throw new JuteError('a node without path or access list');
      reader.node(path, {
        ...NodeRecord.read(from),
        acl: stored,
        data: data === null ? null : Buffer.from(data),
      });
    } else throw new JuteError(`a record of kind ${kind} in a snapshot`);
  }
}
