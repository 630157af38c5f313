import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { testPortOffset } from '../../../test/support/test-ports';
import { FakeProduct, endOf } from './support/fake-product';

// The real command as a process, pm2 and the embedded ZooKeeper; the servers are fakes.
const OFFSET = testPortOffset(0);
const SMALL = [
  'start',
  '-m',
  '2',
  '-r',
  '2',
  '--no-collector',
  '--zookeeper',
  'embedded',
  '--port-offset',
  `${OFFSET}`,
];
const LEADER = `127.0.0.1:${34_601 + OFFSET}`;
const METAS = `${LEADER},127.0.0.1:${34_602 + OFFSET}`;

let product: FakeProduct;
beforeAll(async () => (product = await FakeProduct.create()));
afterEach(async () => {
  product.misbehave({});
  expect((await product.run('clear')).code).toBe(0);
  expect(readdirSync(product.home)).toEqual([]);
});
afterAll(() => product.destroy());

/** Pids in the cluster's records. */
function pidOf(name: string): number {
  return Number(readFileSync(join(product.home, 'box/run', name), 'utf8').split(' ')[0]);
}

/** Pids of the processes that run, as the system sees them: every one of a cluster names its directory. */
function running(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLineOf(pid).includes(product.home))
    .map(Number);
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

test('a cluster’s day: start, start again, look, kill, look, bring back, stop', async () => {
  const started = await product.run(...SMALL);
  expect({ ...started, stdout: product.masked(started.stdout) }).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: [
      "ZooKeeper: embedded (onebox's own server of its protocol, not Apache ZooKeeper)",
      `ZooKeeper serves at 127.0.0.1:${22_181 + OFFSET}`,
      `${LEADER} leads the meta servers`,
      'replica servers alive: 2 of 2',
      'tables healthy: 1 of 1',
      "Cluster 'box' is healthy after N s.",
      '',
      `  meta servers     ${METAS}`,
      `  try              curl -L http://${LEADER}/meta/cluster`,
      '  state directory  HOME/box',
      '  other commands   onebox status --name box',
      '',
    ].join('\n'),
  });
  const pids = running();
  expect(pids).toHaveLength(6);

  const again = await product.run(...SMALL);
  expect([again.code, again.stdout.split('\n')[0]]).toEqual([
    0,
    "Cluster 'box' is already running; nothing was changed.",
  ]);
  expect(await product.run('start', '-r', '3')).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr:
      "error: cluster 'box' was created with other settings: --replicas is 2, not 3 (ONEBOX_CONTRADICTS_RECORD)\n" +
      'Leave the flag out, take another --name, or delete this cluster with `onebox clear`.\n',
  });
  expect(running()).toEqual(pids);

  const status = await product.run('status');
  expect([status.code, status.stdout.split('\n')[0]]).toEqual([
    0,
    "Cluster 'box' is healthy: all 8 partitions of 1 table have every replica they can have.",
  ]);
  expect(await product.run('kill', 'leader')).toMatchObject({ code: 0, stdout: 'meta1 is killed.\n' });
  const broken = await product.run('status', '--json');
  const { health, instances } = JSON.parse(broken.stdout) as Record<string, unknown>;
  expect([broken.code, health]).toEqual([
    4,
    { healthy: false, reason: 'meta1 does not run; no meta server leads' },
  ]);
  expect(instances).toMatchObject([
    { name: 'meta1', state: 'exited', exitCode: null, signal: 'SIGKILL', pid: null },
    { name: 'meta2', state: 'running', pid: pidOf('meta2') },
    { name: 'replica1', state: 'running' },
    { name: 'replica2', state: 'running' },
    { name: 'zookeeper', state: 'running' },
  ]);
  const back = await product.run('start', 'meta1');
  expect({ code: back.code, stdout: product.masked(back.stdout) }).toEqual({
    code: 0,
    stdout: 'meta1 answers\nmeta1 is up after N s.\n',
  });
  expect((await product.run('list')).stdout).toMatch(/^box +4 of 4 +until cleared +-\d+ +embedded +127/m);

  expect(await product.run('stop')).toEqual({
    code: 0,
    signal: null,
    stdout: "Cluster 'box' is stopped.\n",
    stderr: '',
  });
  expect(running()).toEqual([]);
  expect(product.leftovers()).toEqual([]);
  expect((await product.run('status')).code).toBe(3);
  expect((await product.run('clear')).stdout).toBe("Cluster 'box' is deleted.\n");
  expect(readdirSync(product.home)).toEqual([]);
});

test('a server that dies at start is told with its last lines; a taken port with its owner', async () => {
  product.misbehave({ dies: { replica1: 9 } });
  const died = await product.run(...SMALL);
  expect([died.code, product.masked(died.stderr)]).toEqual([
    1,
    [
      'error: replica1 died with exit code 9 (ONEBOX_SERVER_DIED)',
      '    F2026-01-01 assertion failed in replica1',
      '    dsn exit with code 9',
      'Its output is in HOME/box/replica1.',
      '',
    ].join('\n'),
  ]);
  expect(running()).toEqual([]);

  const server = createServer();
  const port = 34_601 + OFFSET;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const taken = await product.run('start');
  await new Promise((resolve) => server.close(resolve));
  expect([taken.code, taken.stderr]).toEqual([
    1,
    expect.stringMatching(
      new RegExp(
        `^error: port ${port}, which meta1 needs, is taken by pid ${process.pid} \\(.+\\) \\(ONEBOX_PORT_IN_USE\\)\n`,
      ),
    ),
  ]);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s during a start stops again what was started, and ends with %d', async (signal, code) => {
  product.misbehave({ lacks: [0] });
  const child = product.spawn(...SMALL);
  const end = endOf(child);
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('tables healthy') && resolve()),
  );
  expect(running()).toHaveLength(6);
  child.kill(signal);
  const { stdout, stderr, ...ended } = await end;
  expect(ended).toEqual({ code, signal: null });
  expect(stderr).toBe('');
  expect(stdout).toContain(`interrupted by ${signal}: stopping what was started\n`);
  expect(running()).toEqual([]);
  expect(product.leftovers()).toEqual([]);
});

test('when the command is killed between two servers, the next one finds every process and stops it', async () => {
  // All other moments: test/leftovers/interrupted-start.
  const child = product.spawn(...SMALL);
  const end = endOf(child);
  const replica1 = join(product.home, 'box/run/replica1');
  await until('replica1', () => exists(replica1), { withinMs: 60_000, everyMs: 1 });
  child.kill('SIGKILL');
  expect((await end).signal).toBe('SIGKILL');
  expect((await product.run('stop')).code).toBe(0);
  expect(running()).toEqual([]);
  expect(product.leftovers()).toEqual([]);
});

test('a cluster in the foreground whose processes all die ends the command with 1', async () => {
  const child = product.spawn(...SMALL, '--foreground');
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const end = endOf(child);
  await until('a healthy cluster', () => said.includes('is healthy'), { withinMs: 60_000 });
  for (const pid of running()) process.kill(pid, 'SIGKILL');
  const { code, stdout } = await end;
  expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
    1,
    expect.stringMatching(/ Cluster 'box' is stopped\.$/),
  ]);
});

function exists(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

test('logs show the last lines of every server, and follow what comes', async () => {
  await product.run(...SMALL);
  expect((await product.run('logs', 'meta2')).stdout).toBe(
    'I2026-01-01 meta2 starts\nI2026-01-01 meta2 listens\n',
  );
  expect((await product.run('logs', '-n', '1')).stdout).toContain(
    'replica1  | I2026-01-01 replica1 listens\n',
  );
  const child = product.spawn('logs', 'meta1', '-f', '-n', '1');
  const end = endOf(child);
  await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  writeFileSync(join(product.home, 'box/meta1/log/meta.log'), 'I2026-01-01 one more\n', { flag: 'a' });
  await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  child.kill('SIGINT');
  expect(await end).toMatchObject({
    code: 0,
    stdout: 'I2026-01-01 meta1 listens\nI2026-01-01 one more\n',
  });
});

test('start --json, restart and upstream’s verbs', async () => {
  const started = await product.run(...SMALL, '--json');
  expect(JSON.parse(started.stdout)).toEqual({
    name: 'box',
    directory: join(product.home, 'box'),
    started: ['zookeeper', 'meta1', 'meta2', 'replica1', 'replica2'],
    alreadyRunning: false,
    waited: true,
    metaServers: METAS.split(','),
    leader: LEADER,
    zookeeper: { kind: 'embedded', provider: 'embedded', hosts: `127.0.0.1:${22_181 + OFFSET}` },
  });
  const before = pidOf('replica1');
  expect(await product.run('restart_onebox_instance', '-r', '1')).toMatchObject({ code: 0, stderr: '' });
  expect(pidOf('replica1')).not.toBe(before);
  expect(await product.run('restart')).toMatchObject({ code: 0, stderr: '' });
  expect(await product.run('stop_onebox')).toMatchObject({ code: 0, stdout: "Cluster 'box' is stopped.\n" });
});
