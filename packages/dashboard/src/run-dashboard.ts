import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OneboxError, describeError } from '@onebox/base';
import {
  ClusterControl,
  StateDirectory,
  installationIn,
  readDashboardFile,
  writeDashboardFile,
} from '@onebox/cluster';
import { runAction } from './actions/run-action';
import { ClusterLook } from './feed/cluster-look';
import { EventTail } from './feed/event-tail';
import { StateFeed } from './feed/state-feed';
import { eventWords } from './log/event-words';
import { LogThread } from './log/log-thread';
import type { PartitionEvents } from './model';
import { startDashboardServer } from './server/dashboard-server';

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
  if (found === undefined || found.token === null) {
    throw new OneboxError('ONEBOX_USAGE', `${file} does not say how the dashboard is to be served`, {
      nextStep: 'Use `onebox dashboard`, which starts this program.',
    });
  }
  const directory = dirname(dirname(file));
  const place = { home: dirname(directory), name: basename(directory) };
  // This file is dist/dashboard.js; everything else of the package lies beside dist.
  const installation = installationIn(join(__dirname, '..'));
  const log = new LogThread(__filename);
  const server = await startDashboardServer({
    port: found.port,
    token: found.token,
    feed: feedOf(new ClusterControl({ ...place, installation }), new StateDirectory(place.home, place.name)),
    act: (request) => runAction(request, new ClusterControl({ ...place, installation })),
    explain: async (partition) => {
      return (await log.ask({ place, partition })) as PartitionEvents;
    },
    page: () => readFileSync(join(__dirname, 'dashboard.html'), 'utf8'),
  });
  writeDashboardFile(file, { ...found, port: server.port, pid: process.pid });
}

/** What is seen of the cluster. Its log is only read while somebody watches. */
function feedOf(control: ClusterControl, state: StateDirectory): StateFeed {
  const record = control.demandRecord();
  const tell = (error: unknown): void => {
    // Whoever deleted the cluster does not want to hear of it.
    if (!existsSync(state.recordFile)) process.exit(0);
    process.stderr.write(`${describeError(error)}\n`);
  };
  let events: EventTail | undefined;
  const look = new ClusterLook({ control, record, state, events: () => events });
  return new StateFeed({
    look: () => look.look(),
    everyMs: LOOK_EVERY_MS,
    onBegin: () => {
      events = new EventTail(state, eventWords(record), tell);
    },
    onEnd: () => {
      events?.close();
      events = undefined;
    },
    onError: tell,
  });
}
