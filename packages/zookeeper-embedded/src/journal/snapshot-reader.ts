import type { Disk, DiskFile } from './disk';
import { damaged } from './damage';
import { snapshotName } from './file-names';
import {
  CHUNK_HEADER_BYTES,
  MAX_CHUNK_BYTES,
  SNAPSHOT_END_BYTES,
  SNAPSHOT_HEADER_BYTES,
  type SnapshotEnd,
  chunkHeader,
  isEndMark,
  isSnapshotHeader,
  parseSnapshotEnd,
} from './snapshot-format';
import { WindowReader } from './window-reader';

/**
 * The chunks of a snapshot, in order.
 * @throws OneboxError ONEBOX_JOURNAL_DAMAGED
 */
export async function* readSnapshot(disk: Disk, zxid: bigint): AsyncGenerator<Buffer, SnapshotEnd> {
  const name = snapshotName(zxid);
  const bad = (offset: number, what: string) => damaged(disk.path, name, offset, what);
  const file = await disk.open(name);
  try {
    const reader = new WindowReader(file, await file.size());
    const header = await reader.bytes(0, SNAPSHOT_HEADER_BYTES);
    if (header === undefined || !isSnapshotHeader(header, zxid))
      throw bad(0, 'its header is not as it was written');
    let at = SNAPSHOT_HEADER_BYTES;
    for (let chunks = 0; ; chunks += 1) {
      const head = await reader.bytes(at, CHUNK_HEADER_BYTES);
      if (head === undefined) throw bad(at, 'the file ends too early');
      const length = head.readUInt32BE(0);
      if (isEndMark(length)) {
        const end = await reader.bytes(at, SNAPSHOT_END_BYTES);
        const parsed = end && parseSnapshotEnd(end);
        if (parsed === undefined || parsed.chunks !== chunks || at + SNAPSHOT_END_BYTES !== reader.size)
          throw bad(at, 'its end is not as it was written');
        return parsed;
      }
      if (length > MAX_CHUNK_BYTES) throw bad(at, 'a piece of no possible size');
      const whole = await reader.bytes(at, CHUNK_HEADER_BYTES + length);
      if (whole === undefined) throw bad(at, 'the file ends too early');
      const chunk = Buffer.from(whole.subarray(CHUNK_HEADER_BYTES));
      if (!chunkHeader(chunk).equals(whole.subarray(0, CHUNK_HEADER_BYTES)))
        throw bad(at, 'the checksum of a piece differs');
      yield chunk;
      at += CHUNK_HEADER_BYTES + length;
    }
  } finally {
    await closeQuietly(file);
  }
}

/** Reads all of a snapshot, and keeps nothing of it. @throws OneboxError ONEBOX_JOURNAL_DAMAGED */
export async function verifySnapshot(disk: Disk, zxid: bigint): Promise<SnapshotEnd> {
  const chunks = readSnapshot(disk, zxid);
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return next.value;
  }
}

async function closeQuietly(file: DiskFile): Promise<void> {
  await file.close().catch(() => undefined);
}
