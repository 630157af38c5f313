// `onebox exec -- true`, from the first word to the last process gone, against as many bare servers that are started, answer, and are
// ended.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, get, median, pidsOf, startBare, stopped, until } from './measure.mjs';

/** Three metas, three replica servers, a collector, a ZooKeeper. */
const PORTS = Array.from({ length: 8 }, (_, i) => 17_120 + i);
const ROUNDS = 5;

async function bareServers() {
  const begin = performance.now();
  const children = PORTS.map((port) => startBare(port));
  await Promise.all(PORTS.map((port) => until(`port ${port}`, () => get(port))));
  await Promise.all(children.map(stopped));
  return performance.now() - begin;
}

async function execOnce(zookeeper) {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const begin = performance.now();
  const words = ['exec', '--zookeeper', zookeeper, '--quiet', '--', 'true'];
  const code = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/onebox'), ...words], {
      env: { ...process.env, ONEBOX_HOME: home },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
  const took = performance.now() - begin;
  if (code !== 0) throw new Error(`onebox ${words.join(' ')} ended with ${code}`);
  await until('the end of the last shell', () => pidsOf(home).length === 0);
  if (readdirSync(home).length > 0) throw new Error(`onebox exec left ${readdirSync(home).join(', ')}`);
  rmSync(home, { recursive: true });
  return took;
}

/** Rounds are interleaved, so that a machine that drifts drifts for all. */
export async function measureExec() {
  const bare = [];
  const embedded = [];
  const local = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const results = [await bareServers(), await execOnce('embedded'), await execOnce('local')];
    if (round === 0) continue; // warm-up
    bare.push(results[0]);
    embedded.push(results[1]);
    local.push(results[2]);
  }
  const floor = median(bare);
  return [
    ['eight bare Node servers: started, answering, ended', `${floor.toFixed(0)} ms`],
    ['exec of a no-op, embedded ZooKeeper in memory', `${median(embedded).toFixed(0)} ms`],
    ['exec of a no-op against the bare servers, reach ≤ 4', `${(median(embedded) / floor).toFixed(2)} ×`],
    ['exec of a no-op, Apache ZooKeeper', `${median(local).toFixed(0)} ms`],
    ['… against the bare servers', `${(median(local) / floor).toFixed(2)} ×`],
  ];
}
