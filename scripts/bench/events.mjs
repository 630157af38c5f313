// What the event log costs servers that have something to tell: tables are created, a replica server is killed again and again, the
// balancer moves, and everything is scraped meanwhile. Each server profiles itself all the time: what counts is the part of its
// processor time in which it told an event, waiting for the disk included.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORT_OFFSET, bundled, get, onebox, until } from './measure.mjs';
import { profiling } from './profiled-share.mjs';

const META = 34_601 + PORT_OFFSET;
const REPLICA_SERVERS = 3;
/** Of {@link SERVERS}, in their order. */
const PORTS = [
  META,
  ...Array.from({ length: REPLICA_SERVERS }, (_none, index) => 34_801 + PORT_OFFSET + index),
];
const TABLES = 100;
const ROUNDS = 2;
const SERVERS = [
  'meta1',
  ...Array.from({ length: REPLICA_SERVERS }, (_none, index) => `replica${index + 1}`),
];
const SCRAPE_MS = 500;
const PATIENCE_MS = 120_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How many events a server has told since it began. */
function eventsOf(home, instance) {
  const lines = readFileSync(join(home, 'bench', instance, 'log', 'events.jsonl'), 'utf8').split('\n');
  return Number(JSON.parse(lines.findLast(Boolean)).id.split('/').at(-1));
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
  const done = (async () => {
    while (!stopped) {
      const asked = PORTS.map((port) => get(port, '/metrics', 10_000));
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
    await onebox(
      home,
      ...['start', '--zookeeper', 'embedded', '--port-offset', String(PORT_OFFSET), '--no-collector'],
      ...['--metas', '1', '--replicas', String(REPLICA_SERVERS), '--time-scale', '0.3'],
    );
    const began = performance.now();
    const stopScraping = scraping();
    const profiles = PORTS.map((port) => profiling(port, 'tell'));
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
    const samples = await Promise.all(profiles.map((stop) => stop()));
    const seconds = (performance.now() - began) / 1000;
    const figures = [
      [`${TABLES} tables of 8 × 3 replicas, ${ROUNDS} deaths, scraped: took`, `${seconds.toFixed(0)} s`],
    ];
    SERVERS.forEach((instance, index) => {
      const { all, below } = samples[index];
      figures.push(
        [`${instance}: ${eventsOf(home, instance)} events; samples of its processor time`, String(all)],
        ['… of them in the event log, reach ≤ 2 %', `${((below * 100) / all).toFixed(2)} %`],
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
