// What the event log costs servers that have something to tell: tables are created, a replica server is killed again and again, the
// balancer moves, and everything is scraped meanwhile. The events that each server has told are then told again by a process that does
// nothing else: the processor time this takes, against that of the server.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORT_OFFSET, bundled, get, onebox, until } from './measure.mjs';

const META = 34_601 + PORT_OFFSET;
const REPLICA_SERVERS = 3;
const TABLES = 100;
const ROUNDS = 2;
const SERVERS = [
  'meta1',
  ...Array.from({ length: REPLICA_SERVERS }, (_none, index) => `replica${index + 1}`),
];
/** Of `/proc/PID/stat`; Linux has had 100 for decades. */
const TICKS_PER_SECOND = 100;
/** How often the events are told again; the median counts. */
const TIMES = 5;
const SCRAPE_MS = 500;
const PATIENCE_MS = 120_000;

const seconds1 = (ms) => `${(ms / 1000).toFixed(1)} s`;
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

/** User and system time of a process, ms. */
function processorMs(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13);
  return ((Number(user) + Number(system)) * 1000) / TICKS_PER_SECOND;
}

/** What a server has told, as far as it is kept, and how many events that were since it began. */
function toldBy(home, instance) {
  const log = join(home, 'bench', instance, 'log');
  const files = ['events.2.jsonl', 'events.1.jsonl', 'events.jsonl'].filter((file) =>
    existsSync(join(log, file)),
  );
  const lines = files.flatMap((file) => readFileSync(join(log, file), 'utf8').split('\n').filter(Boolean));
  return { lines, count: Number(JSON.parse(lines.at(-1)).id.split('/').at(-1)) };
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
    const { createTables } = await bundled('create-tables', home);
    const { tellAgain } = await bundled('tell-again', home);
    await onebox(
      home,
      ...['start', '--zookeeper', 'embedded', '--port-offset', String(PORT_OFFSET), '--no-collector'],
      ...['--metas', '1', '--replicas', String(REPLICA_SERVERS), '--time-scale', '0.3'],
    );
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
    const figures = [
      [`${TABLES} tables of 8 × 3 replicas, ${ROUNDS} deaths, scraped: took`, `${seconds.toFixed(0)} s`],
    ];
    for (const instance of SERVERS) {
      const { pid } = await statusOf(home, instance);
      const serverMs = processorMs(pid);
      const { lines, count } = toldBy(home, instance);
      const eachMs = tellAgain(lines, join(home, 'again'), TIMES) / lines.length;
      figures.push(
        [
          `${instance}: ${count} events, ${(eachMs * 1000).toFixed(1)} µs each; its processor time`,
          seconds1(serverMs),
        ],
        ['… of it for the event log, reach ≤ 2 %', `${((eachMs * count * 100) / serverMs).toFixed(2)} %`],
      );
    }
    const size = statSync(join(home, 'bench', 'meta1', 'log', 'events.jsonl')).size;
    figures.push(["the leader's newest file", `${(size / 1e6).toFixed(1)} MB`]);
    return figures;
  } finally {
    await onebox(home, 'clear');
    rmSync(home, { recursive: true, force: true });
  }
}
