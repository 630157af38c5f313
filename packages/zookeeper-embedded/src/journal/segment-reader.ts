import type { JournalEntry } from './journal';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  ENTRY_HEADER_BYTES,
  MAX_ENTRY_BYTES,
  SEGMENT_HEADER_BYTES,
  entryChecksum,
  entryHeader,
  parseBatchHeader,
} from './log-format';
import type { WindowReader } from './window-reader';

/** Where, and how, the entries of a segment end. */
export type SegmentEnd =
  | { readonly kind: 'sealed'; readonly at: number }
  /** Without a seal: the server was ended by force. `at` is the end of the last whole batch. */
  | { readonly kind: 'open'; readonly at: number }
  /** Something at `at` is not as it was written, and had been made durable. */
  | { readonly kind: 'damaged'; readonly at: number; readonly what: string };

/** The entries of a segment whose header is whole, in order: those of a batch when all of it was looked at. */
export async function* readSegment(
  reader: WindowReader,
  salt: number,
): AsyncGenerator<JournalEntry, SegmentEnd> {
  let at = SEGMENT_HEADER_BYTES;
  while (at < reader.size) {
    const header = await reader.bytes(at, BATCH_HEADER_BYTES);
    const length = header && parseBatchHeader(header, at, salt);
    if (length === undefined)
      return endAt(reader, salt, at, { offset: at, what: 'a batch was expected there' });
    const first = at + BATCH_HEADER_BYTES;
    const end = first + length;
    if (length === 0) {
      if (end === reader.size) return { kind: 'sealed', at: end };
      return { kind: 'damaged', at: end, what: 'something follows its end' };
    }
    const damage = await damageIn(reader, first, end);
    if (damage !== undefined) return endAt(reader, salt, at, damage);
    for (at = first; at < end;) {
      const { zxid, size } = entryHeader(await wholeBytes(reader, at, ENTRY_HEADER_BYTES));
      const whole = await wholeBytes(reader, at, ENTRY_HEADER_BYTES + size);
      // A copy: the window is used again.
      yield { zxid, bytes: Buffer.from(whole.subarray(ENTRY_HEADER_BYTES)) };
      at += ENTRY_HEADER_BYTES + size;
    }
  }
  return { kind: 'open', at };
}

interface Damage {
  readonly offset: number;
  readonly what: string;
}

/** Looks at every entry of a batch. */
async function damageIn(reader: WindowReader, first: number, end: number): Promise<Damage | undefined> {
  for (let offset = first; offset < end;) {
    const header = await reader.bytes(offset, ENTRY_HEADER_BYTES);
    if (header === undefined) return { offset, what: 'the file ends in an entry' };
    const { size } = entryHeader(header);
    const next = offset + ENTRY_HEADER_BYTES + size;
    if (size > MAX_ENTRY_BYTES || next > end) return { offset, what: 'an entry of no possible size' };
    const whole = await reader.bytes(offset, next - offset);
    if (whole === undefined) return { offset, what: 'the file ends in an entry' };
    if (entryHeader(whole).checksum !== entryChecksum(whole, 0, whole.subarray(ENTRY_HEADER_BYTES)))
      return { offset, what: 'the checksum of an entry differs' };
    offset = next;
  }
  return undefined;
}

async function wholeBytes(reader: WindowReader, at: number, length: number): Promise<Buffer> {
  const bytes = await reader.bytes(at, length);
  if (bytes === undefined) throw new Error('a file that is read became shorter');
  return bytes;
}

/** A whole batch header further on proves that what is bad was durable once (log-format.ts). */
async function endAt(reader: WindowReader, salt: number, at: number, damage: Damage): Promise<SegmentEnd> {
  for (let from = at + 1; ; from += 1) {
    const found = await reader.find(BATCH_MAGIC, from);
    if (found === undefined) return { kind: 'open', at };
    const header = await reader.bytes(found, BATCH_HEADER_BYTES);
    if (header !== undefined && parseBatchHeader(header, found, salt) !== undefined) {
      return { kind: 'damaged', at: damage.offset, what: damage.what };
    }
    from = found;
  }
}
