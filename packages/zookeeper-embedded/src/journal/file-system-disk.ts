import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk, DiskFile } from './disk';

/** Only its owner may read what is stored in ZooKeeper. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** A directory of this machine. */
export class FileSystemDisk implements Disk {
  private constructor(readonly path: string) {}

  /** Makes the directory when it is missing. */
  static async at(directory: string): Promise<FileSystemDisk> {
    await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
    return new FileSystemDisk(directory);
  }

  list(): Promise<string[]> {
    return readdir(this.path);
  }

  async create(name: string): Promise<DiskFile> {
    return new SystemFile(await open(join(this.path, name), 'wx+', FILE_MODE));
  }

  async open(name: string): Promise<DiskFile> {
    return new SystemFile(await open(join(this.path, name), 'r+'));
  }

  rename(from: string, to: string): Promise<void> {
    return rename(join(this.path, from), join(this.path, to));
  }

  remove(name: string): Promise<void> {
    return rm(join(this.path, name), { force: true });
  }

  async sync(): Promise<void> {
    const directory = await open(this.path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

class SystemFile implements DiskFile {
  constructor(private readonly handle: FileHandle) {}

  async size(): Promise<number> {
    return (await this.handle.stat()).size;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < into.length) {
      const { bytesRead } = await this.handle.read(into, done, into.length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }

  truncate(length: number): Promise<void> {
    return this.handle.truncate(length);
  }

  sync(): Promise<void> {
    return this.handle.datasync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
