import { encodeArgument } from '../codec/argument';
import { ProtocolError } from '../codec/protocol-error';
import { rpcAddress } from '../schema';
import type { RpcAddress } from '../schema';
import { crc32c } from './crc32c';
import { ackName } from './frame';
import type { Answer, RequestFrame, RequestHead, ResponseFrame } from './frame';
import { boundedLength, checkSignature } from './thft-message';

/** RDSN: a header of 192 bytes, little-endian, and a thrift struct; the same for both directions (reference/rpc-protocol.md 1.8). */
export const RDSN_HEADER_BYTES = 192;

const SIGNATURE = Buffer.from('RDSN');
const NAME_BYTES = 48;
const AT = {
  version: 4,
  headerLength: 8,
  headerCrc: 12,
  bodyLength: 16,
  bodyCrc: 20,
  id: 24,
  traceId: 32,
  rpcName: 40,
  appId: 96,
  partitionIndex: 100,
  context: 104,
  from: 112,
  timeoutMs: 120,
  threadHash: 124,
  partitionHash: 128,
  errorName: 136,
} as const;

const IS_REQUEST = 1n;
const FORMAT_SHIFT = 6n;
const THRIFT_BINARY = 1n;
const FORWARD_SUPPORTED = 1n << 10n;
const BACKUP_REQUEST = 1n << 11n;

/** A caller with a port this low is a pure client: it listens nowhere, and can be told to ask somebody else. */
export const LAST_CLIENT_PORT = 1023;

function packAddress(address: RpcAddress): bigint {
  if (address === null) return 0n;
  const ip = address.ip.split('.').reduce((packed, part) => (packed << 8n) | BigInt(part), 0n);
  return (ip << 32n) | (BigInt(address.port) << 16n) | 1n;
}

function unpackAddress(packed: bigint): RpcAddress {
  if ((packed & 3n) !== 1n) return null;
  const ip = [56n, 48n, 40n, 32n].map((shift) => Number((packed >> shift) & 0xffn)).join('.');
  return { ip, port: Number((packed >> 16n) & 0xffffn) };
}

function writeName(header: Buffer, at: number, name: string): void {
  header.fill(0, at, at + NAME_BYTES);
  header.write(name, at, NAME_BYTES - 1, 'latin1');
}

function readName(header: Buffer, at: number): string {
  const field = header.subarray(at, at + NAME_BYTES);
  const end = field.indexOf(0);
  if (end < 0) throw new ProtocolError('RDSN name without an end');
  return field.toString('latin1', 0, end);
}

export function writeRdsnRequest(head: RequestHead, body: Buffer): Buffer {
  const frame = Buffer.alloc(RDSN_HEADER_BYTES + body.length);
  SIGNATURE.copy(frame);
  frame.writeUInt32LE(RDSN_HEADER_BYTES, AT.headerLength);
  frame.writeUInt32LE(body.length, AT.bodyLength);
  frame.writeBigUInt64LE(BigInt.asUintN(64, head.id), AT.id);
  frame.writeBigUInt64LE(BigInt.asUintN(64, head.traceId ?? head.id), AT.traceId);
  writeName(frame, AT.rpcName, head.name);
  frame.writeInt32LE(head.gpid.appId, AT.appId);
  frame.writeInt32LE(head.gpid.partitionIndex, AT.partitionIndex);
  const context =
    IS_REQUEST |
    (THRIFT_BINARY << FORMAT_SHIFT) |
    FORWARD_SUPPORTED |
    (head.isBackupRequest ? BACKUP_REQUEST : 0n);
  frame.writeBigUInt64LE(context, AT.context);
  frame.writeBigUInt64LE(packAddress(head.from), AT.from);
  frame.writeInt32LE(head.timeoutMs, AT.timeoutMs);
  frame.writeBigUInt64LE(BigInt.asUintN(64, head.partitionHash), AT.partitionHash);
  body.copy(frame, RDSN_HEADER_BYTES);
  return frame;
}

/** @throws ProtocolError */
export function measureRdsnFrame(head: Buffer): number | undefined {
  checkSignature(head, SIGNATURE);
  if (head.length < AT.bodyLength + 4) return undefined;
  const version = head.readUInt32LE(AT.version);
  const headerLength = head.readUInt32LE(AT.headerLength);
  if (version !== 0) throw new ProtocolError(`RDSN header version ${version}`);
  if (headerLength !== RDSN_HEADER_BYTES) throw new ProtocolError(`RDSN header of ${headerLength} bytes`);
  const length = boundedLength(RDSN_HEADER_BYTES + head.readUInt32LE(AT.bodyLength));
  if (head.length < RDSN_HEADER_BYTES) return undefined;
  checkHeaderCrc(head.subarray(0, RDSN_HEADER_BYTES));
  return length;
}

/** @throws ProtocolError */
export function readRdsnRequest(frame: Buffer): RequestFrame {
  const { header, body, context } = parts(frame);
  if ((context & IS_REQUEST) === 0n) throw new ProtocolError('RDSN response where a request belongs');
  const from = unpackAddress(header.readBigUInt64LE(AT.from));
  return {
    framing: 'rdsn',
    name: rpcName(header),
    id: header.readBigUInt64LE(AT.id),
    traceId: header.readBigUInt64LE(AT.traceId),
    gpid: { appId: header.readInt32LE(AT.appId), partitionIndex: header.readInt32LE(AT.partitionIndex) },
    timeoutMs: header.readInt32LE(AT.timeoutMs),
    partitionHash: header.readBigUInt64LE(AT.partitionHash),
    isBackupRequest: (context & BACKUP_REQUEST) !== 0n,
    from,
    canBeForwarded: (context & FORWARD_SUPPORTED) !== 0n && from !== null && from.port <= LAST_CLIENT_PORT,
    body,
    header,
  };
}

/** Repeats the request's header, as upstream does; an error carries its result struct only where `answer` has one (a forward). */
export function writeRdsnResponse(request: RequestFrame, answer: Answer, self: RpcAddress): Buffer {
  const frame = Buffer.alloc(RDSN_HEADER_BYTES + answer.body.length);
  request.header.copy(frame, 0, 0, AT.errorName);
  frame.writeUInt32LE(0, AT.headerCrc);
  frame.writeUInt32LE(answer.body.length, AT.bodyLength);
  frame.writeUInt32LE(0, AT.bodyCrc);
  writeName(frame, AT.rpcName, ackName(request.name));
  // The process-local task code after the name: 0 means "use the name".
  frame.fill(0, AT.rpcName + NAME_BYTES, AT.appId);
  frame.writeBigUInt64LE(request.header.readBigUInt64LE(AT.context) & ~IS_REQUEST, AT.context);
  frame.writeBigUInt64LE(packAddress(self), AT.from);
  writeName(frame, AT.errorName, answer.error);
  answer.body.copy(frame, RDSN_HEADER_BYTES);
  return frame;
}

/** Sends a pure client on to the leader: the one error that has a body (1.8). */
export function forwardAnswer(leader: RpcAddress): Answer {
  return { error: 'ERR_FORWARD_TO_OTHERS', body: encodeArgument(0, rpcAddress, leader, true) };
}

/** @throws ProtocolError */
export function readRdsnResponse(frame: Buffer): ResponseFrame {
  const { header, body, context } = parts(frame);
  if ((context & IS_REQUEST) !== 0n) throw new ProtocolError('RDSN request where a response belongs');
  return {
    id: header.readBigUInt64LE(AT.id),
    name: rpcName(header),
    error: readName(header, AT.errorName),
    body,
  };
}

function rpcName(header: Buffer): string {
  const name = readName(header, AT.rpcName);
  if (name.length === 0) throw new ProtocolError('RDSN frame without an RPC name');
  return name;
}

function parts(frame: Buffer): { header: Buffer; body: Buffer; context: bigint } {
  const header = frame.subarray(0, RDSN_HEADER_BYTES);
  const body = frame.subarray(RDSN_HEADER_BYTES);
  const bodyCrc = header.readUInt32LE(AT.bodyCrc);
  if (bodyCrc !== 0 && bodyCrc !== crc32c(body)) throw new ProtocolError('RDSN body with a wrong CRC');
  const context = header.readBigUInt64LE(AT.context);
  const format = (context >> FORMAT_SHIFT) & 0xfn;
  if (format !== THRIFT_BINARY) throw new ProtocolError(`RDSN body in serialization format ${format}`);
  return { header, body, context };
}

/** Checked before the body is awaited: with a broken header its length means nothing. */
function checkHeaderCrc(header: Buffer): void {
  const crc = header.readUInt32LE(AT.headerCrc);
  if (crc === 0) return;
  const bare = Buffer.from(header);
  bare.writeUInt32LE(0, AT.headerCrc);
  if (crc !== crc32c(bare)) throw new ProtocolError('RDSN header with a wrong CRC');
}
