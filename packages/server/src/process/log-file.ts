import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

const LARGEST_BYTES = 32 * 1024 * 1024;
const OLD_FILES = 3;

/**
 * A log file whose lines are on disk when the call that wrote them returns: servers end at once, as upstream's do, and
 * the last lines are those that matter. Full files become `<file>.1` to `<file>.3`, the oldest is dropped.
 */
export class LogFile extends Writable {
  private descriptor: number;
  private bytes: number;

  constructor(
    private readonly file: string,
    private readonly largestBytes = LARGEST_BYTES,
  ) {
    super({ decodeStrings: true });
    this.descriptor = openSync(file, 'a');
    this.bytes = fstatSync(this.descriptor).size;
  }

  override _write(line: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    try {
      if (this.bytes > 0 && this.bytes + line.length > this.largestBytes) this.rotate();
      writeSync(this.descriptor, line);
      this.bytes += line.length;
    } catch {
      // A full disk must not end a server; there is nowhere left to tell it.
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    closeSync(this.descriptor);
    done(error);
  }

  private rotate(): void {
    for (let age = OLD_FILES - 1; age >= 0; age -= 1) {
      const from = age === 0 ? this.file : `${this.file}.${age}`;
      if (existsSync(from)) renameSync(from, `${this.file}.${age + 1}`);
    }
    closeSync(this.descriptor);
    this.descriptor = openSync(this.file, 'a');
    this.bytes = 0;
  }
}
