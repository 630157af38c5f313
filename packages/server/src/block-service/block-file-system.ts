/** A file of a block service, as its metadata tells it. */
export interface BlockFile {
  /** The last part of its path. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
}

export interface BlockEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/**
 * What upstream calls a block file system: where backups go and bulk loads come from. Paths have `/` between their parts
 * and are relative to the provider's root; what would leave it (`..`, an absolute path, a symbolic link that leads out, NUL)
 * is ERR_INVALID_PARAMETERS, whoever asks.
 *
 * Every method rejects with a `BlockError`: ERR_INVALID_PARAMETERS for a path, ERR_OBJECT_NOT_FOUND for what is not there
 * (a file without its metadata counts as not there), ERR_FS_INTERNAL for metadata or a disk that cannot be read or written.
 */
export interface BlockFileSystem {
  /** The whole of a file; not verified. ERR_CAPACITY_EXCEEDED above 64 MiB: what is that large is copied, not read. */
  read(path: string): Promise<Buffer>;
  /** Replaces a file by these bytes; a killed process leaves the old one, none, or the new one. */
  write(path: string, bytes: Buffer): Promise<BlockFile>;
  /** Uploads a local file. ERR_FILE_OPERATION_FAILED when the local file cannot be read. */
  copyIn(path: string, localFile: string): Promise<BlockFile>;
  /**
   * Downloads into a local file, replacing it. ERR_CORRUPTION when its size or MD5 are not what its metadata says (nothing is
   * left at `localFile` then), ERR_FILE_OPERATION_FAILED when the local file cannot be written.
   */
  copyOut(path: string, localFile: string): Promise<BlockFile>;
  /** What the metadata of a file says. */
  stat(path: string): Promise<BlockFile>;
  /** The files that have metadata, then the directories, each sorted. ERR_INVALID_PARAMETERS for a file. */
  list(directory: string): Promise<BlockEntry[]>;
  /** Whether there is such a directory, or such a file with its metadata. */
  exists(path: string): Promise<boolean>;
  /** Deletes a file with its metadata, or a directory: ERR_DIR_NOT_EMPTY when something is in it and not `recursive`. */
  remove(path: string, options?: { readonly recursive?: boolean }): Promise<void>;
}
