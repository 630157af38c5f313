import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileMetadata } from './file-metadata';

/** Copies a file, replacing the target, and says what went through. The two sides fail as different errors. */
export async function copyHashed(
  from: string,
  to: string,
  failed: { readonly reading: (cause: unknown) => Error; readonly writing: (cause: unknown) => Error },
): Promise<FileMetadata> {
  const hash = createHash('md5');
  let size = 0;
  let failure: Error | undefined;
  const source = createReadStream(from);
  const target = createWriteStream(to);
  source.once('error', (cause) => (failure ??= failed.reading(cause)));
  target.once('error', (cause) => (failure ??= failed.writing(cause)));
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(source, hashing, target).catch((cause: unknown) => {
    throw failure ?? failed.writing(cause);
  });
  return { size, md5: hash.digest('hex') };
}

export function md5Of(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** The MD5 of a local file, lower-case hex. Rejects as reading it does. */
export async function md5OfFile(file: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
