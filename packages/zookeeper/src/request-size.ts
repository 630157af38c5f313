import type { ZkOp } from './znode';

/** ZooKeeper closes the connection on a request above its `jute.maxbuffer`, 1 MiB unless configured; with room for its head. */
export const REQUEST_LIMIT_BYTES = 1_000_000;

/** Length fields, the flags and the access list of an operation; a little more than they are. */
const OP_OVERHEAD_BYTES = 64;

/** Far below the limit, so that a chunk holds up neither the server nor the requests behind it. */
const CHUNK_BYTES = 256 * 1024;
const CHUNK_OPS = 500;

export interface NewNode {
  readonly path: string;
  readonly data: Buffer;
}

type Create = Extract<ZkOp, { op: 'create' }>;

/** About what the operations take in one request, rather more than less. */
export function requestBytes(ops: readonly ZkOp[]): number {
  return ops.reduce((sum, op) => {
    const dataBytes = op.op === 'create' || op.op === 'set' ? op.data.length : 0;
    return sum + Buffer.byteLength(op.path) + dataBytes + OP_OVERHEAD_BYTES;
  }, 0);
}

/** The nodes' creates, in order, in requests of a convenient size. */
export function* createsInChunks(nodes: readonly NewNode[]): Generator<readonly Create[]> {
  let chunk: Create[] = [];
  let bytes = 0;
  for (const { path, data } of nodes) {
    const create: Create = { op: 'create', path, data };
    const createBytes = requestBytes([create]);
    if (chunk.length === CHUNK_OPS || (chunk.length > 0 && bytes + createBytes > CHUNK_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(create);
    bytes += createBytes;
  }
  if (chunk.length > 0) yield chunk;
}
