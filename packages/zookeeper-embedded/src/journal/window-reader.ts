import type { DiskFile } from './disk';

const WINDOW_BYTES = 256 * 1024;

/** Reads a file from its beginning through a window, so that a file of any size takes little memory. */
export class WindowReader {
  private window = Buffer.alloc(0);
  private windowAt = 0;

  constructor(
    private readonly file: DiskFile,
    readonly size: number,
  ) {}

  /** `length` bytes from `position` on, valid until the next call; undefined when the file ends before. */
  async bytes(position: number, length: number): Promise<Buffer | undefined> {
    return this.cached(position, length) ?? this.fetched(position, length);
  }

  /** The same, of what is in memory already. */
  cached(position: number, length: number): Buffer | undefined {
    const from = position - this.windowAt;
    if (from < 0 || from + length > this.window.length) return undefined;
    return this.window.subarray(from, from + length);
  }

  /** The position of the first occurrence of `pattern` at or behind `position`. */
  async find(pattern: Buffer, position: number): Promise<number | undefined> {
    for (let from = position; from + pattern.length <= this.size;) {
      const length = Math.min(WINDOW_BYTES, this.size - from);
      const bytes = await this.bytes(from, length);
      if (bytes === undefined) return undefined;
      const at = bytes.indexOf(pattern);
      if (at >= 0) return from + at;
      from += length - pattern.length + 1;
    }
    return undefined;
  }

  private async fetched(position: number, length: number): Promise<Buffer | undefined> {
    if (position + length > this.size) return undefined;
    const window = Buffer.allocUnsafe(Math.min(Math.max(length, WINDOW_BYTES), this.size - position));
    const got = await this.file.read(window, position);
    this.window = window.subarray(0, got);
    this.windowAt = position;
    return this.cached(position, length);
  }
}
