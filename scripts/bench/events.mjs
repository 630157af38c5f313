// What the event log costs servers that have something to tell: tables are created, a replica server is killed again and again, the
// balancer moves, and everything is scraped meanwhile. Processor time of the log against that of its process, in the same run.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORT_OFFSET, get, loadCreateTables, onebox, until } from './measure.mjs';

const META = 34_601 + PORT_OFFSET;
const REPLICA_SERVERS = 3;
const TABLES = 100;
const ROUNDS = 2;
const SERVERS = [
  'meta1',
  ...Array.from({ length: REPLICA_SERVERS }, (_none, index) => `replica${index + 1}`),
];
const SCRAPE_MS = 500;
const PATIENCE_MS = 120_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `status` of a server, from its control socket. */
function statusOf(home, instance) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(join(home, 'bench', instance, 'control.sock'));
    let text = '';
    socket.once('connect', () => socket.write('{"command":"status"}\n'));
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text).result);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${instance} gave no status: ${text}`)));
  });
}

async function spent(home, instance) {
  const { pid, events, cpuMs } = await statusOf(home, instance);
  return { pid, told: events.told, tellMs: events.cpuMs, cpuMs };
}

async function allHealthy() {
  await until(
    'a healthy cluster',
    async () => {
      const answer = await get(META, '/meta/apps?detail', 10_000);
      const summary = answer?.status === 200 ? JSON.parse(answer.body).summary : {};
      const healthy = Number(summary.fully_healthy_app_count) === Number(summary.total_app_count);
      return healthy || (await pause(100));
    },
    PATIENCE_MS,
  );
}

/** Scrapes meta and replica servers twice a second until it is told to stop. */
function scraping() {
  let stopped = false;
  const ports = [
    META,
    ...Array.from({ length: REPLICA_SERVERS }, (_none, index) => 34_801 + PORT_OFFSET + index),
  ];
  const done = (async () => {
    while (!stopped) {
      const asked = ports.map((port) => get(port, '/metrics', 10_000));
      await Promise.all([...asked, get(META, '/meta/apps?detail', 10_000), pause(SCRAPE_MS)]);
    }
  })();
  return async () => {
    stopped = true;
    await done;
  };
}

export async function measureEvents() {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  try {
    const createTables = await loadCreateTables(home);
    await onebox(
      home,
      ...['start', '--zookeeper', 'embedded', '--port-offset', String(PORT_OFFSET), '--no-collector'],
      ...['--metas', '1', '--replicas', String(REPLICA_SERVERS), '--time-scale', '0.3'],
    );
    const before = await Promise.all(SERVERS.map((instance) => spent(home, instance)));
    const began = performance.now();
    const stopScraping = scraping();
    await createTables(`127.0.0.1:${META}`, 'table_', 1, TABLES, 3);
    await allHealthy();
    await onebox(home, 'level', 'lively');
    for (let round = 0; round < ROUNDS; round += 1) {
      await onebox(home, 'kill', 'replica3');
      await until('a dead node', async () => (await get(META, '/meta/nodes'))?.body.includes('UNALIVE'));
      await onebox(home, 'restart', 'replica3');
      await allHealthy();
    }
    await stopScraping();
    const seconds = (performance.now() - began) / 1000;
    const after = await Promise.all(SERVERS.map((instance) => spent(home, instance)));
    const figures = [
      [`${TABLES} tables of 8 × 3 replicas, ${ROUNDS} deaths, scraped: took`, `${seconds.toFixed(0)} s`],
    ];
    SERVERS.forEach((instance, index) => {
      if (before[index].pid !== after[index].pid) return; // killed on purpose: its figures begin anew
      const told = after[index].told - before[index].told;
      const tellMs = after[index].tellMs - before[index].tellMs;
      const cpuMs = after[index].cpuMs - before[index].cpuMs;
      const each = ((tellMs * 1000) / told).toFixed(0);
      figures.push(
        [`${instance}: ${told} events, ${each} µs each; processor time`, `${(cpuMs / 1000).toFixed(1)} s`],
        ['… of it in the event log, reach ≤ 2 %', `${((tellMs / cpuMs) * 100).toFixed(2)} %`],
      );
    });
    const size = statSync(join(home, 'bench', 'meta1', 'log', 'events.jsonl')).size;
    figures.push(["the leader's newest file", `${(size / 1e6).toFixed(1)} MB`]);
    return figures;
  } finally {
    await onebox(home, 'clear');
    rmSync(home, { recursive: true, force: true });
  }
}
