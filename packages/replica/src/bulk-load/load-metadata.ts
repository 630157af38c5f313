import { BlockError, isFileName } from '@onebox/server';
import type { BulkLoadMetadata, FileMeta } from '@onebox/protocol';

/** The file that lists the files of a partition, in the block service and where they are downloaded to. */
export const METADATA_FILE = 'bulk_load_metadata';

export const NO_METADATA: BulkLoadMetadata = { files: [], file_total_size: 0 };

/**
 * Reads `bulk_load_metadata`. Whoever wrote it is not trusted: the names become names of local files. A total that is not
 * the sum would never be reached; upstream waits for it for ever.
 *
 * @throws BlockError ERR_CORRUPTION
 */
export function parseLoadMetadata(text: string): BulkLoadMetadata {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged('it is not JSON');
  }
  const { files, file_total_size: total } = (content ?? {}) as Record<string, unknown>;
  if (!Array.isArray(files) || typeof total !== 'number')
    throw damaged('files or file_total_size is missing');
  if (total <= 0) throw damaged(`file_total_size is ${total}`);
  const read = files.map(readFile);
  const names = new Set(read.map(({ name }) => name));
  if (names.size !== read.length || names.has(METADATA_FILE)) throw damaged('two files have the same name');
  const sum = read.reduce((bytes, { size }) => bytes + size, 0);
  if (sum !== total) throw damaged(`file_total_size is ${total}, the files have ${sum} bytes`);
  return { files: read, file_total_size: total };
}

function readFile(file: unknown): FileMeta {
  const { name, size, md5 } = (file ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !isFileName(name)) throw damaged(`${JSON.stringify(name)} is no file name`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw damaged(`the size of ${name} is none`);
  if (typeof md5 !== 'string') throw damaged(`${name} has no md5`);
  return { name, size: size as number, md5 };
}

function damaged(why: string): BlockError {
  return new BlockError('ERR_CORRUPTION', `${METADATA_FILE} is damaged: ${why}`);
}
