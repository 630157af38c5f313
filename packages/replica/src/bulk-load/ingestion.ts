import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '@onebox/base';
import { IngestionStatus } from '@onebox/protocol';
import type { IngestionRequest } from '@onebox/protocol';
import { md5OfFile } from '@onebox/server';
import type { ExternalFile, StorageEngine } from '../storage/storage-engine';

type Status = IngestionStatus;

/**
 * Taking the downloaded files into the replica's state. It begins when the write that asks for it is applied, on every
 * member by itself, and goes on in the background.
 */
export class Ingestion {
  private current: Status = IngestionStatus.IS_INVALID;
  private attempt = 0;

  constructor(
    private readonly engine: Pick<StorageEngine, 'ingest'>,
    private readonly directory: string,
    private readonly log: (message: string) => void,
  ) {}

  get status(): Status {
    return this.current;
  }

  reset(): void {
    this.attempt += 1;
    this.current = IngestionStatus.IS_INVALID;
  }

  /** @param ballot of the replica now: a request made under an earlier one counts no more */
  start(request: IngestionRequest, ballot: number): void {
    this.attempt += 1;
    if (request.ballot < ballot) {
      this.current = IngestionStatus.IS_INVALID;
      this.log(`ingestion of ballot ${request.ballot} ignored at ballot ${ballot}`);
      return;
    }
    this.current = IngestionStatus.IS_RUNNING;
    void this.run(request, this.attempt);
  }

  private async run(request: IngestionRequest, attempt: number): Promise<void> {
    let result: Status = IngestionStatus.IS_SUCCEED;
    try {
      const files = await Promise.all(
        request.metadata.files.map((file) => this.verify(file, request.verify_before_ingest)),
      );
      if (attempt !== this.attempt) return;
      this.engine.ingest(files);
    } catch (error) {
      result = IngestionStatus.IS_FAILED;
      this.log(`ingestion failed: ${describeError(error)}`);
    }
    if (attempt === this.attempt) this.current = result;
  }

  private async verify({ name, size, md5 }: ExternalFileMeta, verifyContent: boolean): Promise<ExternalFile> {
    const path = join(this.directory, name);
    const found = (await stat(path)).size;
    if (found !== size) throw new Error(`${name} has ${found} bytes, not ${size}`);
    if (verifyContent && md5 !== '' && (await md5OfFile(path)) !== md5.toLowerCase()) {
      throw new Error(`${name} has another MD5`);
    }
    return { path, name, size, md5 };
  }
}

type ExternalFileMeta = Omit<ExternalFile, 'path'>;
