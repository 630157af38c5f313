import { closeSync, fstatSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Of the newest file; older ones are {@link oldEventFile}. Below a server's `log/`. */
export const EVENT_FILE = 'events.jsonl';
/** How many older files are kept besides the newest. */
export const OLD_EVENT_FILES = 2;
/** A file that has so many bytes becomes an old one before the next line is written. What it begins with does not count. */
export const LARGEST_EVENT_FILE = 4 * 1024 * 1024;

/** @param age 1 is the newest of the old ones */
export function oldEventFile(age: number): string {
  return `events.${age}.jsonl`;
}

const LINE_END = 0x0a;

/**
 * The file of an event log: lines are with the operating system when the call that wrote them returns. At most
 * {@link OLD_EVENT_FILES} + 1 files exist.
 *
 * Each call is one write at the end of the file. A line that was cut off (by a kill, or a full disk) stays cut off: the next one
 * begins on a line of its own, and a reader leaves out what is no JSON.
 */
export class EventFile {
  private descriptor: number;
  private bytes = 0;
  /** What the file began with after a rotation: it does not count, or a large snapshot would rotate at every event. */
  private head = 0;
  private torn = false;

  /** @throws what the file system throws */
  constructor(
    private readonly directory: string,
    private readonly largestBytes = LARGEST_EVENT_FILE,
  ) {
    this.descriptor = this.open();
  }

  /**
   * Whether the next line has to begin a new file. It does not depend on that line, so that it can be asked before there is one: what is
   * told at the beginning of the new file is older than the line then.
   */
  get isFull(): boolean {
    return this.bytes - this.head >= this.largestBytes;
  }

  /** @param lines each with its end. @throws what the file system throws; part of them may be there then */
  append(lines: string): void {
    const bytes = Buffer.from(this.torn ? `\n${lines}` : lines);
    const written = writeSync(this.descriptor, bytes);
    this.bytes += written;
    this.torn = written < bytes.length;
    if (this.torn) throw new Error(`${written} of ${bytes.length} bytes were written`);
  }

  /**
   * Makes the file an old one and begins a new one. If another process has done so already, this one goes on in that one's file;
   * whoever writes beside others sees to it that one rotates at a time.
   *
   * @throws what the file system throws; the file stays as it is then
   */
  rotate(): void {
    if (this.isNewest()) {
      for (let age = OLD_EVENT_FILES; age > 0; age -= 1) {
        this.rename(age === 1 ? EVENT_FILE : oldEventFile(age - 1), oldEventFile(age));
      }
    }
    const full = this.descriptor;
    this.head = 0;
    this.descriptor = this.open();
    closeSync(full);
  }

  /** What was written so far is what the file begins with. */
  beginsHere(): void {
    this.head = this.bytes;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private open(): number {
    const descriptor = openSync(join(this.directory, EVENT_FILE), 'a+', 0o600);
    this.bytes = fstatSync(descriptor).size;
    this.torn = this.bytes > 0 && !endsWithLineEnd(descriptor, this.bytes);
    return descriptor;
  }

  /** Whether this is still the newest file: while it is open, no other one has its inode. */
  private isNewest(): boolean {
    const newest = statSync(join(this.directory, EVENT_FILE), { bigint: true, throwIfNoEntry: false });
    const own = fstatSync(this.descriptor, { bigint: true });
    return newest?.ino === own.ino && newest.dev === own.dev;
  }

  private rename(from: string, to: string): void {
    try {
      renameSync(join(this.directory, from), join(this.directory, to));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function endsWithLineEnd(descriptor: number, size: number): boolean {
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, size - 1);
  return last[0] === LINE_END;
}
