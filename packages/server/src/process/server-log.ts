import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileLogger, formatMilliseconds } from '@onebox/base';
import type { Logger } from '@onebox/base';
import type { Flags } from '../flags/flags';
import type { Role } from './role';

/** The log of a server process: `log/<role>.log` in its directory. */
export interface ServerLog extends Logger {
  /** Writes lines that must not be lost, before the call returns: the process is about to end. */
  lastWords(lines: readonly string[]): void;
}

const LEVELS: Readonly<Record<string, 'debug' | 'info' | 'warn' | 'error'>> = {
  LOG_LEVEL_DEBUG: 'debug',
  LOG_LEVEL_INFO: 'info',
  LOG_LEVEL_WARNING: 'warn',
  LOG_LEVEL_ERROR: 'error',
  LOG_LEVEL_FATAL: 'error',
};

/** Opens the log; `[core] logging_start_level` says from which level on. */
export function openServerLog(directory: string, role: Role, flags: Flags): ServerLog {
  mkdirSync(join(directory, 'log'), { recursive: true });
  const file = join(directory, 'log', `${role}.log`);
  const log = fileLogger(file, LEVELS[flags.get('logging_start_level')] ?? 'info');
  return {
    debug: (message) => log.debug(message),
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
    error: (message) => log.error(message),
    lastWords: (lines) => {
      const stamp = `E${formatMilliseconds(Date.now())}`;
      appendFileSync(file, lines.map((line) => `${stamp} ${line}\n`).join(''));
    },
  };
}
