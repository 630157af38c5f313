// What every measurement here needs: running the public command, bare servers to compare with, and waiting for an answer.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export const ROOT = new URL('../..', import.meta.url).pathname;
export const PORT_OFFSET = Number(process.env.ONEBOX_BENCH_PORT_OFFSET ?? -9500);
const BARE = join(ROOT, 'scripts/bench/bare-server.cjs');

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Runs `onebox WORDS…` in a home of its own; fails with what it said. */
export function onebox(home, ...words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/onebox'), ...words], {
      env: { ...process.env, ONEBOX_HOME: home, ONEBOX_NAME: 'bench' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`onebox ${words.join(' ')}: ${code}\n${output}`)),
    );
  });
}

export const START = ['start', '--zookeeper', 'local', '--port-offset', String(PORT_OFFSET)];

/** A cluster for the time of `work`. */
export async function withCluster(work) {
  const home = mkdtempSync(join(tmpdir(), 'obb-'));
  try {
    await onebox(home, ...START);
    return await work(home);
  } finally {
    await onebox(home, 'clear');
    rmSync(home, { recursive: true, force: true });
  }
}

export function startBare(port, kind = 'http', body = 'ok') {
  return spawn(process.execPath, [BARE, String(port), kind, body], { stdio: 'ignore' });
}

export function stopped(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    }
  });
}

/** One GET; undefined when nobody answers. */
export function get(port, path = '/', within = 1000) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false, timeout: within }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        request.destroy();
        resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
      });
      // A server that is killed leaves its answer without an end.
      response.on('close', () => resolve(undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

export async function until(what, probe, within = 60_000) {
  const deadline = performance.now() + within;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** Resident memory of a process in MiB. */
export function rssMiB(pid) {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line[1]) / 1024;
}

/** Pids of processes whose command line contains `text`. */
export function pidsOf(text) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}

/** Answers per second of one server under 16 kept-alive connections, each with one request under way. */
export async function requestsPerSecond(port, path, seconds) {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  const sample = await get(port, path);
  const bodyBytes = Buffer.byteLength(sample.body);
  let answers = 0;
  const sockets = await Promise.all(
    Array.from({ length: 16 }, async () => {
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      let pending = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        const head = pending.indexOf('\r\n\r\n');
        if (head < 0 || pending.length < head + 4 + bodyBytes) return;
        pending = Buffer.alloc(0);
        answers += 1;
        socket.write(request);
      });
      socket.write(request);
      return socket;
    }),
  );
  const second = () => new Promise((resolve) => setTimeout(resolve, 1000));
  await second(); // warm-up
  const [from, before] = [performance.now(), answers];
  for (let passed = 0; passed < seconds; passed += 1) await second();
  const rate = ((answers - before) * 1000) / (performance.now() - from);
  for (const socket of sockets) socket.destroy();
  return rate;
}

/** What one of the TypeScript files here exports; bundled into `directory`. */
export async function bundled(name, directory) {
  const outfile = join(directory, `${name}.cjs`);
  const entryPoints = [join(ROOT, `scripts/bench/${name}.ts`)];
  const how = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' };
  await build({ entryPoints, outfile, ...how });
  return (await import(outfile)).default;
}
