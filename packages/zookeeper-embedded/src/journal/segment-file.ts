import { damaged } from './damage';
import type { Disk, DiskFile } from './disk';
import { segmentName } from './file-names';
import type { JournalEntry } from './journal';
import { SEGMENT_HEADER_BYTES, parseSegmentHeader } from './log-format';
import { readSegment } from './segment-reader';
import { SegmentWriter } from './segment-writer';
import { WindowReader } from './window-reader';

export interface SegmentSummary {
  /** Zxid of its last entry; that of the entry before it when it has none. */
  readonly last: bigint;
  readonly bytes: number;
  /** False for one that never came to hold an entry, and is gone now. */
  readonly kept: boolean;
}

/**
 * Reads a segment, and ends it when a server that was ended by force had no time to: what it was writing at that moment, which
 * nobody was told of, is cut off.
 *
 * @param mustReach undefined for all but the last segment, the only one whose end may be missing: the zxid it reaches at least
 * @throws OneboxError ONEBOX_JOURNAL_DAMAGED, with nothing changed
 */
export async function* recoverSegment(
  disk: Disk,
  after: bigint,
  mustReach: bigint | undefined,
  warn: (line: string) => void,
): AsyncGenerator<JournalEntry, SegmentSummary> {
  const name = segmentName(after);
  const file = await disk.open(name);
  let closed = false;
  try {
    const size = await file.size();
    const reader = new WindowReader(file, size);
    const bytes = await reader.bytes(0, SEGMENT_HEADER_BYTES);
    const header = bytes && parseSegmentHeader(bytes);
    if (header === undefined || header.after !== after) {
      // The header is on the disk before anything follows it.
      if (mustReach === undefined || after < mustReach || size > SEGMENT_HEADER_BYTES)
        throw damaged(disk.path, name, 0, 'its header is not as it was written');
      await disk.remove(name);
      return { last: after, bytes: 0, kept: false };
    }
    let last = after;
    const entries = readSegment(reader, header.salt);
    for (;;) {
      const next = await entries.next();
      if (next.done !== true) {
        last = next.value.zxid;
        yield next.value;
        continue;
      }
      const { kind, at } = next.value;
      if (next.value.kind === 'damaged') throw damaged(disk.path, name, at, next.value.what);
      if (kind === 'open' && (mustReach === undefined || last < mustReach))
        throw damaged(disk.path, name, at, 'it ends too early');
      if (last === after) {
        await disk.remove(name);
        return { last, bytes: 0, kept: false };
      }
      if (kind === 'open') {
        if (at < size) warn(`${name}: cut ${size - at} bytes of an unfinished write at its end`);
        closed = true;
        await endHere(file, header, at);
      }
      return { last, bytes: at, kept: true };
    }
  } finally {
    if (!closed) await file.close();
  }
}

async function endHere(file: DiskFile, header: { after: bigint; salt: number }, at: number): Promise<void> {
  const segment = SegmentWriter.found(file, header, at);
  try {
    await file.truncate(at);
    await segment.seal();
  } catch (error) {
    await segment.close().catch(() => undefined);
    throw error;
  }
}
