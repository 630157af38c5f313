import { describeError, pause } from '@onebox/base';
import { blockErrorCode } from '@onebox/server';
import type { BlockFileSystem } from '@onebox/server';
import { BackupFailure } from './backup-failure';
import { BACKUP_TIMES } from './backup-parts';
import type { BackupParts } from './backup-parts';

/**
 * Writes a file of a backup; again and again while the block service is only slow. Ends without having written when the
 * signal says so.
 *
 * @throws BackupFailure when the block service refuses: its disk is full or broken, or the path leaves its root
 */
export async function writeBackupFile(
  { clock, log }: Pick<BackupParts, 'clock' | 'log'>,
  block: BlockFileSystem,
  file: { readonly path: string; readonly bytes: Buffer },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await block.write(file.path, file.bytes);
      return;
    } catch (error) {
      const code = blockErrorCode(error);
      if (code !== 'ERR_TIMEOUT') {
        throw new BackupFailure(code, `${file.path}: ${describeError(error)}`, { cause: error });
      }
      log.warn(`backup: ${file.path} not written, again in ${BACKUP_TIMES.blockRetryMs} ms`);
    }
    await pause(clock, BACKUP_TIMES.blockRetryMs, signal);
  }
}
