import type { Command } from 'commander';
import { registerClear } from './clear';
import { registerCut } from './cut';
import { registerDelay } from './delay';
import { registerDrop } from './drop';
import { registerExpireSession } from './expire-session';
import { registerList } from './list';
import { registerRpcs } from './rpcs';

/** `onebox fault …`: what is broken on purpose. */
export function registerFault(program: Command): void {
  const fault = program
    .command('fault')
    .description(
      'Break something on purpose: cut servers off, delay or lose what they say, expire sessions.',
    );
  fault.addHelpText(
    'after',
    '\nA fault lasts over restarts of servers, until it is cleared or its time is over. It ends with its cluster.' +
      '\n\nExample:\n  onebox fault cut leader --from zookeeper && onebox fault list && onebox fault clear',
  );
  const commands = [
    registerCut,
    registerDelay,
    registerDrop,
    registerExpireSession,
    registerRpcs,
    registerList,
    registerClear,
  ];
  for (const register of commands) register(fault);
}
