import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the files of a directory, and the directory itself, survive a crash of the machine. Directories below it are left
 * alone.
 *
 * @throws what the disk says
 */
export async function syncFiles(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) if (entry.isFile()) await sync(join(directory, entry.name));
  await sync(directory);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    // Replaced by rename since it was listed: its successor is in the directory, which is synced as well.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
