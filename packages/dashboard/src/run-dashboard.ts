import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OneboxError, describeError } from '@onebox/base';
import { ClusterControl, installationIn, readDashboardFile, writeDashboardFile } from '@onebox/cluster';
import { StateFeed } from './feed/state-feed';
import { errorBody } from './server/error-body';
import { startDashboardServer } from './server/dashboard-server';
import { stateOf } from './feed/state-of';

/** From the end of a look to the next one: a person sees no delay, and a look costs some milliseconds. */
const LOOK_EVERY_MS = 300;

/**
 * The whole life of the dashboard's process: serves with what its file says, tells the file that it serves, and ends on a signal.
 *
 * @param words the file: `<home>/<name>/dashboard/dashboard.json`
 */
export async function runDashboard(words: readonly string[]): Promise<void> {
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => process.exit(0));
  try {
    await serve(words[0] ?? '');
  } catch (error) {
    const nextStep =
      error instanceof OneboxError && error.nextStep !== undefined ? `${error.nextStep}\n` : '';
    process.stderr.write(`${describeError(error)}\n${nextStep}`);
    process.exit(1);
  }
}

async function serve(file: string): Promise<void> {
  const found = readDashboardFile(file);
  if (found === undefined) {
    throw new OneboxError('ONEBOX_USAGE', `${file} does not say how the dashboard is to be served`, {
      nextStep: 'Use `onebox dashboard`, which starts this program.',
    });
  }
  const directory = dirname(dirname(file));
  // This file is dist/dashboard.js; everything else of the package lies beside dist.
  const control = new ClusterControl({
    home: dirname(directory),
    name: basename(directory),
    installation: installationIn(join(__dirname, '..')),
  });
  const feed = new StateFeed({
    look: async () => stateOf(await control.status()),
    everyMs: LOOK_EVERY_MS,
    onError: (error) => process.stderr.write(`${describeError(error)}\n`),
  });
  const server = await startDashboardServer({
    port: found.port,
    token: found.token,
    feed,
    act: async () => ({ ...errorBody(new OneboxError('ONEBOX_USAGE', 'no such action')), command: null }),
    page: () => readFileSync(join(__dirname, 'dashboard.html'), 'utf8'),
  });
  writeDashboardFile(file, { ...found, port: server.port, pid: process.pid });
}
