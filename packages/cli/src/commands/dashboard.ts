import { spawn } from 'node:child_process';
import { Option } from 'commander';
import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { numberBetween } from '../number-option';
import { oneboxOf } from '../open-cluster';

interface DashboardFlags {
  readonly port?: number;
  readonly open?: boolean;
  readonly stop?: boolean;
  readonly json?: boolean;
}

/** `onebox dashboard [--port N] [--open] [--stop]`: a page that shows the cluster, live. */
export function registerDashboard(program: Command): void {
  program
    .command('dashboard')
    .description(
      'Start a page that shows the cluster live, and print its URL. Whoever has the URL may do what the commands do.\n' +
        'It ends with the cluster.',
    )
    .addOption(
      new Option('--port <port>', 'of 127.0.0.1; left out: one that is free').argParser(
        numberBetween(1, 65_535, 'port'),
      ),
    )
    .option('--open', 'open it in a browser')
    .addOption(new Option('--stop', 'end it').conflicts(['port', 'open']))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  onebox dashboard --open')
    .action((flags: DashboardFlags, command: Command) => dashboard(flags, command));
}

async function dashboard(flags: DashboardFlags, command: Command): Promise<void> {
  const { stdout, stderr, environment } = contextOf(command);
  const onebox = oneboxOf(command);
  try {
    if (flags.stop === true) {
      const stopped = await onebox.stopDashboard();
      const text = stopped ? 'The dashboard is stopped.' : 'The dashboard is not running.';
      stdout.write(`${flags.json === true ? JSON.stringify({ name: onebox.name, stopped }) : text}\n`);
      return;
    }
    const { url, port, pid, started } = await onebox.dashboard({ port: flags.port });
    const json = { name: onebox.name, url, port, pid, started };
    stdout.write(`${flags.json === true ? JSON.stringify(json) : url}\n`);
    if (flags.open === true && !(await openInBrowser(onebox.dashboardOpenFile(url), environment))) {
      stderr.write('No browser could be opened: open the URL by hand.\n');
    }
  } finally {
    onebox.release();
  }
}

/**
 * What opens a file on this system. It goes its own way: neither its output nor its end is ours.
 *
 * @param file leads to the URL, which itself is not for everybody who looks at the list of processes
 * @returns whether there is one
 */
function openInBrowser(file: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  return new Promise((resolve) => {
    const child = spawn(opener, [file], { env: environment, stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
