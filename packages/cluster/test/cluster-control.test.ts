import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OneboxError, until } from '@onebox/base';
import { killNow } from '../src/supervisor';
import { FakeHome, failureOf } from './support/fake-cluster';
import { describeOnEachZooKeeper } from './support/on-each-zookeeper';

// Fake servers, real processes: pm2 and ZooKeeper.
const ALL = ['meta1', 'meta2', 'pm2', 'replica1', 'replica2', 'zookeeper'];
const SERVERS = ['meta1', 'meta2', 'replica1', 'replica2'];

let home: FakeHome;
let offset = -12_400;

describeOnEachZooKeeper('a cluster', (kind) => {
  beforeEach(async () => (home = await FakeHome.create((offset += 10), kind)));
  afterEach(() => home.destroy());

  const kinds = () => home.events.map(({ kind }) => kind);

  describe('starting', () => {
    test('tells what becomes true, and the next command finds everything and stops it without a trace', async () => {
      const { started, record } = await home.onebox().start(home.small);
      expect(started).toEqual(['zookeeper', ...SERVERS]);
      expect(record).toMatchObject({ metas: 2, replicas: 2, zookeeper: { kind, provider: kind } });
      expect(new Set(kinds())).toEqual(
        new Set([
          'notice',
          'instance-started',
          'zookeeper-ready',
          'leader-elected',
          'nodes-alive',
          'tables-healthy',
        ]),
      );
      expect(home.running()).toEqual(ALL);

      const stopped = await home.onebox().stop();
      expect([...stopped].sort()).toEqual([...SERVERS, 'zookeeper']);
      expect(home.running()).toEqual([]);
      expect(home.leftovers()).toEqual([]);
      expect(await home.onebox().stop()).toEqual([]);
    });

    test('again changes nothing; with other settings it is refused; a stopped cluster keeps its settings', async () => {
      await home.onebox().start(home.small);
      const pids = () => home.records.allLive().map(({ identity }) => identity.pid);
      const before = pids();
      expect((await home.onebox().start(home.small)).started).toEqual([]);
      expect((await home.onebox().start()).started).toEqual([]);
      expect(await failureOf(home.onebox().start({ replicas: 5 }))).toMatchObject({
        code: 'ONEBOX_CONTRADICTS_RECORD',
        message: "cluster 'box' was created with other settings: --replicas is 2, not 5",
      });
      expect(pids()).toEqual(before);
      await home.onebox().stop();
      expect((await home.onebox().start()).started).toEqual(['zookeeper', ...SERVERS]);
    });

    test('brings back only what does not run', async () => {
      await home.onebox().start(home.small);
      await home.onebox().kill('replica2');
      await home.onebox().stop('meta2');
      expect((await home.onebox().start()).started).toEqual(['meta2', 'replica2']);
      expect(home.running()).toEqual(ALL);
    });

    test('one instance brings its ZooKeeper, and creates the cluster when it is the first', async () => {
      const { started } = await home.onebox().start({ ...home.small, instance: 'meta1' });
      expect(started).toEqual(['zookeeper', 'meta1']);
      expect((await home.onebox().start({ instance: 'replica1', wait: false })).started).toEqual([
        'replica1',
      ]);
      expect(await failureOf(home.onebox().start({ instance: 'replica3' }))).toMatchObject({
        code: 'ONEBOX_NO_SUCH_INSTANCE',
        message: "cluster 'box' has no replica3",
        nextStep: 'It has meta1, meta2, replica1, replica2, zookeeper.',
      });
      await home.onebox().stop('meta1');
      await home.onebox().stop('replica1');
      // The last server takes pm2's daemon along; ZooKeeper was not asked to go.
      expect(home.running()).toEqual(['zookeeper']);
    });

    test('a server that dies is told at once with its exit code and last lines, and the rest is stopped again', async () => {
      home.misbehave({ dies: { meta2: 3 } });
      const begin = performance.now();
      const failure = await failureOf(home.onebox().start(home.small));
      expect(performance.now() - begin).toBeLessThan(10_000);
      expect(failure).toMatchObject({
        code: 'ONEBOX_SERVER_DIED',
        message: 'meta2 died with exit code 3',
        data: {
          instance: 'meta2',
          code: 3,
          signal: null,
          lines: ['F2026-01-01 assertion failed in meta2', 'dsn exit with code 3'],
        },
      });
      expect(home.running()).toEqual([]);
      expect(home.leftovers()).toEqual([]);
    });

    test('a cluster that does not get healthy says which partitions lack what, and is left running', async () => {
      home.misbehave({ lacks: [0, 1, 2, 5] });
      const failure = await failureOf(home.onebox().start({ ...home.small, timeoutMs: 3000 }));
      expect(failure).toMatchObject({
        code: 'ONEBOX_NOT_HEALTHY',
        message: "cluster 'box' is not healthy after 3 s: temp: partitions 0-2,5 have no primary",
      });
      expect(home.running()).toEqual(ALL);
    });

    test('an abort stops again what was started, and only that', async () => {
      home.misbehave({ lacks: [0] });
      const abort = new AbortController();
      const onebox = home.onebox({
        onEvent: ({ kind }) => kind === 'tables-healthy' && abort.abort(new OneboxError('ENOUGH', 'enough')),
      });
      await home.onebox().start({ ...home.small, instance: 'meta1' });
      expect(await failureOf(onebox.start({ signal: abort.signal }))).toMatchObject({ code: 'ENOUGH' });
      expect(home.running()).toEqual(['meta1', 'pm2', 'zookeeper']);
    });

    test('a wrong setting and a taken port are told before anything is spawned or written', async () => {
      expect(
        await failureOf(home.onebox().start({ ...home.small, set: ['replication.lb_interval_ms=x'] })),
      ).toMatchObject({
        code: 'ONEBOX_CONFIG_INVALID',
      });
      const port = 34_802 + home.portOffset;
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      expect(await failureOf(home.onebox().start(home.small))).toMatchObject({
        code: 'ONEBOX_PORT_IN_USE',
        data: { instance: 'replica2', port, pid: process.pid },
      });
      await new Promise((resolve) => server.close(resolve));
      expect([home.running(), home.onebox().record]).toEqual([[], undefined]);
      expect((await home.onebox().start(home.small)).started).toHaveLength(5);
    });

    test('two at once take turns: one starts, the other finds it running', async () => {
      const outcomes = await Promise.all([home.onebox().start(home.small), home.onebox().start(home.small)]);
      expect(outcomes.map(({ started }) => started.length).sort()).toEqual([0, 5]);
      expect(home.running()).toEqual(ALL);
    });
  });

  describe('after a crash', () => {
    test('of pm2’s daemon the next command stops everything', async () => {
      await home.onebox().start(home.small);
      const daemon = home.records.live('pm2');
      await killNow(home.records, daemon === undefined ? [] : [daemon]);
      expect(home.running()).toEqual(ALL.filter((name) => name !== 'pm2'));
      await home.onebox().stop();
      expect([home.running(), home.leftovers()]).toEqual([[], []]);
    });

    test('of the machine, whose pids belong to others by now, the cluster starts again and touches none of them', async () => {
      await home.onebox().start(home.small);
      await home.onebox().stop();
      for (const name of ALL) {
        writeFileSync(join(home.home, 'box', 'run', name), `${process.pid} of-another-boot:1\n`);
      }
      writeFileSync(join(home.home, 'box', 'pm2', 'rpc.sock'), 'left over');
      expect(home.running()).toEqual([]);
      expect((await home.onebox().start()).started).toEqual(['zookeeper', ...SERVERS]);
      expect(home.running()).toEqual(ALL);
    });
  });

  describe('stopping', () => {
    test('a server that ignores SIGTERM, and a frozen one, are gone all the same', async () => {
      home.misbehave({ ignoresTerm: ['meta2'] });
      await home.onebox().start(home.small);
      process.kill(home.records.live('replica1')?.identity.pid ?? 0, 'SIGSTOP');
      await home.onebox().stop();
      expect(home.running()).toEqual([]);
    });

    test('twice at the same time is one stop', async () => {
      await home.onebox().start(home.small);
      const onebox = home.onebox();
      const [first, second] = await Promise.all([onebox.stop(), onebox.stop()]);
      expect(first).toBe(second);
      expect(home.running()).toEqual([]);
    });

    test('clear deletes the directory; clearing nothing is fine', async () => {
      await home.onebox().start(home.small);
      expect(await home.onebox().clear()).toBe(true);
      expect(home.leftovers()).toEqual([]);
      expect(home.onebox().record).toBeUndefined();
      expect(await home.onebox().clear()).toBe(false);
    });
  });

  describe('status', () => {
    test('shows every process, who leads, and how those ended that do not run', async () => {
      await home.onebox().start(home.small);
      const running = await home.onebox().status();
      expect(running).toMatchObject({
        name: 'box',
        state: 'running',
        health: { healthy: true, reason: 'all 8 partitions of 1 table have every replica they can have' },
        leader: `127.0.0.1:${34_601 + home.portOffset}`,
        functionLevel: 'steady',
      });
      expect(
        running.instances.map(({ name, state, leader, answering }) => [name, state, leader, answering]),
      ).toEqual([
        ['meta1', 'running', true, true],
        ['meta2', 'running', false, true],
        ['replica1', 'running', false, true],
        ['replica2', 'running', false, true],
        ['zookeeper', 'running', false, true],
      ]);
      expect(running.instances[2]).toMatchObject({
        pid: home.records.live('replica1')?.identity.pid,
        port: 34_801 + home.portOffset,
        replicas: { total: 8, primary: 3, secondary: 5 },
        timers: { beaconMs: 300 },
      });

      await home.onebox().kill('replica1');
      await home.onebox().stop('meta2');
      process.kill(home.records.live('replica2')?.identity.pid ?? 0, 'SIGSTOP');
      await until('the freeze', () => home.records.live('replica2')?.facts.state === 'frozen', {
        withinMs: 5000,
      });
      const broken = await home.onebox().status();
      expect(broken).toMatchObject({
        state: 'partly running',
        health: { healthy: false, reason: 'meta2, replica1 do not run; replica2 is frozen' },
      });
      expect(
        broken.instances.map(({ name, state, exitCode, signal, asked }) => [
          ...[name, state, exitCode, signal],
          asked,
        ]),
      ).toEqual([
        ['meta1', 'running', null, null, false],
        ['meta2', 'exited', 0, null, true],
        ['replica1', 'exited', null, 'SIGKILL', false],
        ['replica2', 'frozen', null, null, false],
        ['zookeeper', 'running', null, null, false],
      ]);
      expect(await failureOf(home.onebox().kill('replica1'))).toMatchObject({ code: 'ONEBOX_NOT_RUNNING' });
      expect(await home.onebox().instance('leader')).toBe('meta1');
    });
  });

  test('as plain children the same cluster lives and stops', async () => {
    const onebox = home.onebox({ supervisor: 'child-processes' });
    await onebox.start(home.small);
    expect(home.running()).toEqual(ALL.filter((name) => name !== 'pm2'));
    await onebox.stop();
    expect([home.running(), home.leftovers()]).toEqual([[], []]);
  });
});
