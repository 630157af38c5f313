import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** How much is read at a time, from the end: a line of a log is some hundred bytes. */
const CHUNK_BYTES = 64 * 1024;

/** The last lines of a file, without a closing empty one; none when there is no such file. */
export function lastLines(file: string, count: number): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    let from = fstatSync(descriptor).size;
    let text = Buffer.alloc(0);
    // One line more than asked for: the first one read may be half a line.
    while (from > 0 && linesIn(text) <= count) {
      const size = Math.min(CHUNK_BYTES, from);
      from -= size;
      const chunk = Buffer.alloc(size);
      readSync(descriptor, chunk, 0, size, from);
      text = Buffer.concat([chunk, text]);
    }
    const lines = text.toString('utf8').replace(/\n$/, '').split('\n');
    return text.length === 0 || count <= 0 ? [] : lines.slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
