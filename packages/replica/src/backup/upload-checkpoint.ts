import { join } from 'node:path';
import { BACKUP_METADATA, blockErrorCode } from '@onebox/server';
import type { BlockFile, BlockFileSystem } from '@onebox/server';
import type { LocalCheckpoint } from './local-checkpoint';

/** Where a checkpoint goes in the block service. */
export interface UploadTarget {
  readonly block: BlockFileSystem;
  /** The checkpoint's directory there. */
  readonly directory: string;
  /** The file that names the directory that counts, and the name. */
  readonly currentCheckpoint: string;
  readonly checkpointName: string;
}

export interface UploadEvents {
  onFile(bytes: number): void;
  onFileFailed(): void;
  /** False when the upload shall end: the backup was cancelled. */
  wanted(): boolean;
}

/** Whether a checkpoint of a partition is complete in the block service, whoever wrote it. */
export async function isUploaded(
  block: BlockFileSystem,
  partitionDirectory: string,
  currentCheckpoint: string,
): Promise<boolean> {
  const name = await orMissing(block.read(currentCheckpoint));
  if (name === undefined || name.length === 0) return false;
  const entries = (await orMissing(block.list(partitionDirectory))) ?? [];
  return entries.some((entry) => entry.isDirectory && entry.name === name.toString());
}

/**
 * Uploads a checkpoint: its files, then the list of them, then the name of their directory, which makes it count. What is
 * there already is not sent again.
 *
 * @param atOnce files uploaded side by side
 * @throws BlockError when the block service refuses: its disk is full, the path leaves its root
 */
export async function uploadCheckpoint(
  checkpoint: LocalCheckpoint,
  { block, directory, currentCheckpoint, checkpointName }: UploadTarget,
  atOnce: number,
  events: UploadEvents,
): Promise<void> {
  const metadataPath = `${directory}/${BACKUP_METADATA}`;
  const known = await orMissing(block.stat(metadataPath));
  if (known === undefined) {
    const uploaded: BlockFile[] = [];
    for (let first = 0; first < checkpoint.files.length; first += atOnce) {
      if (!events.wanted()) return;
      const batch = checkpoint.files.slice(first, first + atOnce);
      uploaded.push(
        ...(await Promise.all(
          batch.map(async ({ name }) => {
            const file = await block
              .copyIn(`${directory}/${name}`, join(checkpoint.directory, name))
              .catch((error: unknown) => {
                events.onFileFailed();
                throw error;
              });
            events.onFile(file.size);
            return file;
          }),
        )),
      );
    }
    if (!events.wanted()) return;
    await block.write(metadataPath, metadataJson(checkpoint, uploaded));
  }
  if (events.wanted()) await block.write(currentCheckpoint, Buffer.from(checkpointName));
}

/** The file that lists a checkpoint's files, in upstream's key order. */
function metadataJson(checkpoint: LocalCheckpoint, files: readonly BlockFile[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      checkpoint_decree: checkpoint.decree,
      checkpoint_timestamp: checkpoint.timestampMs,
      files: files.map(({ name, size, md5 }) => ({ name, size, md5 })),
      checkpoint_total_size: checkpoint.totalSize,
    }),
  );
}

async function orMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (blockErrorCode(error) === 'ERR_OBJECT_NOT_FOUND') return undefined;
    throw error;
  }
}
