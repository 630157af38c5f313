import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const GOLDEN = join(__dirname, '../golden');

/** `ONEBOX_WRITE_GOLDEN=1` writes what is said instead of comparing it. */
export const WRITES = process.env['ONEBOX_WRITE_GOLDEN'] === '1';

/** Compares a text with a golden file, or writes it. */
export function expectGolden(file: string, text: string): void {
  const path = join(GOLDEN, file);
  if (WRITES) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  // Whoever sees it fail is told how to accept what is said now.
  const accept = 'ONEBOX_WRITE_GOLDEN=1 npx jest test/cli';
  expect({ file, text, accept }).toEqual({ file, text: readGolden(path), accept });
}

function readGolden(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '(there is no such golden file: write it with ONEBOX_WRITE_GOLDEN=1)';
  }
}

/** Names of the files in a folder, without `.txt`; when writing, those that no case has any more are removed. */
export function goldenNames(folder: string, wanted: readonly string[]): readonly string[] {
  const directory = join(GOLDEN, folder);
  const names = readdirSync(directory).map((name) => name.replace(/\.txt$/, ''));
  if (!WRITES) return names.sort();
  for (const name of names) if (!wanted.includes(name)) rmSync(join(directory, `${name}.txt`));
  return names.filter((name) => wanted.includes(name)).sort();
}

/** Every golden file but those of help. */
export function goldenTexts(): readonly { readonly file: string; readonly text: string }[] {
  const files = readdirSync(GOLDEN, { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith('.txt') && !file.startsWith('help'))
    .map((file) => ({ file, text: readFileSync(join(GOLDEN, file), 'utf8') }));
}
