// A leader with 1,000 tables of 8 partitions, and a replica server with 1,000 replicas: what their big answers cost, whether that
// grows with the state and not faster, and whether anything else is held up meanwhile. In upstream's timing: with thousands of
// partitions a lease of two seconds is too short (docs/performance.md).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORT_OFFSET, ROOT, bundled, get, median, onebox, stopped, until } from './measure.mjs';

const REPLICA_SERVERS = 8;
const META = 34_601 + PORT_OFFSET;
const REPLICA = 34_801 + PORT_OFFSET;
/** What a new cluster has. */
const DEFAULT_TABLES = 2;
const STEPS = [500, 1000];
const SAMPLES = 300;
/** How long both servers are scraped twice a second. */
const SCRAPED_MS = 20_000;
const PATIENCE_MS = 180_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The nearest rank: with 300 samples, the 99th percentile is the fourth largest. */
function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1];
}

/** The server of a cluster again, as a process of this script that measures its event loop. */
async function measured(home, instance, role) {
  const directory = join(home, 'bench', instance);
  await onebox(home, 'kill', instance);
  const words = [
    ...['-r', join(ROOT, 'scripts/bench/event-loop-delay.cjs'), join(ROOT, 'bin/pegasus_server')],
    ...[join(directory, 'config.ini'), '-app_list', role],
  ];
  return { child: spawn(process.execPath, words, { cwd: directory, stdio: 'ignore' }), directory, round: 0 };
}

/** A process that does nothing, measured beside the servers: what is late there is the machine's doing. */
function idle(home) {
  const words = ['-r', join(ROOT, 'scripts/bench/event-loop-delay.cjs'), '-e', 'setInterval(() => {}, 1000)'];
  return { child: spawn(process.execPath, words, { cwd: home, stdio: 'ignore' }), directory: home, round: 0 };
}

/** How late the event loop of a measured server was since the last call. */
async function eventLoopDelay(server) {
  await figuresOf(server);
  server.round += 1;
  server.child.kill('SIGUSR2');
  return figuresOf(server);
}

function figuresOf({ directory, round }) {
  const file = join(directory, 'event-loop-delay.json');
  return until('the figures of an event loop', () => {
    const figures = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    return figures?.round === round ? figures : undefined;
  });
}

async function times(port, path) {
  const took = [];
  let bytes = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const begin = performance.now();
    const answer = await get(port, path, 10_000);
    took.push(performance.now() - begin);
    if (answer?.status !== 200) throw new Error(`${path}: ${answer?.status}`);
    bytes = Buffer.byteLength(answer.body);
    await pause(20);
  }
  return { p50: median(took), p99: percentile(took, 0.99), bytes };
}

async function allHealthy(tables) {
  return until(
    `${tables} healthy tables`,
    async () => {
      const answer = await get(META, '/meta/apps?detail', 10_000);
      if (answer?.status !== 200) return pause(200);
      const { summary } = JSON.parse(answer.body);
      return Number(summary.fully_healthy_app_count) === tables || (await pause(200));
    },
    PATIENCE_MS,
  );
}

async function replicaCount() {
  const answer = await get(REPLICA, '/metrics?types=server&metrics=total_replicas', 10_000);
  return JSON.parse(answer.body).entities[0].metrics[0].value;
}

/** Both servers are asked for their big answers twice a second. */
async function scrapedTogether(servers) {
  for (const server of servers) await eventLoopDelay(server);
  const deadline = performance.now() + SCRAPED_MS;
  while (performance.now() < deadline) {
    const asked = [
      get(REPLICA, '/metrics', 10_000),
      get(META, '/metrics', 10_000),
      get(META, '/meta/apps?detail', 10_000),
    ];
    await Promise.all([...asked, pause(500)]);
  }
  return Promise.all(servers.map(eventLoopDelay));
}

const ms = (value) => `${value.toFixed(1)} ms`;

export async function measureScale() {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  const servers = [];
  const figures = [];
  try {
    const { createTables } = await bundled('create-tables', home);
    await onebox(
      home,
      ...['start', '--zookeeper', 'local', '--port-offset', String(PORT_OFFSET)],
      ...['--metas', '1', '--replicas', String(REPLICA_SERVERS), '--no-collector', '--timing', 'upstream'],
    );
    servers.push(await measured(home, 'meta1', 'meta'), await measured(home, 'replica1', 'replica'));
    await until('a leader', async () =>
      (await get(META, '/meta/nodes'))?.body.includes('"total_node_count":"8"'),
    );
    const steps = [];
    let created = DEFAULT_TABLES;
    const took = [];
    for (const tables of STEPS) {
      const stepBegan = performance.now();
      await createTables(`127.0.0.1:${META}`, 'table_', created + 1, tables);
      await allHealthy(tables);
      created = tables;
      took.push(performance.now() - stepBegan);
      steps.push({
        replicas: await replicaCount(),
        metrics: await times(REPLICA, '/metrics'),
        apps: await times(META, '/meta/apps?detail'),
      });
    }
    const [half, full] = steps;
    servers.push(idle(home));
    const delays = await scrapedTogether(servers);
    figures.push(
      [
        '1,000 tables with 8 partitions each, created and healthy',
        `${((took[0] + took[1]) / 1000).toFixed(1)} s`,
      ],
      [`/metrics of a replica server with ${full.replicas} replicas, p50`, ms(full.metrics.p50)],
      ['p99, reach ≤ 200 ms', ms(full.metrics.p99)],
      ['bytes', `${(full.metrics.bytes / 1e6).toFixed(1)} MB`],
      [
        `time against ${half.replicas} replicas, per replica`,
        `${(full.metrics.p50 / full.replicas / (half.metrics.p50 / half.replicas)).toFixed(2)} ×`,
      ],
      ['/meta/apps?detail of 1,000 tables with 8 partitions each, p50', ms(full.apps.p50)],
      ['p99, reach ≤ 50 ms', ms(full.apps.p99)],
      ['bytes', `${(full.apps.bytes / 1e6).toFixed(1)} MB`],
      ['time against 500 tables, per table', `${(full.apps.p50 / 2 / half.apps.p50).toFixed(2)} ×`],
    );
    const observed = [
      'of the meta, reach ≤ 25 ms',
      'of the replica server, reach ≤ 25 ms',
      'of an idle process beside them',
    ];
    observed.forEach((what, index) => {
      const { p50, p99, max } = delays[index];
      figures.push([
        `scraped twice a second: event-loop delay p99 ${what}`,
        `${ms(p99)} (p50 ${ms(p50)}, max ${ms(max)})`,
      ]);
    });
    return figures;
  } finally {
    for (const { child } of servers) await stopped(child);
    await onebox(home, 'clear');
    rmSync(home, { recursive: true, force: true });
  }
}
