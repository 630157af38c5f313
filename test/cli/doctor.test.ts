import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { examine } from '@onebox/cluster';
import type { Finding } from '@onebox/cluster';
import { FakeProduct } from '../../packages/cli/test/support/fake-product';
import { checkPackage } from '../../packages/cluster/src/doctor/package-check';
import { probePackage } from '../../packages/cluster/src/doctor/system/probe-package';
import { PROJECT } from '../support/run-cli';
import { testPortOffset } from '../support/test-ports';

// The real command, pm2 and the embedded ZooKeeper; the servers are fakes. What the doctor finds is really so, and its
// commands are really typed into a shell.
const OFFSET = testPortOffset(0);
const START = `onebox start -m 1 -r 1 --no-collector --zookeeper embedded --port-offset=${OFFSET}`;

const INSTALLATION = {
  serverProgram: join(PROJECT, 'bin/pegasus_server'),
  zookeeperProgram: join(PROJECT, 'bin/zookeeper_embedded'),
  resumerProgram: join(PROJECT, 'bin/onebox_resumer'),
  dashboardProgram: '',
  pm2Daemon: '',
  template: join(PROJECT, 'onebox.ini'),
  composeFile: join(PROJECT, 'docker-compose.yml'),
};

let product: FakeProduct;
beforeAll(async () => (product = await FakeProduct.create()));
afterEach(async () => {
  await product.shell('onebox clear; onebox clear --name two');
  expect(readdirSync(product.home)).toEqual([]);
});
afterAll(() => product.destroy());

/** What one check of the doctor finds out; processes of other homes of this machine are not ours to end. */
async function findings(check: Finding['check'], portOffset?: number): Promise<readonly Finding[]> {
  const { home } = product;
  const diagnosis = await examine({
    ...{ name: 'box', home, portOffset, installation: INSTALLATION, environment: process.env },
  });
  return diagnosis.findings.filter(
    (finding) => finding.check === check && !(check === 'processes' && finding.status === 'warning'),
  );
}

/** The one thing that is wrong; after its command nothing is. */
async function putRight(check: Finding['check'], portOffset?: number): Promise<Finding> {
  const [finding, ...others] = await findings(check, portOffset);
  expect(others).toEqual([]);
  expect({ ...finding, status: finding?.status === 'ok' ? 'ok' : 'wrong' }).toMatchObject({
    status: 'wrong',
  });
  const { code, stderr } = await product.shell(finding?.fix ?? 'false');
  // What is left of ephemeral clusters goes with the next command, whatever it is.
  expect({ code, stderr: stderr.replace(/^Removed what was left of cluster '\w+'\.\n/, '') }).toEqual({
    code: 0,
    stderr: '',
  });
  const left = async () => (await findings(check, portOffset)).filter(({ status }) => status !== 'ok');
  await until(`nothing wrong with ${check}`, async () => (await left()).length === 0, { withinMs: 20_000 });
  return finding as Finding;
}

const inHome = (file: string) => join(product.home, file);
const pidOf = (name: string) => Number(readFileSync(inHome(`box/run/${name}`), 'utf8').split(' ')[0]);

/** Kills a process of the cluster, and waits until nobody hears of it any more. */
async function murder(...names: readonly string[]): Promise<void> {
  const pids = names.map(pidOf);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const alive = (pid: number) => {
    try {
      return /^State:\s+[^ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  await until('the end', () => !pids.some(alive), { withinMs: 20_000 });
}

test('a machine where nothing was ever started is looked at in less than two seconds, and left as it was', async () => {
  const { stdout, stderr } = await product.shell('onebox doctor; times >&2');
  // Of a processor, the start of Node and of what it asks included: how long that takes depends on who else wants it.
  const [, ofChildren = ''] = stderr.split('\n');
  const seconds = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  expect(seconds).toHaveLength(2);
  expect(seconds.reduce((a, b) => a + b)).toBeLessThan(2);
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  expect(stdout).toContain(`there are no clusters in ${product.home}`);
  expect(readdirSync(product.home)).toEqual([]);
});

test('a start that was killed before it recorded anything', async () => {
  mkdirSync(inHome('box'));
  writeFileSync(inHome('box/.pegasus-onebox'), '');
  expect((await putRight('state')).summary).toMatch(/belongs to no cluster/);
});

test('a record that is damaged makes the exit code 1', async () => {
  mkdirSync(inHome('box'));
  writeFileSync(inHome('box/.pegasus-onebox'), '');
  writeFileSync(inHome('box/record.json'), '{');
  expect((await product.shell('onebox doctor')).code).toBe(1);
  expect((await putRight('state')).status).toBe('problem');
});

test('a cluster that runs is in order; what happens to it one after another is found and put right', async () => {
  await product.shell(START);
  const [state] = await findings('state');
  expect(state?.summary).toBe(`1 cluster in ${product.home}, in order`);
  const ports = [22_181, 34_601, 34_801].map((port) => port + OFFSET);
  expect(await findings('ports')).toMatchObject([{ status: 'ok', data: { ports, own: 3 } }]);

  await murder('replica1');
  expect((await putRight('state')).summary).toBe("cluster 'box' runs, but replica1 does not");

  await murder('pm2');
  expect((await putRight('state')).summary).toMatch(/^cluster 'box' runs, but pm2's daemon/);

  const pid = pidOf('replica1');
  rmSync(inHome('box/run/replica1'));
  expect(await putRight('processes')).toMatchObject({
    status: 'problem',
    summary: `running without a record: replica1 (pid ${pid}, of ${inHome('box')})`,
    fix: `kill -KILL ${pid}`,
  });

  await murder('pm2', 'meta1', 'zookeeper');
  const { summary, data } = await putRight('state');
  expect(summary).toMatch(
    /^cluster 'box' was not stopped: its processes are gone, the record of pm2 \(pid \d+\)/,
  );
  expect(data['sockets']).toEqual([
    'pm2/rpc.sock',
    'pm2/pub.sock',
    'meta1/control.sock',
    'replica1/control.sock',
  ]);

  const holder = { free: false, doing: 'start', pid: 1, startToken: 'of another boot' };
  symlinkSync(JSON.stringify(holder), inHome('box/lock/99'));
  expect((await putRight('state')).summary).toBe(
    "the lock of cluster 'box' is held by pid 1 (start), which is gone",
  );
});

test('an ephemeral cluster whose end nobody saw', async () => {
  await product.shell(`${START} --ephemeral`);
  await murder('pm2', 'meta1', 'replica1', 'zookeeper');
  expect((await putRight('state')).summary).toMatch(/^the ephemeral cluster 'box' should be gone/);
});

test('a port that a stranger has, and one that another cluster has', async () => {
  const port = 34_601 + OFFSET;
  const script = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
  const stranger = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => stranger.stdout.once('data', resolve));
  const taken = await putRight('ports', OFFSET);
  expect([taken.fix, taken.data['instance']]).toEqual([`kill ${stranger.pid}`, 'meta1']);

  const begun = await product.shell(`${START} --name two`);
  expect([begun.code, begun.stderr]).toEqual([0, expect.any(String)]);
  const found = await findings('ports', OFFSET);
  expect(found.map(({ fix }) => fix)).toEqual(Array(3).fill('onebox stop --name two'));
  await product.shell(found[0]?.fix ?? 'false');
  expect(await findings('ports', OFFSET)).toMatchObject([{ status: 'ok' }]);
});

test('an installed package without the code caches of this Node', async () => {
  const root = mkdtempSync(join(tmpdir(), 'ob-doctor-'));
  try {
    for (const name of ['bin', 'dist', 'package.json', 'onebox.ini', 'docker-compose.yml']) {
      cpSync(join(PROJECT, name), join(root, name), { recursive: true });
    }
    for (const name of readdirSync(join(root, 'dist'))) {
      if (name.endsWith('.cache')) rmSync(join(root, 'dist', name));
    }
    const look = () => checkPackage({ ...probePackage(root), missingPackages: [] });
    const [finding] = look();
    expect(finding).toMatchObject({
      status: 'warning',
      summary: expect.stringMatching(/^there are no code caches/) as unknown,
    });
    expect(await product.shell(finding?.fix ?? 'false')).toMatchObject({ code: 0, stderr: '' });
    expect(look()).toMatchObject([{ status: 'ok' }]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
