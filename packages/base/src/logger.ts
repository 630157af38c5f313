import * as winston from 'winston';
import { formatMilliseconds } from './time-format';

/** One event a line, for people at 3 a.m.: the ids belong into the message. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const EVENT_LINE = winston.format.printf((entry) => {
  return `${(entry.level[0] ?? '?').toUpperCase()}${formatMilliseconds(Date.now())} ${String(entry.message)}`;
});

/** A log file, one line per event: level letter, local time with milliseconds, message. Lines are written a little later. */
export function fileLogger(file: string, level: LogLevel = 'info'): Logger {
  const transport = new winston.transports.File({ filename: file, maxsize: 32 * 1024 * 1024, maxFiles: 4 });
  return winston.createLogger({ level, format: EVENT_LINE, transports: [transport] });
}

/** The same lines into a stream. */
export function streamLogger(stream: NodeJS.WritableStream, level: LogLevel = 'info'): Logger {
  const transport = new winston.transports.Stream({ stream, eol: '\n' });
  return winston.createLogger({ level, format: EVENT_LINE, transports: [transport] });
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
