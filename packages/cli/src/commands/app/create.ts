import { OneboxError, until } from '@onebox/base';
import { Option } from 'commander';
import type { Command } from 'commander';
import { DEFAULT_PARTITIONS, DEFAULT_REPLICAS } from '@onebox/cluster';
import type { TableAdmin } from '@onebox/cluster';
import { parseDuration } from '../../duration';
import { parseInteger } from '../../integer';
import { parseKeyValues } from '../../key-value';
import { withTables } from '../../with-tables';

interface CreateOptions {
  readonly partitions: number;
  readonly replicas: number;
  readonly env: readonly string[];
  readonly ifNotExists?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

function collect(word: string, words: readonly string[]): readonly string[] {
  return [...words, word];
}

/** `onebox app create NAME`: creates a table and, as the real shell does, waits until it is healthy. */
export function registerCreate(app: Command): void {
  app
    .command('create <name>')
    .description('Create a table and wait until it is healthy.')
    .addOption(
      new Option('-p, --partitions <count>', 'number of partitions')
        .argParser(parseInteger)
        .default(DEFAULT_PARTITIONS),
    )
    .addOption(
      new Option('-r, --replicas <count>', 'replicas of each partition')
        .argParser(parseInteger)
        .default(DEFAULT_REPLICAS),
    )
    .addOption(
      new Option('-e, --env <key=value>', 'an env of the table, repeatable')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--if-not-exists', 'succeed when the same table is already there')
    .option('--no-wait', 'return as soon as the table is stored')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(60, '60s'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  onebox app create users -p 16 -e default_ttl=3600')
    .action((name: string, options: CreateOptions, command: Command) =>
      withTables(command, async (tables, print) => {
        const id = await tables.create(name, {
          partitionCount: options.partitions,
          replicaCount: options.replicas,
          envs: parseKeyValues(options.env),
          successIfExists: options.ifNotExists === true,
        });
        if (options.wait) await healthy(tables, name, options.timeout);
        print(
          options.json === true
            ? JSON.stringify({ id, name })
            : `Table '${name}' has id ${id}${options.wait ? ' and is healthy' : ''}.`,
        );
      }),
    );
}

async function healthy(tables: TableAdmin, name: string, timeoutSeconds: number): Promise<void> {
  let lacking = '';
  try {
    await until(
      `table '${name}' healthy`,
      async () => {
        const ill = (await tables.partitions(name)).filter(
          ({ primary, secondaries, maxReplicaCount }) =>
            (primary === undefined ? 0 : 1) + secondaries.length < maxReplicaCount,
        );
        lacking = ill.map(({ index }) => index).join(', ');
        return ill.length === 0;
      },
      { withinMs: timeoutSeconds * 1000, everyMs: 50 },
    );
  } catch (error) {
    if (!(error instanceof OneboxError) || error.code !== 'ONEBOX_TIMED_OUT') throw error;
    throw new OneboxError(
      'ONEBOX_TABLE_UNHEALTHY',
      `table '${name}' was created, but after ${timeoutSeconds} s its partitions ${lacking} still lack replicas`,
      {
        nextStep: `See \`onebox app show ${name} -d\` and \`onebox status\`.`,
        data: { name, lacking },
        cause: error,
      },
    );
  }
}
