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
  const level = (entry.level[0] ?? '?').toUpperCase();
  return `${level}${formatMilliseconds(Date.now())} ${oneLine(String(entry.message))}`;
});

/** More of a message does not help anybody. A whole stack trace fits. */
const LONGEST_MESSAGE = 8192;

/**
 * Names of tables and the like come from the network: whatever they contain, an event stays one line, and a terminal that shows
 * it obeys nobody. Line ends become ` | `, other control characters `\\x1b`.
 */
function oneLine(message: string): string {
  const short =
    message.length > LONGEST_MESSAGE
      ? `${message.slice(0, LONGEST_MESSAGE)}… (${message.length} characters)`
      : message;
  return short.replace(CONTROL, (character) =>
    character === '\n' ? ' | ' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

const CONTROL = /[\0-\x1f\x7f-\x9f]/g;

/** A log, one line per event: level letter, local time with milliseconds, message. */
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
