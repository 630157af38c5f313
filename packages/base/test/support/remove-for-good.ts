import { existsSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { OneboxError } from '@onebox/base';

/** Looks in a row at which it has to be gone. */
const TIMES = 20;
const PATIENCE_MS = 60_000;

/**
 * Removes a directory of servers that ended without waiting for their disk, as real ones do. A write that was still on its way
 * makes directories again, or fills one that is just being removed: gone is what stays gone.
 */
export async function removeForGood(directory: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let gone = 0; gone < TIMES; gone = remove(directory) ? 0 : gone + 1) {
    if (performance.now() > deadline) {
      throw new OneboxError('ONEBOX_TIMED_OUT', `${directory} comes back for ${PATIENCE_MS} ms`);
    }
    await diskTurn();
  }
}

/** Lets whatever is on its way to the disk come a step further: as many looks at it as Node has threads for that, twice. */
async function diskTurn(): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, () => stat(tmpdir())));
}

/** Whether there was anything left to remove. */
function remove(directory: string): boolean {
  const there = existsSync(directory);
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
  return there;
}
