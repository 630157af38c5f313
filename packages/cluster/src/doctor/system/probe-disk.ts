import { accessSync, constants, existsSync, readdirSync, statSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OneboxError } from '@onebox/base';
import { StateDirectory } from '../../state-directory/state-directory';
import type { DiskFacts } from '../disk-check';
import type { TempFacts } from '../temp-check';

export function probeDisk(home: string, name: string): DiskFacts {
  const directory = join(home, name);
  const existing = nearestExisting(directory);
  const why = whyNotWritable(existing);
  const { bavail, bsize, ffree, files } = statfsSync(existing);
  return {
    directory,
    existing,
    writable: why === undefined,
    why,
    freeBytes: bavail * bsize,
    // Some filesystems count no inodes.
    freeInodes: files === 0 ? undefined : ffree,
    obstacle: obstacleOf(home, name),
  };
}

export function probeTemp(): TempFacts {
  const directory = tmpdir();
  return { directory, why: existsSync(directory) ? whyNotWritable(directory) : 'it does not exist' };
}

function nearestExisting(directory: string): string {
  const above = dirname(directory);
  return existsSync(directory) || above === directory ? directory : nearestExisting(above);
}

/** Asks without writing: nothing is to change. */
function whyNotWritable(directory: string): string | undefined {
  try {
    if (!statSync(directory).isDirectory()) return 'it is not a directory';
    accessSync(directory, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EROFS' ? 'its filesystem is mounted read-only' : (code ?? 'it is refused');
  }
}

function obstacleOf(home: string, name: string): DiskFacts['obstacle'] {
  try {
    const state = new StateDirectory(home, name);
    const foreign = state.exists() && !state.isOurs() && readdirSync(state.path).length > 0;
    return foreign ? { kind: 'foreign', why: `${state.path} exists and was not made by onebox` } : undefined;
  } catch (error) {
    if (!(error instanceof OneboxError)) throw error;
    return { kind: 'too long', why: error.message };
  }
}
