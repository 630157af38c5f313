import { spawnSync } from 'node:child_process';

/** Whether this machine has a program that runs with these words; one line says so when it has not. */
export function hasProgram(program: string, ...words: readonly string[]): boolean {
  const { error, status } = spawnSync(program, words, { stdio: 'ignore', timeout: 20_000 });
  const has = error === undefined && status === 0;
  if (!has) process.stderr.write(`SKIPPED: tests that need ${program}, which is not on this machine\n`);
  return has;
}

/** A `describe` that is skipped, and counted so, on machines without that program. */
export function describeWith(
  program: string,
  words: readonly string[],
  name: string,
  define: () => void,
): void {
  (hasProgram(program, ...words) ? describe : describe.skip)(name, define);
}
