import type { Command } from 'commander';
import { registerScenario } from './scenario';
import { registerStart } from './start';
import { registerStatus } from './status';

/** `onebox compact …`: manual compaction and usage scenario, over the RPCs that the real tools use. */
export function registerCompact(program: Command): void {
  const compact = program.command('compact').description('Compact tables, and tell how they are used.');
  compact.addHelpText('after', '\nExample:\n  onebox compact start temp && onebox compact status temp');
  for (const register of [registerStart, registerStatus, registerScenario]) register(compact);
}
