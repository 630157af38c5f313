// A cluster for a test: `Onebox.start` to healthy and `stop`, in turns with what the command does with the same ZooKeeper.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Onebox } from 'pegasus-onebox';
import { PORT_OFFSET, median, onebox } from './measure.mjs';

const ROUNDS = 5;

/** How long `work` takes, in milliseconds, and what it gives. */
async function timed(work) {
  const begin = performance.now();
  const result = await work();
  return { took: performance.now() - begin, result };
}

async function byCommand(words) {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const place = ['--zookeeper', 'embedded', '--port-offset', String(PORT_OFFSET)];
  const { took } = await timed(() => onebox(home, 'start', ...place, ...words));
  await onebox(home, 'clear');
  rmSync(home, { recursive: true, force: true });
  return took;
}

async function byApi(options) {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const { took: start, result: cluster } = await timed(() => Onebox.start({ ...options, home }));
  const { took: stop } = await timed(() => cluster.stop());
  rmSync(home, { recursive: true, force: true });
  return { start, stop };
}

async function measure(what, options, words) {
  const command = [];
  const api = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const results = [await byCommand(words), await byApi(options)];
    if (round === 0) continue; // warm-up
    command.push(results[0]);
    api.push(results[1]);
  }
  const start = median(api.map((each) => each.start));
  return [
    [`Onebox.start to healthy, ${what}`, `${start.toFixed(0)} ms`],
    ['… against `onebox start --zookeeper embedded`', `${(start / median(command)).toFixed(2)} ×`],
    ['… stop() to nothing left', `${median(api.map((each) => each.stop)).toFixed(0)} ms`],
  ];
}

export async function measureApi() {
  const small = { metas: 1, replicas: 1, collector: false };
  return [
    ...(await measure('3 metas + 3 replica servers + collector', {}, [])),
    ...(await measure('1 meta + 1 replica server', small, ['-m', '1', '-r', '1', '--no-collector'])),
  ];
}
