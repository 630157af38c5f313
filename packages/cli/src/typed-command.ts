import type { Command } from 'commander';
import { shellQuoted } from './shell-quoted';

/** Commander keeps them, though its types do not say so. */
interface WithRawArgs {
  readonly rawArgs: readonly string[];
}

/** What a command is called: `app create`. */
export function verbOf(command: Command): string {
  return command.parent === null ? '' : `${verbOf(command.parent)} ${command.name()}`.trim();
}

/** A command line as it was typed: `onebox app create temp -p 8`. */
export function typedText(command: Command): string {
  let program = command;
  while (program.parent !== null) program = program.parent;
  const { rawArgs } = program as unknown as WithRawArgs;
  return ['onebox', ...rawArgs].map(shellQuoted).join(' ');
}
