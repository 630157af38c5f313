import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { ask, openStream } from '../../packages/dashboard/test/support/request';
import { applyPatch } from '../../packages/dashboard/src/model';
import type {
  ActionAnswer,
  DashboardPatch,
  DashboardState,
  PartitionEvents,
} from '../../packages/dashboard/src/model';
import { TestCluster } from '../support/test-cluster';

interface Started {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly started: boolean;
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`);

let cluster: TestCluster;
/** Holds what stands in for the program that opens a browser, and notes what it is given. */
let openers: string;
beforeAll(async () => {
  openers = mkdtempSync(join(tmpdir(), 'obd-'));
  const note = '#!/bin/sh\nprintf "%s\\n" "$@" >"$0.new" && mv "$0.new" "$0.words"\n';
  for (const name of ['xdg-open', 'open']) writeFileSync(join(openers, name), note, { mode: 0o755 });
  const env = { PATH: `${openers}:${process.env['PATH']}` };
  cluster = await TestCluster.create({ metas: 2, replicas: 3, args: ['--no-collector'], env });
});
afterAll(async () => {
  await cluster.destroy();
  rmSync(openers, { recursive: true });
});

const dashboard = async (...words: readonly string[]) =>
  JSON.parse(await cluster.run('dashboard', '--json', ...words)) as Started;

test('the dashboard shows a killed replica server, the partitions it lost and who got them; it ends with the cluster', async () => {
  const { url, port, pid } = await dashboard();
  expect(await dashboard()).toEqual({ name: cluster.name, url, port, pid, started: false });
  const token = new URL(url).searchParams.get('token') ?? '';
  const file = join(cluster.directory, 'dashboard/dashboard.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await cluster.run('status')).toContain(url);

  const page = await ask(port, `/?token=${token}`);
  expect([page.status, /<script nonce="[^"]+">/.test(page.body), page.body.includes('ONEBOX_NONCE')]).toEqual(
    [200, true, false],
  );
  expect((await ask(port, '/state')).status).toBe(403);

  const stream = await openStream(port, `/state?token=${token}`);
  const seen = (): DashboardState | undefined => {
    const [first, ...patches] = stream.events;
    if (first === undefined) return undefined;
    return patches.reduce(
      (state, { data }) => applyPatch(state, data as DashboardPatch),
      first.data as DashboardState,
    );
  };
  const shows = (what: string, probe: (state: DashboardState) => boolean) =>
    until(what, () => ((state) => state !== undefined && probe(state) && state)(seen()), {
      withinMs: 20_000,
    });
  const healthy = await shows('a healthy cluster', (state) => state.cluster.healthy);
  expect(Object.keys(healthy.servers)).toEqual([
    'meta1',
    'meta2',
    'replica1',
    'replica2',
    'replica3',
    'zookeeper',
  ]);
  expect(healthy.zookeeper.electionOrder[0]).toBe(healthy.cluster.leader);
  const temp = Object.values(healthy.tables).find(({ name }) => name === 'temp');
  const rows = await cluster.partitions('temp');
  expect(temp?.partitions.map(([ballot, primary]) => [ballot, healthy.nodes[primary]?.node])).toEqual(
    rows.map(({ ballot, primary }) => [ballot, primary]),
  );

  const action = await ask(port, `/action?token=${token}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ verb: 'kill', instance: 'replica1' }),
  });
  const command = `onebox kill replica1 --name ${cluster.name}`;
  expect(JSON.parse(action.body) as ActionAnswer).toEqual({ ok: true, command, text: 'replica1 is killed.' });
  const killed = await shows('replica1 gone from every partition', ({ tables, servers }) => {
    const members = Object.values(tables).flatMap(({ partitions }) => partitions);
    const without = members.every(([, primary, secondaries]) => primary > 0 && !secondaries.includes(0));
    return without && servers['replica1']?.alive === false;
  });
  expect(killed.servers['replica1']).toMatchObject({ state: 'exited', signal: 'SIGKILL', pid: null });
  expect(killed.cluster).toMatchObject({ healthy: false, state: 'partly running' });
  expect(killed.cluster.reason).toContain('replica1 does not run; ');
  expect(stream.events.slice(1).every(({ name }) => name === 'patch')).toBe(true);
  const told = await shows('the events', ({ events }) => events.some(({ type }) => type === 'node-dead'));
  expect(told.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['command', 'server-died']));
  stream.close();

  // Of the whole log, in words of the page: why the ballot is what it is now.
  const explained = JSON.parse(
    (await ask(port, `/events?token=${token}&partition=temp.0`)).body,
  ) as PartitionEvents;
  const change = explained.events.findLast(({ type }) => type === 'configuration-changed');
  const chain: string[] = [];
  const byId = new Map(explained.events.map((event) => [event.id, event]));
  for (let each = change; each !== undefined; each = byId.get(each.cause ?? '')) chain.push(each.type);
  expect([explained.partition, explained.cut, chain.at(-1)]).toEqual([`${temp?.appId}.0`, false, 'command']);
  expect(chain).toContain('node-dead');
  expect((await ask(port, `/events?token=${token}&partition=99.0`)).status).toBe(404);

  expect(await dashboard('--open')).toMatchObject({ url, started: false });
  const opener = join(openers, process.platform === 'darwin' ? 'open.words' : 'xdg-open.words');
  const words = await until('the opener', () => existsSync(opener) && readFileSync(opener, 'utf8'), {
    withinMs: 5000,
  });
  expect(words).toBe(`${join(cluster.directory, 'dashboard/open.html')}\n`);

  process.kill(pid, 'SIGSTOP');
  const silent = await cluster.cli('dashboard');
  expect([silent.code, silent.stderr]).toEqual([
    1,
    `error: the dashboard runs (pid ${pid}) and does not answer (ONEBOX_DASHBOARD_SILENT)\n` +
      'End it with `onebox dashboard --stop`; `onebox dashboard` then starts it again.\n',
  ]);
  process.kill(pid, 'SIGKILL');
  await until('the end of the process', () => !isAlive(pid), { withinMs: 5000 });
  expect((await cluster.cli('status')).stdout).toContain(
    '\nDashboard        died (SIGKILL); `onebox dashboard` starts it again\n',
  );
  const again = await dashboard();
  expect([again.url, again.started]).toEqual([url, true]);
  expect((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid).toBe(again.pid);

  await cluster.run('stop');
  expect(isAlive(again.pid)).toBe(false);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ format: 1, port, token: null, pid: 0 });
});
