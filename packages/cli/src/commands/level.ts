import { Argument } from 'commander';
import type { Command } from 'commander';
import type { FunctionLevelName } from '@onebox/cluster';
import { withTables } from '../with-tables';

/** `onebox level [blind|freezed|steady|lively]`: shows or sets the function level of the meta servers. */
export function registerLevel(program: Command): void {
  program
    .command('level')
    .addArgument(
      new Argument('[level]', 'the level from now on; a new leader starts at steady again').choices([
        'blind',
        'freezed',
        'steady',
        'lively',
      ]),
    )
    .description(
      'Show or set the function level: lively moves replicas to balance them, steady only repairs.',
    )
    .addHelpText('after', '\nExample:\n  onebox level lively')
    .action((level: FunctionLevelName | undefined, _options: unknown, command: Command) =>
      withTables(command, async (tables, print) => {
        const before = await tables.functionLevel(level);
        print(level === undefined ? before : `${before} → ${level}`);
      }),
    );
}
