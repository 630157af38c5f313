import { mkdirSync } from 'node:fs';
import { describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { EventFile } from './event-file';
import { EventLines, machineTimes } from './event-lines';
import type { EventTimes } from './event-lines';
import type { EventFacts, EventLog, EventType } from './logged-event';

export interface FileEventLogOptions {
  /** Where the files are, absolute: `<instance>/log`. Made when it is missing. */
  readonly directory: string;
  /** The instance that tells: `meta1`. */
  readonly server: string;
  readonly log: Logger;
  /** See {@link EventFile}. */
  readonly largestBytes?: number;
  readonly times?: EventTimes;
}

/**
 * The event log of a server process: one JSON line per event, written before `tell` returns.
 *
 * A disk that fails must not end a server, nor slow it down with complaints: it gives one warning in the server's log. Events are
 * tried again each time, so that they go on when there is room again.
 */
export class FileEventLog implements EventLog {
  private readonly lines: EventLines;
  private readonly beginners: (() => void)[] = [];
  private file: EventFile | undefined;
  private warned = false;
  private rotating = false;
  private closed = false;

  constructor(private readonly options: FileEventLogOptions) {
    this.lines = new EventLines(options.server, options.times ?? machineTimes());
  }

  tell<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): string {
    // A snapshot that a new file begins with is without this event: it has to be the older one of the two, by id and by time.
    const file = this.closed ? undefined : this.withRoom();
    const { id, text } = this.lines.next(type, facts, cause);
    if (file !== undefined) this.write(file, text);
    return id;
  }

  onRotated(tell: () => void): void {
    this.beginners.push(tell);
  }

  /** Idempotent. What is told afterwards is lost. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.file?.close();
  }

  private write(file: EventFile, line: string): void {
    try {
      file.append(line);
    } catch (error) {
      this.warn(error);
    }
  }

  /** The file that the next line belongs to; undefined when there is none. */
  private withRoom(): EventFile | undefined {
    try {
      const file = this.opened();
      if (file.isFull && !this.rotating) this.rotate(file);
      return file;
    } catch (error) {
      this.warn(error);
      return undefined;
    }
  }

  /** A new file, which begins with what those tell who asked for it. */
  private rotate(file: EventFile): void {
    this.rotating = true;
    try {
      file.rotate();
      for (const tell of this.beginners) tell();
      file.beginsHere();
    } finally {
      this.rotating = false;
    }
  }

  private opened(): EventFile {
    if (this.file === undefined) {
      mkdirSync(this.options.directory, { recursive: true });
      this.file = new EventFile(this.options.directory, this.options.largestBytes);
    }
    return this.file;
  }

  private warn(error: unknown): void {
    if (this.warned) return;
    this.warned = true;
    this.options.log.warn(
      `events are not written to ${this.options.directory}: ${describeError(error)}; this is said once`,
    );
  }
}
