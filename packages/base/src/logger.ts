import * as winston from 'winston';
import { formatMilliseconds } from './time-format';

/** One event a line, for people at 3 a.m.: the ids belong into the message. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A log file of a server, one line per event: level letter, local time with milliseconds, message. */
export function fileLogger(file: string, level: 'debug' | 'info' | 'warn' | 'error' = 'info'): Logger {
  return winston.createLogger({
    level,
    format: winston.format.printf((entry) => {
      return `${(entry.level[0] ?? '?').toUpperCase()}${formatMilliseconds(Date.now())} ${String(entry.message)}`;
    }),
    transports: [new winston.transports.File({ filename: file, maxsize: 32 * 1024 * 1024, maxFiles: 4 })],
  });
}

/** A logger that keeps its lines, for tests. */
export class MemoryLogger implements Logger {
  readonly lines: string[] = [];
  debug(message: string): void {
    this.lines.push(`D ${message}`);
  }
  info(message: string): void {
    this.lines.push(`I ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`W ${message}`);
  }
  error(message: string): void {
    this.lines.push(`E ${message}`);
  }
}
