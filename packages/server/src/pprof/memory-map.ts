import { readFileSync } from 'node:fs';

/** A line of `/proc/<pid>/maps`. Addresses and offset are exact: user space ends far below 2^53. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly executable: boolean;
  /** In the file. */
  readonly offset: number;
  readonly path: string;
}

export function parseMappings(text: string): Mapping[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) ..(.). ([0-9a-f]+) \S+ \d+\s*(.*)$/.exec(line);
    if (match === null) return [];
    const [, start = '', end = '', execute, offset = '', path = ''] = match;
    return {
      start: parseInt(start, 16),
      end: parseInt(end, 16),
      executable: execute === 'x',
      offset: parseInt(offset, 16),
      path,
    };
  });
}

/** The mappings of this process, or an empty text where the system does not tell. */
export function ownMappings(): string {
  try {
    return readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return '';
  }
}
