import type { ClusterStatus, ClusterControl } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { EXIT, ExitWith } from '../exit-code';
import { oneboxOf } from '../open-cluster';
import { statusText } from '../status-text';

interface StatusFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** How often `--watch` looks again. */
const WATCH_EVERY_MS = 1000;

/** `onebox status [--json] [--watch]`: every process, and the health of the whole. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .description(
      'Show every process of the cluster and its health. Exit code 0: healthy, 3: not running, 4: unhealthy.',
    )
    .option('--json', 'print JSON, as docs/status-json.md describes it; with --watch one line each')
    .option('--watch', 'go on showing it')
    .addHelpText('after', '\nExample:\n  onebox status --watch')
    .action((flags: StatusFlags, command: Command) => status(flags, command));
}

async function status(flags: StatusFlags, command: Command): Promise<void> {
  const { stdout, listenForInterrupts } = contextOf(command);
  const onebox = oneboxOf(command);
  if (flags.watch !== true) {
    const now = await look(onebox);
    stdout.write(
      flags.json === true ? `${JSON.stringify(now ?? absent(onebox), null, 2)}\n` : text(onebox, now),
    );
    throw new ExitWith(exitCodeOf(now));
  }
  const { signal: interrupt } = listenForInterrupts();
  while (!interrupt.aborted) {
    const now = await look(onebox);
    if (flags.json === true) stdout.write(`${JSON.stringify(now ?? absent(onebox))}\n`);
    else
      stdout.write(
        stdout.isTTY === true ? `\u001b[H\u001b[2J${text(onebox, now)}` : `${text(onebox, now)}\n`,
      );
    await pause(interrupt);
  }
}

function exitCodeOf(now: ClusterStatus | undefined): number {
  if (now === undefined || now.state === 'stopped') return EXIT.notRunning;
  return now.health.healthy ? EXIT.done : EXIT.unhealthy;
}

async function look(onebox: ClusterControl): Promise<ClusterStatus | undefined> {
  return onebox.record === undefined ? undefined : onebox.status();
}

function text(onebox: ClusterControl, now: ClusterStatus | undefined): string {
  return now === undefined ? `There is no cluster '${onebox.name}'.\n` : statusText(now);
}

/** What `--json` says of a cluster that does not exist. */
function absent({ name, directory }: ClusterControl): Record<string, unknown> {
  const health = { healthy: false, reason: 'it does not exist' };
  return {
    name,
    directory,
    state: 'absent',
    health,
    leader: null,
    metaServers: [],
    instances: [],
    tables: [],
  };
}

function pause(interrupt: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, WATCH_EVERY_MS);
    function done(): void {
      clearTimeout(timer);
      interrupt.removeEventListener('abort', done);
      resolve();
    }
    interrupt.addEventListener('abort', done);
  });
}
