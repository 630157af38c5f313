import { crc32 } from './crc32';

/*
 * A snapshot, big-endian:
 *
 *   header   magic 8 | version u32 | zxid u64 | crc u32
 *   chunk    length u32 | crc u32 | bytes
 *   end      0xffffffff | chunks u32 | through u64 | crc u32     `through`: the newest change that may be in it
 */
const MAGIC = Buffer.from('OBXZKSNP', 'latin1');
const VERSION = 1;
const END_MARK = 0xffff_ffff;

export const SNAPSHOT_HEADER_BYTES = 24;
export const CHUNK_HEADER_BYTES = 8;
export const SNAPSHOT_END_BYTES = 20;
export const MAX_CHUNK_BYTES = 256 * 1024 * 1024;

export interface SnapshotEnd {
  readonly chunks: number;
  readonly through: bigint;
}

export function snapshotHeader(zxid: bigint): Buffer {
  const header = Buffer.alloc(SNAPSHOT_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(VERSION, 8);
  header.writeBigUInt64BE(zxid, 12);
  header.writeUInt32BE(crc32(header, 0, 20), 20);
  return header;
}

export function isSnapshotHeader(header: Buffer, zxid: bigint): boolean {
  return header.equals(snapshotHeader(zxid));
}

export function chunkHeader(bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(CHUNK_HEADER_BYTES);
  header.writeUInt32BE(bytes.length, 0);
  header.writeUInt32BE(crc32(bytes), 4);
  return header;
}

export function snapshotEnd({ chunks, through }: SnapshotEnd): Buffer {
  const end = Buffer.alloc(SNAPSHOT_END_BYTES);
  end.writeUInt32BE(END_MARK, 0);
  end.writeUInt32BE(chunks, 4);
  end.writeBigUInt64BE(through, 8);
  end.writeUInt32BE(crc32(end, 0, 16), 16);
  return end;
}

export function isEndMark(length: number): boolean {
  return length === END_MARK;
}

/** Undefined for anything that is not one. */
export function parseSnapshotEnd(end: Buffer): SnapshotEnd | undefined {
  if (!isEndMark(end.readUInt32BE(0)) || end.readUInt32BE(16) !== crc32(end, 0, 16)) return undefined;
  return { chunks: end.readUInt32BE(4), through: end.readBigUInt64BE(8) };
}
