import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@onebox/base';
import type { Fault } from '@onebox/server';
import { eventText, readEvents } from '../../src/event-log';
import type { ClusterFaults } from '../../src/faults';
import type { CommandsFaultsFile } from '../../src/faults/pause';
import { systemProcessTable } from '../../src/process-table/process-table';
import { ClusterLock } from '../../src/state-directory/cluster-lock';
import { StateDirectory } from '../../src/state-directory/state-directory';
import { killNow } from '../../src/supervisor';
import { FakeHome, failureOf } from '../support/fake-cluster';

// Fake servers, which note what they are told; real processes, pm2 and ZooKeeper.
const SERVERS = ['meta1', 'meta2', 'replica1', 'replica2'];
const RUNNING = ['meta1', 'meta2', 'pm2', 'replica1', 'replica2', 'zookeeper'];
const SOON = { withinMs: 10_000, everyMs: 5 };

// One cluster for all of these: each begins with all of it running and nothing broken.
let home: FakeHome;
beforeAll(async () => {
  home = await FakeHome.create(-12_700);
  await home.onebox().start({ ...home.small, wait: false });
}, 30_000);
beforeEach(async () => {
  // The last thread of a process that was killed may hold its port for a moment.
  const starts = () => home.onebox().start({ wait: false });
  await until('all of it runs', () => starts().catch(() => undefined), SOON);
  await until('every control socket', () => SERVERS.every((name) => existsSync(socketOf(name))), SOON);
  await home.onebox().faults.clear();
});
afterAll(() => home.destroy());

const socketOf = (name: string) => join(home.home, 'box', name, 'control.sock');
const stateOf = (name: string) => home.records.live(name)?.facts.state;

/** The ids of the faults that a server was told of last. */
function toldTo(name: string): readonly string[] {
  const file = join(home.home, 'box', name, 'told.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as readonly Fault[]).map(({ id }) => id);
}

/** What is told of the ends of faults and pauses, in words. */
function endings(): readonly string[] {
  const filter = { types: ['resumed', 'fault-ended'] as const };
  return readEvents(new StateDirectory(home.home, 'box'), filter).map((event) => eventText(event));
}

test('every server that runs is told the whole set; one that starts later reads it', async () => {
  const { faults } = home.onebox();
  const cut = await faults.cut('leader', { from: ['zookeeper', 'replica1'] });
  const { id } = cut;
  expect(cut).toMatchObject({
    ...{ kind: 'cut', instance: 'meta1', from: ['zookeeper', 'replica1'], running: true },
    untold: [],
  });
  await home.onebox().kill('replica2');
  const drop = await faults.drop('replica2', { rpc: 'RPC_PREPARE' });
  expect(drop).toMatchObject({ running: false, untold: [] });
  const both = [id, drop.id];
  expect(['meta1', 'meta2', 'replica1'].map(toldTo)).toEqual([both, both, both]);
  expect(toldTo('replica2')).toEqual([id]);
  const { faults: shown, instances } = await home.onebox().status();
  expect(shown).toEqual(faults.standing());
  expect(instances.map(({ faults: ids }) => ids)).toEqual([[id], [], [], [drop.id], []]);

  const { cleared } = await faults.clear([id]);
  expect(cleared.map((each) => each.id)).toEqual([id]);
  expect(toldTo('replica1')).toEqual([drop.id]);
  expect(await failureOf(faults.clear([id]))).toMatchObject({ code: 'ONEBOX_NO_SUCH_FAULT' });
});

test('a paused process is frozen, learns of faults when it goes on, and is resumed by whoever clears', async () => {
  const { faults } = home.onebox();
  const pause = await faults.pause('replica1');
  expect(pause).toMatchObject({ kind: 'pause', instance: 'replica1', untilUnixMs: null });
  expect(stateOf('replica1')).toBe('frozen');
  const set = await faults.cut('meta2', { from: ['replica1'] });
  const frozen = [{ instance: 'replica1', frozen: true, why: 'it is frozen' }];
  expect(set.untold).toEqual(frozen);
  expect(faults.standing().map(({ id }) => id)).toEqual([pause.id, set.id]);

  expect(await faults.resume('replica1')).toEqual({ instance: 'replica1', paused: true });
  expect(toldTo('replica1')).toEqual([set.id]);
  expect(await faults.resume('replica1')).toEqual({ instance: 'replica1', paused: false });

  const { id } = await faults.pause('zookeeper');
  expect((await faults.clear()).cleared.map((each) => each.id)).toEqual([set.id, id]);
  expect(stateOf('zookeeper')).toBe('running');
  expect(faults.standing()).toEqual([]);
  expect(SERVERS.map(toldTo)).toEqual([[], [], [], []]);
});

test('that a frozen server is not told matters only of faults that it enforces', async () => {
  const { faults } = home.onebox();
  await faults.pause('replica1');
  const frozen = [{ instance: 'replica1', frozen: true, why: 'it is frozen' }];
  const cut = await faults.cut('meta2');
  const named = await faults.cut('meta2', { from: ['replica1'] });
  const drop = await faults.drop('replica1', { rpc: 'RPC_PREPARE' });
  expect([cut, named, drop].map(({ untold }) => untold)).toEqual([[], frozen, frozen]);
  expect((await faults.clear([cut.id])).untold).toEqual([]);
  expect((await faults.clear([named.id])).untold).toEqual(frozen);
  await faults.resume('replica1');
  expect(toldTo('replica1')).toEqual([drop.id]);
});

test('a pause that is for some time ends by itself, and is told as an event', async () => {
  await home.onebox().faults.pause('replica1', { forMs: 700 });
  expect(stateOf('replica1')).toBe('frozen');
  expect(home.running()).toContain('resumer-replica1');
  await until('it goes on', () => stateOf('replica1') === 'running', SOON);
  await until('nobody is left', () => !home.running().includes('resumer-replica1'), SOON);
  expect(home.onebox().faults.standing()).toEqual([]);
  const events = readEvents(new StateDirectory(home.home, 'box'), { types: ['paused', 'resumed'] });
  expect(events.slice(-2).map(({ type, server }) => `${server} ${type}`)).toEqual([
    'onebox paused',
    'onebox resumed',
  ]);
});

test('a new pause takes the place of the one before, and a resume ends whoever would resume later', async () => {
  const { faults } = home.onebox();
  const first = await faults.pause('meta2', { forMs: 3_600_000 });
  const second = await faults.pause('meta2');
  expect([second.id, second.untilUnixMs]).toEqual([first.id, null]);
  expect(second.sinceUnixMs).toBe(first.sinceUnixMs);
  expect(home.running()).not.toContain('resumer-meta2');
  await faults.pause('meta2', { forMs: 3_600_000 });
  await faults.resume('meta2');
  expect(home.running()).not.toContain('resumer-meta2');
});

test('a pause whose time is long over is listed, and is cleared, as long as its process is frozen', async () => {
  const { faults } = home.onebox();
  const { id } = await faults.pause('replica1');
  const file = join(home.home, 'box/faults.json');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as CommandsFaultsFile;
  const untilUnixMs = Date.now() - 60_000;
  const pauses = kept.pauses?.map((pause) => ({ ...pause, untilUnixMs }));
  writeFileSync(file, JSON.stringify({ ...kept, pauses }));
  expect(faults.standing()).toMatchObject([{ id, instance: 'replica1', untilUnixMs }]);
  expect((await faults.clear([id])).cleared).toMatchObject([{ id }]);
  expect(stateOf('replica1')).toBe('running');
  expect(faults.standing()).toEqual([]);
});

test('whoever looks a minute after the end finds the process frozen, and resumes it', async () => {
  await home.onebox().faults.pause('replica1');
  const { pid, startToken } = home.records.live('replica1')?.identity ?? { pid: 0, startToken: '' };
  const words = ['/nowhere/resumer-replica1', String(pid), startToken, String(Date.now() - 60_000)];
  const resumer = spawn(process.execPath, [home.installation.resumerProgram, ...words]);
  const code = await new Promise((resolve) => resumer.once('exit', resolve));
  expect([code, stateOf('replica1')]).toEqual([0, 'running']);
});

test.each([
  ['a pause', (faults: ClusterFaults) => faults.pause('meta2', { forMs: 3_600_000 })],
  ['a fault', (faults: ClusterFaults) => faults.cut('meta2', { forMs: 3_600_000 })],
])('the time of %s begins when no other command is busy', async (_what, set) => {
  const lock = new ClusterLock(new StateDirectory(home.home, 'box').lockDirectory, systemProcessTable());
  await lock.take('a long command', 5000);
  const asked = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(asked);
  const take = jest.spyOn(ClusterLock.prototype, 'take');
  try {
    const waiting = set(home.onebox().faults);
    await until('it waits for the lock', () => take.mock.calls.length === 1, SOON);
    clock.mockReturnValue(asked + 60_000);
    lock.release();
    const sinceUnixMs = asked + 60_000;
    expect(await waiting).toMatchObject({ sinceUnixMs, untilUnixMs: sinceUnixMs + 3_600_000 });
  } finally {
    lock.release();
    clock.mockRestore();
    take.mockRestore();
  }
});

test('whoever resumes ends with the process that it waits for', async () => {
  await home.onebox().faults.pause('replica1', { forMs: 3_600_000 });
  await home.onebox().kill('replica1');
  await until('nobody is left', () => !home.running().includes('resumer-replica1'), SOON);
});

test('a process that took the pid of another one is never resumed', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    stdio: 'ignore',
  });
  const { pid = 0 } = bystander;
  try {
    process.kill(pid, 'SIGSTOP');
    const look = () => systemProcessTable().look(pid)?.state;
    await until('it is frozen', () => look() === 'frozen', SOON);
    const words = [
      home.installation.resumerProgram,
      '/nowhere/resumer-replica1',
      String(pid),
      'other:1',
      '0',
    ];
    const code = await new Promise((resolve) => spawn(process.execPath, words).once('exit', resolve));
    expect([code, look()]).toEqual([0, 'frozen']);
  } finally {
    bystander.kill('SIGKILL');
  }
});

test('a server that does not take a fault is named; the fault is set all the same', async () => {
  await home.onebox().kill('replica2');
  home.misbehave({ deaf: ['replica2'] });
  await home.onebox().start({ instance: 'replica2', wait: false });
  const { faults } = home.onebox();
  const failure = await failureOf(faults.cut('meta1'));
  expect(failure).toMatchObject({
    code: 'ONEBOX_FAULT_UNTOLD',
    data: { untold: [{ instance: 'replica2' }] },
  });
  const ids = faults.standing().map(({ id }) => id);
  expect(ids).toHaveLength(1);
  expect(toldTo('replica1')).toEqual(ids);
  home.misbehave({});
  await home.onebox().kill('replica2');
});

test('a start names the fault that stands in its way, at once and when it fails', async () => {
  const { faults } = home.onebox();
  await home.onebox().kill('meta2');
  const { id } = await faults.cut('meta2', { from: ['zookeeper'] });
  // As a meta server does that gets no session; others mind nothing.
  home.misbehave({ dies: { meta2: 1 } });
  await faults.cut('meta1', { from: ['replica1'] });
  const failure = await failureOf(home.onebox().start({ instance: 'meta2' }));
  const line = `${id} stands in the way of meta2: cut meta2 from zookeeper. \`onebox fault clear ${id}\` ends it.`;
  expect(failure).toMatchObject({ code: 'ONEBOX_SERVER_DIED', nextStep: line, data: { faults: [id] } });
  const notices = home.events.flatMap((event) => (event.kind === 'notice' ? [event.line] : []));
  expect(notices.filter((each) => each.startsWith('f'))).toEqual([line]);
  home.misbehave({});
});

test('stopping ends pauses, faults and whoever would resume; the next start begins without faults', async () => {
  const { faults } = home.onebox();
  await faults.pause('replica1', { forMs: 3_600_000 });
  const cut = await faults.cut('replica2');
  expect([...(await home.onebox().stop())].sort()).toEqual([...SERVERS, 'zookeeper']);
  expect([home.running(), home.leftovers(), faults.standing()]).toEqual([[], [], []]);
  expect(await failureOf(faults.cut('replica2'))).toMatchObject({ code: 'ONEBOX_NOT_RUNNING' });
  expect(await faults.clear()).toEqual({ cleared: [], untold: [] });
  await home.onebox().start({ wait: false });
  expect(home.running()).toEqual(RUNNING);
  expect(faults.standing()).toEqual([]);
  // The log tells that they ended, and tells them from later ones by their ids.
  expect(endings().slice(-2)).toEqual([
    `fault ${cut.id} ended with the cluster: cut replica2 from everybody`,
    'replica1 is paused no more: its process ended',
  ]);
  const later = await faults.cut('replica2');
  expect(Number(later.id.slice(1))).toBe(Number(cut.id.slice(1)) + 1);
});

test('a paused process that is killed is paused no more, and the log says so', async () => {
  await home.onebox().faults.pause('replica2');
  await home.onebox().kill('replica2');
  expect(endings().at(-1)).toBe('replica2 is paused no more: its process ended');
});

test('a fault does not outlive a cluster whose processes were killed', async () => {
  const { faults } = home.onebox();
  await faults.cut('replica2');
  await killNow(home.records, home.records.allLive());
  expect(faults.standing()).toHaveLength(1);
  expect(await faults.clear()).toEqual({ cleared: [], untold: [] });
  expect(faults.standing()).toEqual([]);
  expect(endings().at(-1)).toMatch(/^fault f\d+ ended with the cluster: cut replica2 from everybody$/);
  await home.onebox().start({ wait: false });
  expect(faults.standing()).toEqual([]);
});
