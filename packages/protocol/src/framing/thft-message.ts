import { ProtocolError } from '../codec/protocol-error';
import type { ThriftReader } from '../codec/thrift-reader';
import type { ThriftWriter } from '../codec/thrift-writer';
import { MAX_FRAME_BYTES } from './frame';

/** Thrift message types; a strict binary message begins with 0x8001 and one of them (reference/rpc-protocol.md 1.4). */
export const MESSAGE = { CALL: 1, REPLY: 2, EXCEPTION: 3, ONEWAY: 4 } as const;

const STRICT_VERSION = 0x8001;

/** `80 01 00 <type>`, name, seqid. */
export interface MessageBegin {
  readonly type: number;
  readonly name: string;
  readonly seqid: number;
}

export function writeMessageBegin(writer: ThriftWriter, message: MessageBegin): void {
  writer.i16(STRICT_VERSION);
  writer.i16(message.type);
  writer.text(message.name);
  writer.i32(message.seqid);
}

/** @throws ProtocolError */
export function readMessageBegin(reader: ThriftReader, longestName: number): MessageBegin {
  const version = reader.i16() & 0xffff;
  if (version !== STRICT_VERSION) throw new ProtocolError(`thrift message version 0x${version.toString(16)}`);
  const type = reader.i16() & 0xff;
  const name = reader.text();
  if (name.length === 0 || name.length > longestName) {
    throw new ProtocolError(`RPC name of ${name.length} characters`);
  }
  return { type, name, seqid: reader.i32() };
}

/** A frame's length, refused when it is more than a server takes. @throws ProtocolError */
export function boundedLength(length: number): number {
  if (length > MAX_FRAME_BYTES) {
    throw new ProtocolError(`frame of ${length} bytes, more than the ${MAX_FRAME_BYTES} allowed`);
  }
  return length;
}

/** @throws ProtocolError when the bytes there are of a signature differ from it */
export function checkSignature(head: Buffer, signature: Buffer): void {
  const seen = head.subarray(0, signature.length);
  if (!seen.equals(signature.subarray(0, seen.length))) {
    throw new ProtocolError(`frame begins with ${seen.toString('hex')}, not ${signature.toString('latin1')}`);
  }
}
