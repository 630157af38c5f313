import type { Command } from 'commander';
import { registerCreate } from './create';
import { registerDrop } from './drop';
import { registerEnv } from './env';
import { registerList } from './list';
import { registerRecall } from './recall';
import { registerRename } from './rename';
import { registerReplicaCount } from './replica-count';
import { registerShow } from './show';

/** `onebox app …`: table operations, over the RPCs that the real tools use. */
export function registerApp(program: Command): void {
  const app = program.command('app').description('Create, list, change and drop tables.');
  app.addHelpText('after', '\nExample:\n  onebox app create users -p 16');
  const commands = [
    registerCreate,
    registerList,
    registerShow,
    registerDrop,
    registerRecall,
    registerRename,
    registerEnv,
    registerReplicaCount,
  ];
  for (const register of commands) register(app);
}
