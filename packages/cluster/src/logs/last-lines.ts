import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** How much is read at a time, from the end: a line of a log is some hundred bytes. */
const CHUNK_BYTES = 64 * 1024;

/** The end of a file: its last lines, and where it ended when they were read. */
export interface FileEnd {
  readonly lines: readonly string[];
  /** Undefined when there is no such file. */
  readonly at: { readonly inode: number; readonly position: number } | undefined;
}

/** The last lines of a file, without a closing empty one; none when there is no such file. */
export function lastLines(file: string, count: number): readonly string[] {
  return fileEnd(file, count).lines;
}

/** As {@link lastLines}, with the place to go on reading from. */
export function fileEnd(file: string, count: number): FileEnd {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return { lines: [], at: undefined };
  }
  try {
    const { size, ino } = fstatSync(descriptor);
    return { lines: linesBefore(descriptor, size, count), at: { inode: ino, position: size } };
  } finally {
    closeSync(descriptor);
  }
}

function linesBefore(descriptor: number, end: number, count: number): readonly string[] {
  let from = end;
  let text = Buffer.alloc(0);
  // One line more than asked for: the first one read may be half a line.
  while (from > 0 && linesIn(text) <= count) {
    const size = Math.min(CHUNK_BYTES, from);
    from -= size;
    const chunk = Buffer.alloc(size);
    readSync(descriptor, chunk, 0, size, from);
    text = Buffer.concat([chunk, text]);
  }
  if (text.length === 0 || count <= 0) return [];
  return text.toString('utf8').replace(/\n$/, '').split('\n').slice(-count);
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
