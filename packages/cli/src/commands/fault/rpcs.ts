import { rolesText } from '@onebox/cluster';
import { RPC_GROUPS } from '@onebox/protocol';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';

/** `onebox fault rpcs` */
export function registerRpcs(fault: Command): void {
  fault
    .command('rpcs')
    .description('List the task codes that can be delayed or lost, and who sends or receives them.')
    .addHelpText('after', '\nExample:\n  onebox fault rpcs')
    .action((_flags: unknown, command: Command) => {
      const groups = RPC_GROUPS.map(({ theme, roles, codes }) =>
        [`${theme} (${rolesText(roles).toLowerCase()})`, ...codes.map((code) => `  ${code}`), ''].join('\n'),
      );
      contextOf(command).stdout.write(groups.join('\n').replace(/\n$/, '') + '\n');
    });
}
