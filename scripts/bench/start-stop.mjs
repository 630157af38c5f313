// Start to healthy and stop to nothing left, against seven bare servers spawned plainly, and the same through pm2 with a
// ZooKeeper beside them.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PORT_OFFSET,
  ROOT,
  START,
  get,
  median,
  onebox,
  pidsOf,
  startBare,
  stopped,
  until,
} from './measure.mjs';

const PORTS = Array.from({ length: 7 }, (_, i) => 17_100 + i);
const ROUNDS = 5;
/** What a single ZooKeeper server loads, where Debian's package puts it: the same few jars as the local provider's. */
const JARS = [
  'zookeeper',
  'zookeeper-jute',
  'slf4j-api',
  'slf4j-simple',
  'metrics-core',
  'snappy-java',
  'netty-all',
]
  .map((jar) => `/usr/share/java/${jar}.jar`)
  .join(':');

/** (a): seven bare Node HTTP servers, spawned plainly, until all have answered. */
async function barePlainly() {
  const begin = performance.now();
  const children = PORTS.map((port) => startBare(port));
  await Promise.all(PORTS.map((port) => until(`port ${port}`, () => get(port))));
  const took = performance.now() - begin;
  await Promise.all(children.map(stopped));
  return took;
}

/** Whether ZooKeeper says imok on a port. */
function imok(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('ruok'));
    socket.setTimeout(300, () => socket.destroy());
    socket.on('data', (answer) => resolve(answer.toString() === 'imok'));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}

/** (b): the same seven through pm2, as its own command starts them, with a lean ZooKeeper started beside them. */
async function bareThroughPm2() {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const env = {
    ...process.env,
    PM2_HOME: join(home, 'pm2'),
    PM2_DISCRETE_MODE: 'true',
    PM2_DISABLE_VERSION_CHECK: 'true',
    CONCURRENT_ACTIONS: '8',
  };
  mkdirSync(join(home, 'data'));
  const config = join(home, 'zoo.cfg');
  writeFileSync(
    config,
    `tickTime=200\ndataDir=${home}/data\nclientPort=17110\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n4lw.commands.whitelist=ruok\n`,
  );
  const apps = PORTS.map((port) => ({
    name: `bare${port}`,
    script: join(ROOT, 'scripts/bench/bare-server.cjs'),
    args: [String(port), 'http'],
    pmx: false,
    vizion: false,
    autorestart: false,
  }));
  const ecosystem = join(home, 'apps.json');
  writeFileSync(ecosystem, JSON.stringify({ apps }));
  const begin = performance.now();
  const zookeeper = spawn(
    'java',
    [
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xmx128m',
      '-cp',
      JARS,
      'org.apache.zookeeper.server.ZooKeeperServerMain',
      config,
    ],
    { stdio: 'ignore', env: { ...process.env, CLASSPATH: '' } },
  );
  const pm2 = join(ROOT, 'node_modules/pm2/bin/pm2');
  const run = (...words) =>
    new Promise((resolve) =>
      spawn(process.execPath, [pm2, ...words], { env, stdio: 'ignore' }).on('close', resolve),
    );
  await run('start', ecosystem);
  await Promise.all([
    ...PORTS.map((port) => until(`port ${port}`, () => get(port))),
    until('imok', () => imok(17_110)),
  ]);
  const took = performance.now() - begin;
  await run('kill');
  await stopped(zookeeper);
  rmSync(home, { recursive: true, force: true });
  return took;
}

async function oneboxOnce() {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const begin = performance.now();
  await onebox(home, ...START);
  const start = performance.now() - begin;
  const stopBegin = performance.now();
  await onebox(home, 'stop');
  const stop = performance.now() - stopBegin;
  const left = pidsOf(home);
  if (left.length > 0) throw new Error(`stop left ${left.join(', ')}`);
  if ((await get(34_601 + PORT_OFFSET)) !== undefined) throw new Error('stop left a port open');
  const againBegin = performance.now();
  await onebox(home, ...START);
  const again = performance.now() - againBegin;
  await onebox(home, 'clear');
  rmSync(home, { recursive: true, force: true });
  return { start, stop, again };
}

/** Rounds are interleaved, so that a machine that drifts drifts for all. */
export async function measureStartStop() {
  const plain = [];
  const pm2 = [];
  const ours = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const results = [await barePlainly(), await bareThroughPm2(), await oneboxOnce()];
    if (round === 0) continue; // warm-up
    plain.push(results[0]);
    pm2.push(results[1]);
    ours.push(results[2]);
  }
  const [a, b] = [median(plain), median(pm2)];
  const start = median(ours.map((each) => each.start));
  return [
    ['seven bare Node servers, spawned plainly (a)', `${a.toFixed(0)} ms`],
    ['seven bare Node servers through pm2, ZooKeeper beside them (b)', `${b.toFixed(0)} ms`],
    ['start to healthy, 3 metas + 3 replica servers + collector', `${start.toFixed(0)} ms`],
    ['start against (a), reach ≤ 4.5', `${(start / a).toFixed(2)} ×`],
    ['start against (b), reach ≤ 1.6', `${(start / b).toFixed(2)} ×`],
    ['start of a stopped cluster to healthy', `${median(ours.map((each) => each.again)).toFixed(0)} ms`],
    ['stop to nothing left, reach ≤ 1000 ms', `${median(ours.map((each) => each.stop)).toFixed(0)} ms`],
  ];
}
