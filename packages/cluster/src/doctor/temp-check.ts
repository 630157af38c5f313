import { findingsOf } from './finding';
import type { Finding } from './finding';
import { shellWords } from './shell-words';

export interface TempFacts {
  readonly directory: string;
  /** Undefined when a file could be made there. */
  readonly why: string | undefined;
}

const say = findingsOf('temp');

/** Java, Docker's client and npm write temporary files. */
export function checkTemp({ directory, why }: TempFacts): readonly Finding[] {
  const data = { directory };
  if (why === undefined) return [say.ok(`${directory} is writable`, { data })];
  return [
    say.warning(`temporary files cannot be made in ${directory}: ${why}`, {
      advice: 'Servers do without; Java, Docker and npm do not.',
      fix: directory === '/tmp' ? shellWords('chmod', '1777', '/tmp') : 'unset TMPDIR',
      data,
    }),
  ];
}
