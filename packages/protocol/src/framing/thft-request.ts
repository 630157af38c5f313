import { ProtocolError } from '../codec/protocol-error';
import { ThriftReader } from '../codec/thrift-reader';
import { ThriftWriter } from '../codec/thrift-writer';
import { thriftRequestMetaV1 } from '../structs/request-meta';
import { MAX_RPC_NAME_BYTES } from './frame';
import type { RequestFrame, RequestHead } from './frame';
import { boundedLength, checkSignature, MESSAGE, readMessageBegin, writeMessageBegin } from './thft-message';

/**
 * THFT requests; all integers are big-endian (reference/rpc-protocol.md 1.2, 1.3).
 *
 *   v0:  'THFT' 0 48 u32(header crc) body_length u32(body crc)
 *        i32 app_id, partition_index, client_timeout, client_thread_hash, u64 client_partition_hash      body
 *   v1:  'THFT' 1 meta_length body_length        meta struct        body
 *   body = thrift message begin, args struct
 */
const SIGNATURE = Buffer.from('THFT');
const V0_HEADER_BYTES = 48;
const V1_HEADER_BYTES = 16;

/** What upstream's own clients make of a gpid to spread calls over threads. */
function threadHash(appId: number, partitionIndex: number): number {
  return (Math.imul(appId, 7919) + partitionIndex) | 0;
}

function message(head: RequestHead, body: Buffer): Buffer {
  const writer = new ThriftWriter(false);
  writeMessageBegin(writer, {
    type: MESSAGE.CALL,
    name: head.name,
    seqid: Number(BigInt.asIntN(32, head.id)),
  });
  writer.raw(body);
  return writer.bytes();
}

/** A request as the Go, Python and Node clients, and we, send it. */
export function writeThftV0Request(head: RequestHead, body: Buffer): Buffer {
  const call = message(head, body);
  const writer = new ThriftWriter(false);
  writer.raw(SIGNATURE);
  for (const value of [0, V0_HEADER_BYTES, 0, call.length, 0]) writer.i32(value);
  writer.i32(head.gpid.appId);
  writer.i32(head.gpid.partitionIndex);
  writer.i32(head.timeoutMs);
  writer.i32(threadHash(head.gpid.appId, head.gpid.partitionIndex));
  writer.i64(head.partitionHash);
  writer.raw(call);
  return writer.bytes();
}

/** A request as the Java client sends it. */
export function writeThftV1Request(head: RequestHead, body: Buffer): Buffer {
  const call = message(head, body);
  const meta = new ThriftWriter(false);
  meta.value(thriftRequestMetaV1, {
    app_id: head.gpid.appId,
    partition_index: head.gpid.partitionIndex,
    client_timeout: head.timeoutMs,
    client_partition_hash: head.partitionHash,
    is_backup_request: head.isBackupRequest,
  });
  const writer = new ThriftWriter(false);
  writer.raw(SIGNATURE);
  for (const value of [1, meta.bytes().length, call.length]) writer.i32(value);
  writer.raw(meta.bytes());
  writer.raw(call);
  return writer.bytes();
}

/** The length of a THFT request, from as few of its bytes as tell it. @throws ProtocolError */
export function measureThftRequest(head: Buffer): number | undefined {
  checkSignature(head, SIGNATURE);
  if (head.length < 12) return undefined;
  const version = head.readUInt32BE(4);
  const third = head.readUInt32BE(8);
  if (version === 0) {
    if (third !== V0_HEADER_BYTES) throw new ProtocolError(`THFT v0 header of ${third} bytes`);
    return head.length < 20 ? undefined : boundedLength(V0_HEADER_BYTES + head.readUInt32BE(16));
  }
  if (version !== 1) throw new ProtocolError(`THFT header version ${version}`);
  return head.length < 16 ? undefined : boundedLength(V1_HEADER_BYTES + third + head.readUInt32BE(12));
}

/** @throws ProtocolError */
export function readThftRequest(frame: Buffer): RequestFrame {
  return frame.readUInt32BE(4) === 0 ? readV0(frame) : readV1(frame);
}

function readV0(frame: Buffer): RequestFrame {
  return {
    ...readCall(frame.subarray(V0_HEADER_BYTES)),
    gpid: { appId: frame.readInt32BE(24), partitionIndex: frame.readInt32BE(28) },
    timeoutMs: frame.readInt32BE(32),
    partitionHash: frame.readBigUInt64BE(40),
    isBackupRequest: false,
  };
}

function readV1(frame: Buffer): RequestFrame {
  const bodyAt = V1_HEADER_BYTES + frame.readUInt32BE(8);
  const reader = new ThriftReader(frame.subarray(V1_HEADER_BYTES, bodyAt));
  const meta = reader.value(thriftRequestMetaV1);
  reader.end('the THFT v1 meta struct');
  return {
    ...readCall(frame.subarray(bodyAt)),
    gpid: { appId: meta.app_id ?? 0, partitionIndex: meta.partition_index ?? 0 },
    timeoutMs: meta.client_timeout ?? 0,
    partitionHash: BigInt.asUintN(64, meta.client_partition_hash ?? 0n),
    isBackupRequest: meta.is_backup_request ?? false,
  };
}

type CallPart = Omit<RequestFrame, 'gpid' | 'timeoutMs' | 'partitionHash' | 'isBackupRequest'>;

function readCall(call: Buffer): CallPart {
  const reader = new ThriftReader(call);
  const begin = readMessageBegin(reader, MAX_RPC_NAME_BYTES);
  if (begin.type !== MESSAGE.CALL && begin.type !== MESSAGE.ONEWAY) {
    throw new ProtocolError(`thrift message type ${begin.type} in a request`);
  }
  return {
    framing: 'thft',
    name: begin.name,
    id: BigInt(begin.seqid),
    from: null,
    canBeForwarded: false,
    body: reader.rest(),
    header: Buffer.alloc(0),
  };
}
