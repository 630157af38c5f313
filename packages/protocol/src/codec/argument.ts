import type { Typed } from '../schema';
import { ProtocolError } from './protocol-error';
import { ThriftReader } from './thrift-reader';
import { typeByte } from './thrift-types';
import { ThriftWriter } from './thrift-writer';

/** The field id of the one value in an args or result struct: 1 in THFT requests, else 0 (reference/rpc-protocol.md 1.4, 1.5, 1.8). */
export type ArgumentFieldId = 0 | 1;

/** An args or result struct: one field header, the value, a stop. */
export function encodeArgument<T>(id: ArgumentFieldId, type: Typed<T>, value: T, hostPorts: boolean): Buffer {
  const writer = new ThriftWriter(hostPorts);
  writer.fieldHeader(typeByte(type), id);
  writer.value(type, value);
  writer.stop();
  return writer.bytes();
}

/**
 * The one value of an args or result struct. As upstream, the field's id is not looked at, so both framings' bodies are read.
 *
 * @throws ProtocolError when the bytes are anything else than exactly one value of that type
 */
export function decodeArgument<T>(type: Typed<T>, body: Buffer): T {
  const reader = new ThriftReader(body);
  const header = reader.fieldHeader();
  const expected = typeByte(type);
  if (header?.type !== expected) {
    throw new ProtocolError(`argument of thrift type ${header?.type ?? 'none'} where ${expected} belongs`);
  }
  const value = reader.value(type);
  if (reader.fieldHeader() !== undefined) throw new ProtocolError('more than one argument');
  reader.end('the argument');
  return value;
}
