import { OneboxError } from '@onebox/base';
import { metaServersOf, parseInstanceName } from '@onebox/cluster';
import type { InstanceName, StartOutcome } from '@onebox/cluster';
import { Option } from 'commander';
import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { addClusterFlags, clusterOptions } from '../cluster-flags';
import type { ClusterFlags } from '../cluster-flags';
import { ExitWith } from '../exit-code';
import { stayInForeground } from '../foreground';
import { oneboxOf } from '../open-cluster';
import { StartReport } from '../start-report';

interface StartFlags extends ClusterFlags {
  readonly wait: boolean;
  readonly ephemeral?: boolean;
  readonly foreground?: boolean;
  readonly json?: boolean;
}

/** `onebox start [INSTANCE]`: creates a cluster, or starts what does not run of one. */
export function registerStart(program: Command): void {
  const start = program
    .command('start [instance]')
    .description(
      'Start a cluster, or what does not run of it; a cluster that was created keeps its settings.\n' +
        'INSTANCE is meta1, replica2, collector or zookeeper: start only that one.',
    );
  addClusterFlags(start)
    .option('--no-wait', 'return when the processes are started, not when the cluster is healthy')
    .option('--ephemeral', 'nothing of the cluster persists: it is deleted when it stops')
    .addOption(
      new Option(
        '--foreground',
        'stay, tell what happens, and stop the cluster on Ctrl-C; it dies with this command',
      ).conflicts('json'),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWith --foreground the exit code is 0 when it is ended by Ctrl-C, SIGTERM or SIGHUP once the cluster is up,' +
        '\n1 when its servers died. With --ports auto --no-wait nobody notices a port that somebody else takes' +
        '\nbetween the look and the start.' +
        '\n\nExample:\n  onebox start -r 5 --set replication.lb_interval_ms=5000' +
        '\n  onebox start --name e2e --ephemeral --ports auto && eval "$(onebox env --name e2e)"',
    )
    .action((instance: string | undefined, flags: StartFlags, command: Command) =>
      run(instance, flags, command),
    );
}

async function run(word: string | undefined, flags: StartFlags, command: Command): Promise<void> {
  const context = contextOf(command);
  const report = new StartReport(flags.json === true ? { write: () => true } : context.stdout);
  const instance = word === undefined ? undefined : instanceToStart(word);
  if (flags.foreground === true && instance !== undefined) throw foregroundOfOne(instance);
  const settings = clusterOptions(flags, command);
  const interrupts = context.listenForInterrupts();
  const onebox = oneboxOf(command, {
    onEvent: (event) => report.event(event),
    supervisor: flags.foreground === true ? 'child-processes' : 'pm2',
    hurry: interrupts.hurry,
  });
  const { wait } = flags;
  try {
    const outcome = await onebox.start({
      ...settings,
      ephemeral: flags.ephemeral,
      instance,
      wait,
      timeoutMs: flags.timeout * 1000,
      signal: interrupts.signal,
    });
    const { directory } = onebox;
    if (flags.json === true) {
      const json = startJson(outcome, wait, report.leader, directory);
      context.stdout.write(`${JSON.stringify(json)}\n`);
    } else report.done(outcome, { waited: wait, instance, directory });
    if (flags.foreground === true) {
      throw new ExitWith(await stayInForeground(onebox, interrupts.signal, context.stdout));
    }
  } finally {
    onebox.release();
  }
}

function instanceToStart(word: string): InstanceName {
  const name = parseInstanceName(word);
  if (name !== undefined) return name;
  throw new OneboxError('ONEBOX_NO_SUCH_INSTANCE', `'${word}' is not an instance that can be started`, {
    nextStep: 'Name meta1, replica2, collector or zookeeper.',
    data: { instance: word },
  });
}

function foregroundOfOne(instance: InstanceName): OneboxError {
  return new OneboxError('ONEBOX_USAGE', `--foreground is for a whole cluster, not for ${instance}`, {
    nextStep: 'Leave out --foreground, or the instance.',
    data: { instance },
  });
}

function startJson(
  { record, started }: StartOutcome,
  waited: boolean,
  leader: string | undefined,
  directory: string,
): Record<string, unknown> {
  return {
    name: record.name,
    directory,
    started,
    alreadyRunning: started.length === 0,
    waited: waited && started.length > 0,
    metaServers: metaServersOf(record),
    leader: leader ?? null,
    zookeeper: record.zookeeper,
  };
}
