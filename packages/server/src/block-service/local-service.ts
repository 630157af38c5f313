import { constants } from 'node:fs';
import {
  mkdir,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { BlockError } from './block-error';
import type { BlockEntry, BlockFile, BlockFileSystem } from './block-file-system';
import { blockPathParts } from './block-path';
import { encodeFileMetadata, metadataFileName, parseFileMetadata } from './file-metadata';
import type { FileMetadata } from './file-metadata';
import { copyHashed, md5Of } from './hashed-copy';

/** What is read into memory at once: descriptions and lists, never data. */
const MOST_READ_BYTES = 64 * 1024 * 1024;

/** A path that was checked: where it is, what to call it, and the last part of it. */
interface Place {
  readonly shown: string;
  readonly absolute: string;
  readonly name: string;
}

/**
 * A directory as a block service, with the layout of upstream's local_service: a data file, and beside it its metadata
 * (file-metadata.ts). Several processes may share one.
 */
export class LocalService implements BlockFileSystem {
  private attempts = 0;

  /** @param root absolute; need not exist */
  constructor(readonly root: string) {}

  async read(path: string): Promise<Buffer> {
    const place = await this.file(path);
    const { size } = await this.metadata(place);
    const length = Math.min(size, (await this.dataFile(place)).size);
    if (length > MOST_READ_BYTES) {
      throw new BlockError('ERR_CAPACITY_EXCEEDED', `${place.shown} has ${length} bytes`, { data: { path } });
    }
    return guarded(place, async () => {
      // A link put there after the check is not followed.
      const handle = await open(place.absolute, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    });
  }

  async write(path: string, bytes: Buffer): Promise<BlockFile> {
    const place = await this.file(path);
    return this.replace(place, async (target) => {
      await writeFile(target, bytes);
      return { size: bytes.length, md5: md5Of(bytes) };
    });
  }

  async copyIn(path: string, localFile: string): Promise<BlockFile> {
    const place = await this.file(path);
    return this.replace(place, (target) =>
      copyHashed(localFile, target, {
        reading: (cause) =>
          new BlockError('ERR_FILE_OPERATION_FAILED', `${localFile} cannot be read`, { cause }),
        writing: (cause) => new BlockError('ERR_FS_INTERNAL', `${place.shown} cannot be written`, { cause }),
      }),
    );
  }

  async copyOut(path: string, localFile: string): Promise<BlockFile> {
    const place = await this.file(path);
    const expected = await this.metadata(place);
    await this.dataFile(place);
    const target = this.temporary(localFile);
    try {
      const copied = await copyHashed(place.absolute, target, {
        reading: (cause) => new BlockError('ERR_FS_INTERNAL', `${place.shown} cannot be read`, { cause }),
        writing: (cause) =>
          new BlockError('ERR_FILE_OPERATION_FAILED', `${localFile} cannot be written`, { cause }),
      });
      if (copied.size !== expected.size || copied.md5 !== expected.md5.toLowerCase()) {
        throw new BlockError('ERR_CORRUPTION', `${place.shown} is not what its metadata says`, {
          data: { path, expected, copied },
        });
      }
      await rename(target, localFile).catch((cause: unknown) => {
        throw new BlockError('ERR_FILE_OPERATION_FAILED', `${localFile} cannot be written`, { cause });
      });
      return { name: place.name, ...copied };
    } finally {
      await rm(target, { force: true });
    }
  }

  async stat(path: string): Promise<BlockFile> {
    const place = await this.file(path);
    await this.dataFile(place);
    return { name: place.name, ...(await this.metadata(place)) };
  }

  async list(directory: string): Promise<BlockEntry[]> {
    const place = await this.place(directory);
    const found = await guarded(place, () => stat(place.absolute));
    if (!found.isDirectory()) {
      throw new BlockError('ERR_INVALID_PARAMETERS', `${place.shown} is a file`, {
        data: { path: directory },
      });
    }
    const entries = await guarded(place, () => readdir(place.absolute, { withFileTypes: true }));
    const names = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
    const files = [...names].filter((name) => names.has(metadataFileName(name)));
    const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return [
      ...files.sort().map((name) => ({ name, isDirectory: false })),
      ...directories.sort().map((name) => ({ name, isDirectory: true })),
    ];
  }

  async exists(path: string): Promise<boolean> {
    const place = await this.place(path);
    const found = await stat(place.absolute).catch(() => undefined);
    if (found?.isDirectory() === true) return true;
    return found !== undefined && (await stat(metadataPath(place)).catch(() => undefined)) !== undefined;
  }

  async remove(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    const place = await this.file(path);
    const found = await guarded(place, () => stat(place.absolute));
    if (found.isDirectory()) {
      if (options.recursive === true) {
        await guarded(place, () => rm(place.absolute, { recursive: true, force: true }));
      } else await guarded(place, () => rmdir(place.absolute));
      return;
    }
    // Without its metadata it is gone already, should the process die in between.
    await guarded(place, () => rm(metadataPath(place), { force: true }));
    await guarded(place, () => rm(place.absolute, { force: true }));
  }

  private async place(path: string): Promise<Place> {
    const parts = blockPathParts(path);
    const absolute = join(this.root, ...parts);
    await this.refuseLinksOut(absolute, path);
    return { shown: parts.join('/') || '.', absolute, name: parts.at(-1) ?? '' };
  }

  /** A place that is not the root itself. */
  private async file(path: string): Promise<Place> {
    const place = await this.place(path);
    if (place.name === '') {
      throw new BlockError('ERR_INVALID_PARAMETERS', `path ${JSON.stringify(path)} names no file`, {
        data: { path },
      });
    }
    return place;
  }

  /** Whatever exists of a path must lie below the root also when its links are followed. */
  private async refuseLinksOut(absolute: string, path: string): Promise<void> {
    const root = await realpath(this.root).catch(() => undefined);
    if (root === undefined) return;
    for (let at = absolute; at.length > this.root.length; at = dirname(at)) {
      const real = await realpath(at).catch((error: NodeJS.ErrnoException) => error);
      if (typeof real !== 'string') {
        if (real.code === 'ENOENT' || real.code === 'ENOTDIR' || real.code === 'ENAMETOOLONG') continue;
        throw new BlockError('ERR_FS_INTERNAL', `${path} cannot be resolved`, { cause: real });
      }
      if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
      throw new BlockError(
        'ERR_INVALID_PARAMETERS',
        `path ${JSON.stringify(path)} leads out of the block service's root by a link`,
        { data: { path } },
      );
    }
  }

  private async dataFile(place: Place): Promise<{ size: number }> {
    const found = await guarded(place, () => stat(place.absolute));
    // A directory is no object, and reading a pipe would wait for ever.
    if (!found.isFile()) throw notFound(place);
    return found;
  }

  private async metadata(place: Place): Promise<FileMetadata> {
    return parseFileMetadata(await guarded(place, () => readFile(metadataPath(place), 'utf8')), place.shown);
  }

  /** Writes a new file beside, and puts it and then its metadata in place. */
  private async replace(place: Place, write: (target: string) => Promise<FileMetadata>): Promise<BlockFile> {
    const target = this.temporary(place.absolute);
    const metadataTarget = this.temporary(metadataPath(place));
    try {
      await guarded(place, () => mkdir(dirname(place.absolute), { recursive: true }));
      const metadata = await guarded(place, () => write(target));
      await guarded(place, async () => {
        await writeFile(metadataTarget, encodeFileMetadata(metadata));
        // In between there is no file rather than a file with another one's metadata.
        await rm(metadataPath(place), { force: true });
        await rename(target, place.absolute);
        await rename(metadataTarget, metadataPath(place));
      });
      return { name: place.name, ...metadata };
    } finally {
      await rm(target, { force: true });
      await rm(metadataTarget, { force: true });
    }
  }

  /** A name beside a file that nobody else uses; without metadata nobody sees it. */
  private temporary(file: string): string {
    this.attempts += 1;
    return `${file}.${process.pid}-${this.attempts}.tmp`;
  }
}

function metadataPath(place: Place): string {
  return join(dirname(place.absolute), metadataFileName(place.name));
}

function notFound(place: Place, cause?: unknown): BlockError {
  return new BlockError('ERR_OBJECT_NOT_FOUND', `${place.shown} does not exist`, { cause });
}

/** The operating system's errors as Pegasus names them. */
async function guarded<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BlockError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') throw notFound(place, error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') {
      throw new BlockError('ERR_DIR_NOT_EMPTY', `${place.shown} is not empty`, { cause: error });
    }
    throw new BlockError('ERR_FS_INTERNAL', `${place.shown}: ${String(code)}`, { cause: error });
  }
}
