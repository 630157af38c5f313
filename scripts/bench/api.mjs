// A cluster for a test: `Onebox.start` to healthy and `stop`, against the same number of bare servers spawned plainly.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Onebox } from 'pegasus-onebox';
import { get, median, startBare, stopped, until } from './measure.mjs';

const ROUNDS = 5;

async function bare(count) {
  const ports = Array.from({ length: count }, (_, i) => 17_200 + i);
  const begin = performance.now();
  const children = ports.map((port) => startBare(port));
  await Promise.all(ports.map((port) => until(`port ${port}`, () => get(port))));
  const took = performance.now() - begin;
  await Promise.all(children.map(stopped));
  return took;
}

async function once(options) {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const begin = performance.now();
  const cluster = await Onebox.start({ ...options, home });
  const start = performance.now() - begin;
  const stopBegin = performance.now();
  await cluster.stop();
  const stop = performance.now() - stopBegin;
  rmSync(home, { recursive: true, force: true });
  return { start, stop };
}

async function measure(what, options, processes) {
  const floors = [];
  const ours = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const results = [await bare(processes), await once(options)];
    if (round === 0) continue; // warm-up
    floors.push(results[0]);
    ours.push(results[1]);
  }
  const [floor, start] = [median(floors), median(ours.map((each) => each.start))];
  return [
    [`Onebox.start to healthy, ${what}`, `${start.toFixed(0)} ms`],
    [`… against ${processes} bare Node servers, spawned plainly`, `${(start / floor).toFixed(2)} ×`],
    ['… stop() to nothing left', `${median(ours.map((each) => each.stop)).toFixed(0)} ms`],
  ];
}

export async function measureApi() {
  return [
    ...(await measure('3 metas + 3 replica servers + collector + ZooKeeper', {}, 8)),
    ...(await measure(
      '1 meta + 1 replica server + ZooKeeper',
      { metas: 1, replicas: 1, collector: false },
      3,
    )),
  ];
}
