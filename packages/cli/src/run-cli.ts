import { CommanderError } from 'commander';
import type { CliContext } from './cli-context';
import { errorJson, errorText } from './error-text';
import { EXIT, ExitWith, exitCodeOf } from './exit-code';
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
    tell(error, words, context);
    return exitCodeOf(error);
  }
}

/** Commander has told its own errors already. */
function tell(error: unknown, words: readonly string[], { stdout, stderr }: CliContext): void {
  if (error instanceof CommanderError || error instanceof ExitWith || error instanceof Interrupted) return;
  if (words.includes('--json')) stdout.write(`${errorJson(error)}\n`);
  stderr.write(errorText(error));
}
