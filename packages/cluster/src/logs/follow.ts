import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { fileEnd } from './last-lines';

/** How often files are looked at for more: fast enough for a person who reads. */
const LOOK_EVERY_MS = 100;

/** A file that lines are read from as they are written. */
class Followed {
  private decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(
    readonly source: string,
    private readonly file: string,
    private inode: number | undefined,
    private position: number,
  ) {}

  /** Complete lines since the last time. A file that was emptied or replaced is read from its beginning. */
  newLines(): readonly string[] {
    let descriptor: number;
    try {
      descriptor = openSync(this.file, 'r');
    } catch {
      // Not written yet.
      return [];
    }
    try {
      const { size, ino } = fstatSync(descriptor);
      if (ino !== this.inode || size < this.position) this.beginAgain(ino);
      const lines = (this.rest + this.read(descriptor, size)).split('\n');
      this.rest = lines.pop() ?? '';
      return lines;
    } finally {
      closeSync(descriptor);
    }
  }

  private beginAgain(inode: number): void {
    this.inode = inode;
    this.position = 0;
    this.decoder = new StringDecoder('utf8');
    this.rest = '';
  }

  private read(descriptor: number, size: number): string {
    if (size === this.position) return '';
    const bytes = Buffer.alloc(size - this.position);
    const count = readSync(descriptor, bytes, 0, bytes.length, this.position);
    this.position += count;
    return this.decoder.write(bytes.subarray(0, count));
  }
}

/** A file that is shown, and whose it is. */
export interface LogSource {
  readonly source: string;
  readonly file: string;
}

/** Shows the ends of files, and what is written to them afterwards: nothing twice, nothing left out. */
export class LogReader {
  private readonly followed = new Map<string, Followed>();

  /** @param listFiles looked at again each time, because servers make their logs when they start */
  constructor(
    private readonly listFiles: () => readonly LogSource[],
    private readonly onLine: (source: string, line: string) => void,
  ) {}

  /** Shows the last lines of each file. */
  showLast(count: number): void {
    for (const { source, file } of this.listFiles()) {
      const { lines, at } = fileEnd(file, count);
      for (const line of lines) this.onLine(source, line);
      this.followed.set(file, new Followed(source, file, at?.inode, at?.position ?? 0));
    }
  }

  /** Shows lines as they are written, until the signal ends it. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(signal);
      for (const { source, file } of this.listFiles()) {
        if (!this.followed.has(file)) this.followed.set(file, new Followed(source, file, undefined, 0));
      }
      for (const each of this.followed.values()) {
        for (const line of each.newLines()) this.onLine(each.source, line);
      }
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, LOOK_EVERY_MS);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
