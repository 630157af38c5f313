import { expiryReport } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';
import { faultsOf } from './faults-of';

/** `onebox fault expire-session INSTANCE` */
export function registerExpireSession(fault: Command): void {
  fault
    .command('expire-session')
    .argument('<instance>', 'meta1 or leader')
    .description(
      "End a meta server's ZooKeeper session from outside. The server ends when it hears of it, as Pegasus' does.",
    )
    .addHelpText(
      'after',
      '\nIt has no --for: an expired session never comes back, `onebox start` starts the server again. Only the server' +
        '\nknows the password of its session, so it has to run: resume one that is paused, or pause it afterwards.' +
        '\n\nExample:\n  onebox fault expire-session leader',
    )
    .action(async (word: string, _flags: unknown, command: Command) => {
      contextOf(command).stdout.write(expiryReport(await faultsOf(command).expireSession(word)));
    });
}
