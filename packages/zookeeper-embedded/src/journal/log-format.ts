import { crc32 } from './crc32';

/*
 * A segment of the log, big-endian:
 *
 *   header   magic 8 | version u32 | salt u32 | after u64 | crc u32          `after`: the zxid of the entry before its first
 *   batch    magic u32 | position u32 | length u32 | crc u32, then entries   what one flush wrote; `length` of its entries
 *   entry    length u32 | zxid u64 | crc u32 | bytes
 *   seal     a batch of length 0                                             nothing follows; every segment but the last has one
 *
 * A batch is written only when the one before it is on the disk. So a whole batch header tells that everything before it was
 * durable: damage in front of one is damage, and damage that none follows is the unfinished write of a crash. The checksum of a
 * batch header includes the segment's salt, which is random, so that no client can store bytes that look like one.
 */
const SEGMENT_MAGIC = Buffer.from('OBXZKLOG', 'latin1');
const VERSION = 1;
export const BATCH_MAGIC = Buffer.from([0xb1, 0x0b, 0xa7, 0xc4]);

export const SEGMENT_HEADER_BYTES = 28;
export const BATCH_HEADER_BYTES = 16;
export const ENTRY_HEADER_BYTES = 16;

/** Far above what a request of ZooKeeper's protocol can hold (jute.maxbuffer, 1 MiB). */
export const MAX_ENTRY_BYTES = 64 * 1024 * 1024;

export interface SegmentHeader {
  readonly salt: number;
  readonly after: bigint;
}

export function segmentHeader({ salt, after }: SegmentHeader): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  SEGMENT_MAGIC.copy(header);
  header.writeUInt32BE(VERSION, 8);
  header.writeUInt32BE(salt, 12);
  header.writeBigUInt64BE(after, 16);
  header.writeUInt32BE(crc32(header, 0, 24), 24);
  return header;
}

/** Undefined for anything that is not one. */
export function parseSegmentHeader(header: Buffer): SegmentHeader | undefined {
  if (header.length < SEGMENT_HEADER_BYTES || !header.subarray(0, 8).equals(SEGMENT_MAGIC)) return undefined;
  if (header.readUInt32BE(8) !== VERSION || header.readUInt32BE(24) !== crc32(header, 0, 24))
    return undefined;
  return { salt: header.readUInt32BE(12), after: header.readBigUInt64BE(16) };
}

/** Writes a batch header at the beginning of `into`. */
export function writeBatchHeader(into: Buffer, position: number, length: number, salt: number): void {
  BATCH_MAGIC.copy(into);
  into.writeUInt32BE(position, 4);
  into.writeUInt32BE(length, 8);
  into.writeUInt32BE(crc32(into, 0, 12, salt), 12);
}

/** The length of the entries behind the batch header at `position`; undefined when there is none. */
export function parseBatchHeader(header: Buffer, position: number, salt: number): number | undefined {
  if (header.length < BATCH_HEADER_BYTES || !header.subarray(0, 4).equals(BATCH_MAGIC)) return undefined;
  if (header.readUInt32BE(4) !== position || header.readUInt32BE(12) !== crc32(header, 0, 12, salt))
    return undefined;
  return header.readUInt32BE(8);
}

/** Writes an entry at `at`, where there is room for it. */
export function writeEntry(into: Buffer, at: number, zxid: bigint, bytes: Uint8Array): void {
  into.writeUInt32BE(bytes.length, at);
  into.writeBigUInt64BE(zxid, at + 4);
  into.set(bytes, at + ENTRY_HEADER_BYTES);
  into.writeUInt32BE(entryChecksum(into, at, bytes), at + 12);
}

/** What the header of an entry says. */
export function entryHeader(header: Buffer): { zxid: bigint; size: number; checksum: number } {
  return {
    size: header.readUInt32BE(0),
    zxid: header.readBigUInt64BE(4),
    checksum: header.readUInt32BE(12),
  };
}

/** Of an entry whose header is at `at`, and whose bytes may lie anywhere. */
export function entryChecksum(header: Uint8Array, at: number, bytes: Uint8Array): number {
  return crc32(bytes, 0, bytes.length, crc32(header, at, at + 12));
}
