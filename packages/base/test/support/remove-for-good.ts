import { existsSync, rmSync } from 'node:fs';
import { until } from '@onebox/base';

/** How often in a row it has to be gone. */
const TIMES = 3;
const PATIENCE_MS = 20_000;

/**
 * Removes a directory of servers that ended without waiting for their disk, as real ones do. A write that was still on its way
 * makes directories again, or fills one that is just being removed: gone is what stays gone.
 */
export async function removeForGood(directory: string): Promise<void> {
  let gone = 0;
  await until(`${directory} gone`, () => (gone = remove(directory) ? 0 : gone + 1) >= TIMES, {
    withinMs: PATIENCE_MS,
    everyMs: 1,
  });
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
