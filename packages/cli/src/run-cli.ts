import { CommanderError } from 'commander';
import type { CliContext } from './cli-context';
import { errorJson, errorText } from './error-text';
import { EXIT, ExitWith, execExitCodeOf, exitCodeOf } from './exit-code';
import { Interrupted } from './interrupted';
import { createProgram } from './program';
import { translateUpstream } from './upstream-verbs';

/**
 * One run of the command.
 *
 * @param words what stands behind `onebox`
 * @returns the exit code
 */
export async function runCli(words: readonly string[], context: CliContext): Promise<number> {
  try {
    const program = createProgram(context);
    if (words.length === 0) {
      // As upstream's: no word at all is a question, not a mistake.
      context.stdout.write(program.helpInformation());
      return EXIT.done;
    }
    await program.parseAsync([...translateUpstream(words)], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    const ours = wordsOfOurs(words);
    tell(error, ours, context);
    return isExec(ours) ? execExitCodeOf(error) : exitCodeOf(error);
  }
}

/** What stands behind `--` belongs to the command that `exec` runs. */
function wordsOfOurs(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}

function isExec(words: readonly string[]): boolean {
  return words.find((word, i) => !word.startsWith('--name') && words[i - 1] !== '--name') === 'exec';
}

/** For people, commander has told its own errors already. */
function tell(error: unknown, words: readonly string[], { stdout, stderr }: CliContext): void {
  if (error instanceof ExitWith || error instanceof Interrupted || isHelp(error)) return;
  if (words.includes('--json')) stdout.write(`${errorJson(error)}\n`);
  if (!(error instanceof CommanderError)) stderr.write(errorText(error));
}

/** Help and the version are thrown, too, as nothing ends the process. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
}
