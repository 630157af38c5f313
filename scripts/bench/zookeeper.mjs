// The embedded ZooKeeper beside Apache ZooKeeper and a bare Node server, in turns: until ready, memory, pipelined requests.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PORT_OFFSET, ROOT, get, median, rssMiB, startBare, stopped, until } from './measure.mjs';
import { zookeeperThroughput } from './zookeeper-load.mjs';

const PORT = 22_181 + PORT_OFFSET;
const BARE_PORT = 17_130;
const STARTS = 7;
const ROUNDS = 3;
const SEVERAL = 8;
const LOADS = [
  ['creates', 1],
  ['gets', 1],
  ['creates', SEVERAL],
  ['gets', SEVERAL],
];
const TIMES = { warmUpMs: 2000, measuredMs: 2000 };
const KINDS = ['embedded', 'local'];

async function loadZookeeperProcess(directory) {
  const outfile = join(directory, 'zookeeper-process.cjs');
  await build({
    entryPoints: [join(ROOT, 'scripts/bench/zookeeper-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  return (await import(outfile)).default.zookeeperProcess;
}

/** Whether a ZooKeeper takes sessions: `ruok` is answered before. */
function serves(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('srvr'));
    socket.setTimeout(300, () => socket.destroy());
    socket.on('data', (answer) => resolve(answer.toString().includes('Mode: ')));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}

async function untilReady(start, ready) {
  const begin = performance.now();
  const child = start();
  await until('the server', ready);
  return { child, ms: performance.now() - begin };
}

/** What a server of each kind needs until it serves, without data, and what it takes then. */
async function measureStarts(starts) {
  const ready = { bare: [], embedded: [], local: [] };
  const rss = { embedded: [], local: [] };
  for (let round = 0; round < STARTS; round += 1) {
    const bare = await untilReady(
      () => startBare(BARE_PORT),
      () => get(BARE_PORT),
    );
    await stopped(bare.child);
    ready.bare.push(bare.ms);
    for (const kind of KINDS) {
      await starts[kind](({ child, ms }) => {
        ready[kind].push(ms);
        rss[kind].push(rssMiB(child.pid));
      });
    }
  }
  return { ready, rss };
}

/** Rates of each load by kind of server, each kind anew and in turns. */
async function measureLoads(starts) {
  const rates = { embedded: LOADS.map(() => []), local: LOADS.map(() => []) };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of KINDS) {
      await starts[kind](async () => {
        for (const [index, [what, connections]] of LOADS.entries()) {
          rates[kind][index].push(await zookeeperThroughput(PORT, what, { ...TIMES, connections }));
        }
      });
    }
  }
  return rates;
}

export async function measureZookeeper() {
  const directory = mkdtempSync(join(tmpdir(), 'obb-'));
  try {
    const zookeeperProcess = await loadZookeeperProcess(directory);
    const withServer = (kind) => async (work) => {
      const own = mkdtempSync(join(directory, `${kind}-`));
      const spec = await zookeeperProcess(kind, join(ROOT, 'bin/zookeeper_embedded'), own, PORT);
      const start = () =>
        spawn(spec.command, spec.args, { cwd: own, env: { ...process.env, ...spec.env }, stdio: 'ignore' });
      const server = await untilReady(start, () => serves(PORT));
      try {
        await work(server);
      } finally {
        await stopped(server.child);
        rmSync(own, { recursive: true, force: true });
      }
    };
    const starts = { embedded: withServer('embedded'), local: withServer('local') };
    // Both have their caches afterwards: of compiled code, of class data.
    for (const kind of KINDS) await starts[kind](() => undefined);
    const { ready, rss } = await measureStarts(starts);
    const rates = await measureLoads(starts);
    const ms = (values) => `${median(values).toFixed(0)} ms`;
    return [
      ['a bare Node server, until it answers', ms(ready.bare)],
      ['the embedded ZooKeeper, until it serves', ms(ready.embedded)],
      [
        '… against the bare Node server, reach ≤ 1.5',
        `${(median(ready.embedded) / median(ready.bare)).toFixed(2)} ×`,
      ],
      ['Apache ZooKeeper, until it serves', ms(ready.local)],
      ['memory of the embedded ZooKeeper, idle, reach ≤ 60 MiB', `${median(rss.embedded).toFixed(0)} MiB`],
      ['memory of Apache ZooKeeper, idle', `${median(rss.local).toFixed(0)} MiB`],
      ...LOADS.flatMap(([what, connections], index) => {
        const [embedded, local] = [median(rates.embedded[index]), median(rates.local[index])];
        const over = connections === 1 ? 'one connection' : `${connections} connections`;
        return [
          [`pipelined ${what} over ${over}, per second: embedded`, embedded.toFixed(0)],
          [`… Apache ZooKeeper`, local.toFixed(0)],
          [`… embedded against it, reach ≥ 0.5`, `${(embedded / local).toFixed(2)} ×`],
        ];
      }),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
