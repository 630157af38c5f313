import type { Disk, DiskFile } from './disk';
import { snapshotName } from './file-names';
import { chunkHeader, snapshotEnd, snapshotHeader } from './snapshot-format';

/** Chunks are collected until they are worth a write. */
const WRITE_BYTES = 256 * 1024;

export interface SnapshotSource {
  readonly zxid: bigint;
  readonly chunks: Iterable<Buffer>;
  /** Called behind the last chunk: returns when everything that may be in the snapshot is in the log, with its newest zxid. */
  readonly settle: () => Promise<bigint>;
  /** Throws when the snapshot is not wanted any more. */
  readonly check: () => void;
}

/**
 * Writes a snapshot, which appears under its name only when it is whole and on the disk. Gives its size in bytes. When
 * anything fails, nothing of it stays.
 */
export async function writeSnapshot(disk: Disk, source: SnapshotSource): Promise<number> {
  const name = snapshotName(source.zxid);
  const unfinished = `${name}.tmp`;
  await disk.remove(unfinished);
  const file = await disk.create(unfinished);
  let size: number;
  try {
    try {
      size = await writeContent(file, source);
      await file.sync();
    } finally {
      await file.close();
    }
    source.check();
    await disk.rename(unfinished, name);
  } catch (error) {
    await disk.remove(unfinished).catch(() => undefined);
    throw error;
  }
  await disk.sync();
  return size;
}

async function writeContent(file: DiskFile, source: SnapshotSource): Promise<number> {
  let collected: Buffer[] = [snapshotHeader(source.zxid)];
  let bytes = 0;
  let position = 0;
  let chunks = 0;
  const write = async (): Promise<void> => {
    const whole = Buffer.concat(collected);
    collected = [];
    bytes = 0;
    await file.write(whole, position);
    position += whole.length;
  };
  for (const chunk of source.chunks) {
    collected.push(chunkHeader(chunk), chunk);
    bytes += chunk.length;
    chunks += 1;
    if (bytes < WRITE_BYTES) continue;
    await write();
    source.check();
  }
  collected.push(snapshotEnd({ chunks, through: await source.settle() }));
  await write();
  return position;
}
