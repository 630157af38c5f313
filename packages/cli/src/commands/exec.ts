import { randomInt } from 'node:crypto';
import { ClusterControl, environmentOf } from '@onebox/cluster';
import type { Command } from 'commander';
import { clusterNameOf, contextOf, homeOf } from '../cli-context';
import { addClusterFlags, clusterOptions } from '../cluster-flags';
import type { ClusterFlags } from '../cluster-flags';
import { errorText } from '../error-text';
import { ExitWith } from '../exit-code';
import { refuseUnrunnable, runProgram } from '../run-program';
import { StartReport } from '../start-report';

interface ExecFlags extends ClusterFlags {
  readonly quiet?: boolean;
}

/** `onebox exec [start options] -- CMD ARGS…`: a cluster for the time of a command. */
export function registerExec(program: Command): void {
  const exec = program
    .command('exec')
    .argument('<command...>', 'the command and its words, after --')
    .description(
      'Run a command with an ephemeral cluster of its own, on free ports, that is gone when the command ends.\n' +
        'It finds the cluster in ONEBOX_META_SERVERS, ONEBOX_REPLICA_SERVERS, ONEBOX_COLLECTOR, ONEBOX_ZOOKEEPER;\n' +
        'ONEBOX_HOME and ONEBOX_NAME are set, so that `onebox status` and others in it mean this cluster.',
    );
  addClusterFlags(exec)
    .option('-q, --quiet', 'say nothing but what goes wrong; all that onebox says goes to standard error')
    .addHelpText(
      'after',
      "\nThe exit code is the command's, 128+N when signal N ended it; 125 when the cluster cannot be had," +
        '\n126 when the command cannot be run, 127 when there is no such command.' +
        '\n\nExample:\n  onebox exec -- npm run e2e' +
        '\n  onebox exec -m 1 -r 1 --quiet -- sh -c \'curl -sL "http://${ONEBOX_META_SERVERS%%,*}/meta/nodes"\'',
    )
    .action((words: readonly string[], flags: ExecFlags, command: Command) => run(words, flags, command));
}

async function run(words: readonly string[], flags: ExecFlags, command: Command): Promise<void> {
  const { environment, installation, listenForInterrupts, stderr } = contextOf(command);
  const [program = '', ...args] = words;
  refuseUnrunnable(program, environment);
  const settings = clusterOptions(flags, command);
  const output = flags.quiet === true ? { write: () => true } : stderr;
  const report = new StartReport(output);
  const interrupts = listenForInterrupts();
  const home = homeOf(command);
  // ONEBOX_NAME names a cluster that is there: with it, two would get into each other's way.
  const isNamed = command.getOptionValueSourceWithGlobals('name') === 'cli';
  const onebox = new ClusterControl({
    name: isNamed ? clusterNameOf(command) : someName(),
    home,
    installation,
    supervisor: 'child-processes',
    hurry: interrupts.hurry,
    // What a person who waits for a command wants to know: not each step of a start that goes well.
    onEvent: (event) => {
      if (event.kind === 'notice' || event.kind === 'config-warning' || event.kind === 'undoing')
        report.event(event);
    },
  });
  let code: number | undefined;
  try {
    const { record } = await onebox.start({
      ...settings,
      ports: settings.portOffset === undefined ? 'auto' : undefined,
      ephemeral: true,
      fresh: true,
      timeoutMs: flags.timeout * 1000,
      signal: interrupts.signal,
    });
    report.ready(record.name, words);
    interrupts.signal.throwIfAborted();
    code = await runProgram(program, args, {
      environment: { ...environment, ...environmentOf(record, home) },
      interrupts,
      bequeath: (pid) => onebox.bequeath(pid),
    });
  } finally {
    await onebox.stop().catch((error: unknown) => {
      // What the command did counts for more; what is left, the next command removes.
      if (code === undefined || code === 0) throw error;
      stderr.write(errorText(error));
    });
  }
  throw new ExitWith(code);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `exec-x7k2p9`: nobody has to type it. */
function someName(): string {
  return `exec-${Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}
