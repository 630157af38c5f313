import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { streamLogger } from '@onebox/base';
import type { LogLevel, Logger } from '@onebox/base';
import type { Flags } from '../flags/flags';
import { LogFile } from './log-file';
import type { Role } from './role';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  LOG_LEVEL_DEBUG: 'debug',
  LOG_LEVEL_INFO: 'info',
  LOG_LEVEL_WARNING: 'warn',
  LOG_LEVEL_ERROR: 'error',
  LOG_LEVEL_FATAL: 'error',
};

/**
 * Opens the log of a server process, `log/<role>.log` in its directory; `[core] logging_start_level` says from which level on.
 * Lines are never lost, even when the process ends right behind them.
 */
export function openServerLog(directory: string, role: Role, flags: Flags): Logger {
  const logs = join(directory, 'log');
  mkdirSync(logs, { recursive: true });
  const level = LEVELS[flags.get('logging_start_level')] ?? 'info';
  return streamLogger(new LogFile(join(logs, `${role}.log`)), level);
}
