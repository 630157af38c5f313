import { execFile } from 'node:child_process';

export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Last line that says anything, of standard error if it has one: what a person wants to know when `ok` is false. */
  readonly lastLine: string;
}

/**
 * Runs a program to its end, `withinMs` real milliseconds at most (then it is killed). Never rejects: that a program is not
 * there, fails, or hangs are results.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: {
    readonly withinMs: number;
    readonly env: NodeJS.ProcessEnv;
    readonly cwd?: string;
    /** Aborting it kills the program. */
    readonly signal?: AbortSignal;
  },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        env: options.env,
        cwd: options.cwd,
        timeout: options.withinMs,
        killSignal: 'SIGKILL',
        signal: options.signal,
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const lastLine = lastOf(stderr) ?? lastOf(stdout) ?? error?.message ?? '';
        const hung = error?.killed === true ? `no end within ${options.withinMs} ms` : undefined;
        resolve({ ok: error === null, stdout, lastLine: hung ?? lastLine });
      },
    );
  });
}

/** How docker-compose 1 ends what it said: the reason stands before it. */
const CLOSING_WORDS = 'Encountered errors while bringing up the project.';

function lastOf(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== CLOSING_WORDS)
    .at(-1);
}
