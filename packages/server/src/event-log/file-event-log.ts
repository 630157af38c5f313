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
 * The event log of a server process: one JSON line per event. What one turn of the event loop tells is written together at its end
 * (a system call for each would cost about as much as all the rest), together with what the turn sends: a process that is killed -9 loses at most
 * what it told in the turn that was under way.
 *
 * A disk that fails must not end a server, nor slow it down with complaints: it gives one warning in the server's log. Events are
 * tried again each time, so that they go on when there is room again.
 */
export class FileEventLog implements EventLog {
  private readonly lines: EventLines;
  private readonly beginners: (() => void)[] = [];
  private file: EventFile | undefined;
  /** Lines that are told and not written yet, each with its end. */
  private pending = '';
  private warned = false;
  private rotating = false;
  private closed = false;

  constructor(private readonly options: FileEventLogOptions) {
    this.lines = new EventLines(options.server, options.times ?? machineTimes());
  }

  tell<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): string {
    // A snapshot that a new file begins with is without this event: it has to be the older one of the two, by id and by time.
    const hasRoom = this.makeRoom();
    const { id, text } = this.lines.next(type, facts, cause);
    if (this.closed || !hasRoom) return id;
    if (this.pending === '') process.nextTick(() => this.flush());
    this.pending += `${text}\n`;
    return id;
  }

  onRotated(tell: () => void): void {
    this.beginners.push(tell);
  }

  /** Writes what was told; by itself this happens at the end of each turn. Idempotent. */
  flush(): void {
    const lines = this.pending;
    this.pending = '';
    if (lines === '' || this.closed) return;
    try {
      this.opened().append(lines);
    } catch (error) {
      this.warn(error);
    }
  }

  /** Writes what was told. Idempotent; what is told afterwards is lost. */
  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    this.file?.close();
  }

  /**
   * Begins a new file when this one is full, with what those tell who asked for it.
   * @returns whether there is room for an event: a full file stays as it is
   */
  private makeRoom(): boolean {
    const { file } = this;
    if (file === undefined || !file.isFull || this.rotating || this.closed) return true;
    this.flush();
    this.rotating = true;
    try {
      file.rotate();
      for (const tell of this.beginners) tell();
      this.flush();
      file.beginsHere();
      return true;
    } catch (error) {
      this.warn(error);
      return false;
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
