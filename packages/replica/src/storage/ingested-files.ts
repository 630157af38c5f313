import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import type { ExternalFile } from './storage-engine';

/** What is remembered of a file that was ingested. */
export interface IngestedFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
}

const FILE = 'ingested-files.json';
const FORMAT = 'pegasus-onebox ingested files';

/**
 * Which files bulk loads have brought: all that an engine without user data can keep of them. On disk before anybody is told that
 * they are ingested; learners get the list as well.
 */
export class IngestedFiles {
  private readonly directory: string;
  private files: readonly IngestedFile[];

  /** @param replicaDirectory the list is `data/ingested-files.json` in it. @throws OneboxError ONEBOX_BAD_INGESTED_FILES */
  constructor(replicaDirectory: string) {
    this.directory = join(replicaDirectory, 'data');
    this.files = decode(read(join(this.directory, FILE)));
  }

  /** @throws when the disk refuses */
  add(files: readonly ExternalFile[]): void {
    const added = files.map(({ name, size, md5 }) => ({ name, size, md5 }));
    const isNew = (file: IngestedFile): boolean => !this.files.some((known) => isSame(known, file));
    this.store([...this.files, ...added.filter(isNew)]);
  }

  /** The whole list, for a learner; empty when there is none. */
  encode(): Buffer {
    if (this.files.length === 0) return Buffer.alloc(0);
    return Buffer.from(JSON.stringify({ format: FORMAT, files: this.files }));
  }

  /** A learner takes over what its primary has. @throws OneboxError ONEBOX_BAD_INGESTED_FILES */
  replace(encoded: Buffer): void {
    const files = decode(encoded);
    if (files.length > 0 || this.files.length > 0) this.store(files);
  }

  private store(files: readonly IngestedFile[]): void {
    const before = this.files;
    this.files = files;
    try {
      mkdirSync(this.directory, { recursive: true });
      const file = join(this.directory, FILE);
      writeFileSync(`${file}.tmp`, this.encode());
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      this.files = before;
      throw error;
    }
  }
}

function isSame(a: IngestedFile, b: IngestedFile): boolean {
  return a.name === b.name && a.size === b.size && a.md5 === b.md5;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function decode(encoded: Buffer): readonly IngestedFile[] {
  if (encoded.length === 0) return [];
  let content: unknown;
  try {
    content = JSON.parse(encoded.toString('utf8'));
  } catch {
    content = undefined;
  }
  const { format, files } = (content ?? {}) as { format?: unknown; files?: unknown };
  if (format !== FORMAT || !Array.isArray(files) || !files.every(isIngestedFile)) {
    throw new OneboxError('ONEBOX_BAD_INGESTED_FILES', 'the list of ingested files cannot be read');
  }
  return files;
}

function isIngestedFile(value: unknown): value is IngestedFile {
  const { name, size, md5 } = (value ?? {}) as Partial<Record<keyof IngestedFile, unknown>>;
  return typeof name === 'string' && typeof size === 'number' && typeof md5 === 'string';
}
