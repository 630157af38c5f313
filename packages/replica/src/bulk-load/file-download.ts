import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';
import type { BulkLoadMetadata, FileMeta } from '@onebox/protocol';
import { BlockError, joinBlockPath } from '@onebox/server';
import type { BlockFileSystem } from '@onebox/server';
import { METADATA_FILE, NO_METADATA, parseLoadMetadata } from './load-metadata';

export interface DownloadOptions {
  /** Undefined when there is no such provider. */
  readonly files: BlockFileSystem | undefined;
  readonly remoteDirectory: string;
  readonly localDirectory: string;
  onFile(bytes: number): void;
  onFileFailed(): void;
  /** Everything is here and verified, or nothing more will come. Not called after {@link FileDownload.cancel}. */
  onEnd(error: string | undefined): void;
}

/**
 * Fetches the files of a partition into the replica's directory, one after the other as upstream; each is verified by its
 * size and MD5. What an earlier, interrupted download left whole is not fetched again.
 */
export class FileDownload {
  private readonly abort = new AbortController();
  private downloaded = 0;
  private error: ErrorCode = 'ERR_OK';
  private known: BulkLoadMetadata = NO_METADATA;

  constructor(private readonly options: DownloadOptions) {}

  /** The error of what went wrong; ERR_OK while nothing did. */
  get status(): ErrorCode {
    return this.error;
  }

  /** Without files until they are known. */
  get metadata(): BulkLoadMetadata {
    return this.known;
  }

  /** Percent, of the bytes of all files. */
  get progress(): number {
    const total = this.known.file_total_size;
    return total === 0 ? 0 : Math.floor((this.downloaded * 100) / total);
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.abort;
    try {
      await this.fetchAll(signal);
      if (!signal.aborted) this.options.onEnd(undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.error = error instanceof BlockError ? error.errorCode : 'ERR_FILE_OPERATION_FAILED';
      this.options.onEnd(`${this.error}: ${describeError(error)}`);
    }
  }

  /** What is being copied is let go; idempotent. */
  cancel(): void {
    this.abort.abort();
  }

  private async fetchAll(signal: AbortSignal): Promise<void> {
    const { files, localDirectory } = this.options;
    if (files === undefined) throw new BlockError('ERR_INVALID_PARAMETERS', 'there is no such block service');
    await mkdir(localDirectory, { recursive: true });
    const local = join(localDirectory, METADATA_FILE);
    if ((await sizeOf(local)) === undefined) await this.fetch(files, METADATA_FILE);
    const metadata = parseLoadMetadata(await readFile(local, 'utf8'));
    if (signal.aborted) return;
    this.known = metadata;
    for (const file of metadata.files.toReversed()) {
      await this.fetchFile(files, file);
      if (signal.aborted) return;
      this.downloaded += file.size;
      this.options.onFile(file.size);
    }
  }

  private async fetchFile(files: BlockFileSystem, expected: FileMeta): Promise<void> {
    const local = join(this.options.localDirectory, expected.name);
    try {
      // As upstream: what is there and has the size was downloaded by an earlier attempt, and verified then.
      if ((await sizeOf(local)) === expected.size) return;
      const { size, md5 } = await this.fetch(files, expected.name);
      const same = size === expected.size && (expected.md5 === '' || md5 === expected.md5.toLowerCase());
      if (same) return;
      await rm(local, { force: true });
      throw new BlockError('ERR_CORRUPTION', `${expected.name} is not what ${METADATA_FILE} says`);
    } catch (error) {
      if (!this.abort.signal.aborted) this.options.onFileFailed();
      throw error;
    }
  }

  private async fetch(files: BlockFileSystem, name: string): Promise<{ size: number; md5: string }> {
    const { remoteDirectory, localDirectory } = this.options;
    const remote = joinBlockPath(remoteDirectory, name);
    try {
      return await files.copyOut(remote, join(localDirectory, name));
    } catch (error) {
      // A file that is missing where it should be is a damaged set: trying again would not help.
      if (error instanceof BlockError && error.errorCode === 'ERR_OBJECT_NOT_FOUND') {
        throw new BlockError('ERR_CORRUPTION', error.message, { cause: error });
      }
      throw error;
    }
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch {
    return undefined;
  }
}
