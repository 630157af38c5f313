import { closeSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { StateDirectory } from '../state-directory/state-directory';

/** The current file and those that were rotated away: `events.jsonl`, `events.1.jsonl` … */
const EVENT_FILE = /^events(?:\.\d+)?\.jsonl$/;

/** So much is read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** Where commands and supervisors of a cluster tell their events. */
export function commandLogDirectory(state: Pick<StateDirectory, 'path'>): string {
  return join(state.path, 'log');
}

/** The directories of a cluster in which events may be: that of the commands, and one for each server. */
function eventDirectories(state: Pick<StateDirectory, 'path'>): readonly string[] {
  const servers = entriesOf(state.path).map((name) => join(state.path, name, 'log'));
  return [commandLogDirectory(state), ...servers];
}

/**
 * Files of a cluster that hold events. Newest first in each directory: one that is rotated while they are read is then read
 * twice, and none is left out.
 */
export function eventFiles(state: Pick<StateDirectory, 'path'>): readonly string[] {
  return eventDirectories(state).flatMap((directory) =>
    entriesOf(directory)
      .filter((name) => EVENT_FILE.test(name))
      .sort((a, b) => rotationOf(a) - rotationOf(b))
      .map((name) => join(directory, name)),
  );
}

function rotationOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // It is not there, is none, or was deleted meanwhile.
    return [];
  }
}

/** A file that was not met so many times is gone: one that was just renamed may be missed once. */
const GONE_AFTER = 5;

/** In so many bytes no file begins as another one does: an event has its id there. */
const BEGINNING_BYTES = 128;

/** How far a file was read. */
interface Progress {
  /** Its first bytes, as far as they were there. */
  beginning: string;
  /** When it was met last, in rounds of reading. */
  met: number;
  position: number;
  readonly decoder: StringDecoder;
  /** A line that has no end yet. */
  rest: string;
}

/**
 * Reads complete lines of files that grow and are rotated, each line once. A file is known by its inode, so that it may be
 * renamed, and by how it begins: a file system may give the inode of the oldest file, which is gone, to the newest one. (Not by when
 * it was made: not every file system tells.) One that became shorter is another one, too.
 */
export class GrowingFiles {
  private readonly known = new Map<string, Progress>();
  private round = 0;

  /** Complete lines that were written to these files since the last time; files that are not there have none. */
  newLines(files: readonly string[]): readonly string[] {
    this.round += 1;
    const lines = files.flatMap((file) => this.linesOf(file));
    for (const [identity, { met }] of this.known) {
      if (this.round - met > GONE_AFTER) this.known.delete(identity);
    }
    return lines;
  }

  private linesOf(file: string): readonly string[] {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return [];
    }
    try {
      const { size, ino, dev } = fstatSync(descriptor);
      const identity = `${dev}:${ino}`;
      const beginning = beginningOf(descriptor);
      const earlier = this.known.get(identity);
      const isSame =
        earlier !== undefined && earlier.position <= size && beginning.startsWith(earlier.beginning);
      const progress = isSame ? earlier : fromBeginning();
      progress.met = this.round;
      progress.beginning = beginning;
      this.known.set(identity, progress);
      return readLines(descriptor, size, progress);
    } finally {
      closeSync(descriptor);
    }
  }
}

function fromBeginning(): Progress {
  return { beginning: '', met: 0, position: 0, decoder: new StringDecoder('utf8'), rest: '' };
}

/** One character for each byte: what is there of a character does not change when the rest of it comes. */
function beginningOf(descriptor: number): string {
  const bytes = Buffer.alloc(BEGINNING_BYTES);
  return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, BEGINNING_BYTES, 0));
}

function readLines(descriptor: number, size: number, progress: Progress): readonly string[] {
  const lines: string[] = [];
  while (progress.position < size) {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - progress.position));
    const count = readSync(descriptor, bytes, 0, bytes.length, progress.position);
    if (count === 0) break;
    progress.position += count;
    const complete = (progress.rest + progress.decoder.write(bytes.subarray(0, count))).split('\n');
    progress.rest = complete.pop() ?? '';
    for (const line of complete) lines.push(line);
  }
  return lines;
}
