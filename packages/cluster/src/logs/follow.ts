import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** How often files are looked at for more: fast enough for a person who reads. */
const LOOK_EVERY_MS = 100;

/** A file that lines are read from as they are written. */
class Followed {
  private position: number;
  private inode: number | undefined;
  private decoder = new StringDecoder('utf8');
  private rest = '';

  /** @param from the present end of the file, or the beginning of one that came later */
  constructor(
    readonly source: string,
    private readonly file: string,
    from: 'end' | 'beginning',
  ) {
    const present = this.stat();
    this.inode = present?.inode;
    this.position = from === 'end' ? (present?.size ?? 0) : 0;
  }

  /** Complete lines since the last time. A file that was emptied or replaced is read from its beginning. */
  newLines(): readonly string[] {
    const present = this.stat();
    if (present === undefined) return [];
    if (present.inode !== this.inode || present.size < this.position) {
      this.inode = present.inode;
      this.position = 0;
      this.decoder = new StringDecoder('utf8');
      this.rest = '';
    }
    const lines = (this.rest + this.read(present.size)).split('\n');
    this.rest = lines.pop() ?? '';
    return lines;
  }

  private read(size: number): string {
    if (size === this.position) return '';
    const bytes = Buffer.alloc(size - this.position);
    const descriptor = openSync(this.file, 'r');
    try {
      const count = readSync(descriptor, bytes, 0, bytes.length, this.position);
      this.position += count;
      return this.decoder.write(bytes.subarray(0, count));
    } finally {
      closeSync(descriptor);
    }
  }

  private stat(): { size: number; inode: number } | undefined {
    try {
      const descriptor = openSync(this.file, 'r');
      try {
        const { size, ino } = fstatSync(descriptor);
        return { size, inode: ino };
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // Not written yet.
      return undefined;
    }
  }
}

/**
 * Gives lines as they are written to any of some files, until the signal ends it.
 *
 * @param listFiles looked at again each time, because servers make their logs when they start
 */
export async function followLines(
  listFiles: () => readonly { readonly source: string; readonly file: string }[],
  onLine: (source: string, line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Map<string, Followed>();
  const look = (from: 'end' | 'beginning'): void => {
    for (const { source, file } of listFiles()) {
      if (!followed.has(file)) followed.set(file, new Followed(source, file, from));
    }
    for (const each of followed.values()) for (const line of each.newLines()) onLine(each.source, line);
  };
  look('end');
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, LOOK_EVERY_MS);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
    look('beginning');
  }
}
