import { readFileSync } from 'node:fs';
import { OneboxError } from '@onebox/base';
import { MAX_METAS, MAX_REPLICAS, PORT_OFFSETS, TIMINGS } from '@onebox/cluster';
import type { ClusterOptions } from '@onebox/cluster';
import { Option } from 'commander';
import type { Command } from 'commander';
import { parseDuration } from './duration';
import { numberBetween } from './number-option';

/** What is said about a cluster when it is created: the same words for `start` and `exec`. */
export interface ClusterFlags {
  readonly metas?: number;
  readonly replicas?: number;
  readonly collector: boolean;
  readonly app?: string;
  readonly partitions?: number;
  readonly timeout: number;
  readonly zookeeper?: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly timing?: keyof typeof TIMINGS;
  readonly timeScale?: number;
  readonly pegasusVersion?: string;
  readonly ports?: 'auto';
  readonly portOffset?: number;
  readonly bind?: string;
  readonly advertise?: string;
}

export function addClusterFlags(command: Command): Command {
  return command
    .addOption(countOption('-m, --metas <count>', 'meta servers (default: 3)', 1, MAX_METAS))
    .addOption(countOption('-r, --replicas <count>', 'replica servers (default: 3)', 0, MAX_REPLICAS))
    .option('--no-collector', 'without a collector')
    .option('-a, --app <table>', 'the table that is there from the beginning (default: temp)')
    .addOption(countOption('-p, --partitions <count>', 'its partitions (default: 8)', 1, 100_000))
    .addOption(
      new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(60, '60s'),
    )
    .option(
      '--zookeeper <what>',
      'auto, docker, local, embedded, or HOST:PORT[,HOST:PORT][/CHROOT] of one that runs (default: auto)',
    )
    .option('--config <file>', 'another template than onebox.ini')
    .addOption(
      new Option('--set <section.key=value>', 'a setting on top of the template, repeatable').argParser(
        collect,
      ),
    )
    .addOption(
      new Option(
        '--timing <pace>',
        'how fast timers run: fast is ten times upstream (default: fast)',
      ).choices(Object.keys(TIMINGS)),
    )
    .addOption(
      new Option('--time-scale <factor>', 'the same as a factor on every period, 0.02 to 10')
        .argParser(numberBetween(0.02, 10, 'factor'))
        .conflicts('timing'),
    )
    .option(
      '--pegasus-version <profile>',
      'answer like: documented, master, 2.5, 2.4, 2.0 (default: documented)',
    )
    .addOption(
      new Option('--ports <which>', 'auto: free ones, which the cluster then keeps')
        .choices(['auto'])
        .conflicts('portOffset'),
    )
    .addOption(
      countOption(
        '--port-offset <count>',
        'shift every port (default: 0, of onebox2: 1000)',
        PORT_OFFSETS.min,
        PORT_OFFSETS.max,
      ),
    )
    .option('--bind <address>', 'listen on this address (default: 127.0.0.1)')
    .option('--advertise <host>', 'the host that servers show for themselves (default: the bind address)');
}

function countOption(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser(numberBetween(min, max, 'whole number'));
}

function collect(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}

/** Only what was said: everything else is the record's, or the default, to say. */
export function clusterOptions(flags: ClusterFlags, command: Command): ClusterOptions {
  const { metas, replicas, app, partitions, zookeeper, set, pegasusVersion } = flags;
  const { ports, portOffset, bind, advertise } = flags;
  return {
    ...{ metas, replicas, app, partitions, zookeeper, set, pegasusVersion },
    ...{ ports, portOffset, bind, advertise },
    collector: command.getOptionValueSource('collector') === 'cli' ? flags.collector : undefined,
    timeScale: flags.timing === undefined ? flags.timeScale : TIMINGS[flags.timing],
    template: flags.config === undefined ? undefined : readTemplate(flags.config),
  };
}

function whyUnreadable(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'permission denied';
    default:
      return code ?? 'unknown reason';
  }
}

function readTemplate(file: string): { file: string; text: string } {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new OneboxError(
      'ONEBOX_UNREADABLE_CONFIG',
      `--config ${file} cannot be read: ${whyUnreadable((error as NodeJS.ErrnoException).code)}`,
      {
        nextStep: 'Name a copy of onebox.ini.',
        data: { file },
        cause: error,
      },
    );
  }
}
