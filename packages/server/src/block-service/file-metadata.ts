import { BlockError } from './block-error';

/** What upstream's local_service keeps beside each data file, without which the file does not exist for it. */
export interface FileMetadata {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
}

/** `checkpoint.sst` has its metadata in `.checkpoint.sst.meta` (upstream src/block_service/local/local_service.cpp). */
export function metadataFileName(name: string): string {
  return `.${name}.meta`;
}

/** Upstream writes it compactly and with sorted members. */
export function encodeFileMetadata({ size, md5 }: FileMetadata): string {
  return JSON.stringify({ md5, size });
}

/** @throws BlockError ERR_FS_INTERNAL when it is not such metadata, as upstream calls it */
export function parseFileMetadata(text: string, path: string): FileMetadata {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const { size, md5 } = (content ?? {}) as { size?: unknown; md5?: unknown };
  if (!Number.isSafeInteger(size) || (size as number) < 0 || typeof md5 !== 'string') {
    throw new BlockError('ERR_FS_INTERNAL', `the metadata of ${path} is damaged`, { data: { path } });
  }
  return { size: size as number, md5 };
}
