import { OneboxError } from '@onebox/base';
import { CompactionAdmin, TableAdmin, USAGE_SCENARIOS } from '@onebox/cluster';
import type { UsageScenario } from '@onebox/cluster';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';

/** `onebox compact scenario TABLE [SCENARIO]`: the env `rocksdb.usage_scenario`. */
export function registerScenario(compact: Command): void {
  compact
    .command('scenario')
    .argument('<table>', 'table')
    .addArgument(new Argument('[scenario]', 'nothing: show').choices(USAGE_SCENARIOS))
    .description("Show or set a table's usage scenario.")
    .addHelpText('after', '\nExample:\n  onebox compact scenario temp bulk_load')
    .action((name: string, scenario: UsageScenario | undefined, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        if (scenario === undefined) {
          print(await scenarioOf(new TableAdmin(meta), name));
          return;
        }
        await new CompactionAdmin(meta).setScenario(name, scenario);
        print(`Table '${name}': ${scenario}; replica servers learn it at their next config-sync.`);
      }),
    );
}

async function scenarioOf(tables: TableAdmin, name: string): Promise<string> {
  const table = (await tables.list()).find((each) => each.name === name && each.status !== 'DROPPED');
  if (table === undefined) {
    throw new OneboxError('ERR_APP_NOT_EXIST', `there is no table '${name}'`, {
      nextStep: 'See `onebox app list`.',
    });
  }
  return table.envs['rocksdb.usage_scenario'] ?? 'normal';
}
