import { createHash } from 'node:crypto';
import { BlockError } from '@onebox/server';
import type { BlockEntry, BlockFile, BlockFileSystem } from '@onebox/server';
import type { ErrorCode } from '@onebox/base';

/** A block service in memory: no disk whose time is not the clock's. */
export class MemoryBlockService implements BlockFileSystem {
  readonly files = new Map<string, Buffer>();
  /** What every write and removal fails with from now on. */
  broken: ErrorCode | undefined;

  async read(path: string): Promise<Buffer> {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new BlockError('ERR_OBJECT_NOT_FOUND', path);
    return bytes;
  }

  async write(path: string, bytes: Buffer): Promise<BlockFile> {
    this.refuseWhenBroken(path);
    this.files.set(path, bytes);
    return described(path, bytes);
  }

  async stat(path: string): Promise<BlockFile> {
    return described(path, await this.read(path));
  }

  async exists(path: string): Promise<boolean> {
    return this.files.has(path) || this.below(path).length > 0;
  }

  async list(directory: string): Promise<BlockEntry[]> {
    return this.below(directory).map((path) => ({
      name: path.slice(directory.length + 1),
      isDirectory: false,
    }));
  }

  async remove(path: string): Promise<void> {
    this.refuseWhenBroken(path);
    const found = this.below(path);
    if (found.length === 0) throw new BlockError('ERR_OBJECT_NOT_FOUND', path);
    for (const file of found) this.files.delete(file);
  }

  copyIn(): Promise<BlockFile> {
    throw new Error('only replica servers copy');
  }

  copyOut(): Promise<BlockFile> {
    throw new Error('only replica servers copy');
  }

  private below(directory: string): string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(`${directory}/`));
  }

  private refuseWhenBroken(path: string): void {
    if (this.broken !== undefined) throw new BlockError(this.broken, path);
  }
}

function described(path: string, bytes: Buffer): BlockFile {
  const md5 = createHash('md5').update(bytes).digest('hex');
  return { name: path.slice(path.lastIndexOf('/') + 1), size: bytes.length, md5 };
}
