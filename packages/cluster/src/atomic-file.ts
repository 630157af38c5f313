import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader, and a crash, sees either the old content or the whole new one. Mode 0600. */
export function writeAtomically(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, file);
}
