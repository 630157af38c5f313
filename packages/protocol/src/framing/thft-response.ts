import { ProtocolError } from '../codec/protocol-error';
import { ThriftReader } from '../codec/thrift-reader';
import { ThriftWriter } from '../codec/thrift-writer';
import { ackName, MAX_RPC_NAME_BYTES } from './frame';
import type { Answer, RequestHead, ResponseFrame } from './frame';
import { boundedLength, MESSAGE, readMessageBegin, writeMessageBegin } from './thft-message';

/**
 * THFT responses (reference/rpc-protocol.md 1.5); they have no signature:
 *
 *   i32 total_length (itself included), error name, thrift message begin (REPLY, <RPC>_ACK, seqid)
 *   result struct, only when the error name is ERR_OK
 */
const SHORTEST = 4 + 4 + 4 + 4 + 4;

export function writeThftResponse(request: Pick<RequestHead, 'name' | 'id'>, answer: Answer): Buffer {
  const writer = new ThriftWriter(false);
  writer.i32(0);
  writer.text(answer.error);
  writeMessageBegin(writer, {
    type: MESSAGE.REPLY,
    name: ackName(request.name),
    seqid: Number(BigInt.asIntN(32, request.id)),
  });
  if (answer.error === 'ERR_OK') writer.raw(answer.body);
  const frame = writer.bytes();
  frame.writeInt32BE(frame.length, 0);
  return frame;
}

/** @throws ProtocolError */
export function measureThftResponse(head: Buffer): number | undefined {
  if (head.length < 4) return undefined;
  const length = head.readUInt32BE(0);
  if (length < SHORTEST) throw new ProtocolError(`THFT response of ${length} bytes`);
  return boundedLength(length);
}

/** @throws ProtocolError */
export function readThftResponse(frame: Buffer): ResponseFrame {
  const reader = new ThriftReader(frame, 4);
  const error = reader.text();
  const begin = readMessageBegin(reader, MAX_RPC_NAME_BYTES + ackName('').length);
  if (begin.type !== MESSAGE.REPLY)
    throw new ProtocolError(`thrift message type ${begin.type} in a response`);
  return { id: BigInt(begin.seqid), name: begin.name, error, body: reader.rest() };
}
