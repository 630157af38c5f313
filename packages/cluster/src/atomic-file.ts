import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** What a writer leaves that was killed in the middle. */
export const UNFINISHED = /\.\d+\.new$/;

/** Writes a file so that a reader, and a crash, sees either the old content or the whole new one. Mode 0600. */
export function writeAtomically(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.new`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch (error) {
    // A full disk takes the file and not its text.
    rmSync(unfinished, { force: true });
    throw error;
  }
}
