import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { processesNaming } from '../support/processes';
import { runCli } from '../support/run-cli';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

interface Status {
  readonly instances: readonly { name: string; state: string; pid?: number | null }[];
}

async function status(cluster: TestCluster): Promise<Status> {
  return JSON.parse((await cluster.cli('status', '--json')).stdout) as Status;
}

/** No process names the cluster's home, and no port of it is open. */
async function expectNothingRuns(cluster: TestCluster): Promise<void> {
  await until('every process of the cluster gone', () => processesNaming(cluster.home).length === 0, {
    withinMs: 5000,
  });
  const ports = [...cluster.metas, cluster.replica(1), cluster.replica(2), cluster.replica(3)];
  for (const node of ports) await expect(httpGet(node, '/version')).rejects.toThrow('ECONNREFUSED');
}

describe('start and stop', () => {
  test('stop leaves no process and no port; a second stop is fine; status then says not running', () =>
    withCluster({}, async (cluster) => {
      expect((await cluster.cli('status')).code).toBe(0);
      expect(await cluster.cli('stop')).toMatchObject({ code: 0 });
      await expectNothingRuns(cluster);
      expect(await cluster.cli('stop')).toMatchObject({ code: 0 });
      expect((await cluster.cli('status')).code).toBe(3);
      expect((await cluster.cli('clear')).code).toBe(0);
      expect(existsSync(cluster.directory)).toBe(false);
    }));

  test('a second start changes nothing and exits 0; with other flags it exits 1 and names both values', () =>
    withCluster({}, async (cluster) => {
      const before = (await status(cluster)).instances.map(({ pid }) => pid);
      expect(await cluster.cli(...cluster.startWords())).toMatchObject({ code: 0 });
      expect((await status(cluster)).instances.map(({ pid }) => pid)).toEqual(before);
      const contradicting = await cluster.cli('start', '--replicas', '5');
      expect(contradicting.code).toBe(1);
      expect(contradicting.stderr).toMatch(/5/);
      expect(contradicting.stderr).toMatch(/3/);
    }));

  test('an unhealthy cluster has status exit code 4, with the reason', () =>
    withCluster({}, async (cluster) => {
      await cluster.run('kill', 'replica1');
      await cluster.eventually(
        'exit code 4',
        async () => (await cluster.cli('status')).code === 4,
        cluster.timing.G + cluster.timing.c,
      );
    }));

  test('a port that is taken is named with its owner before anything starts', () =>
    withCluster({ start: false }, async (cluster) => {
      const port = Number(cluster.replica(2).split(':')[1]);
      const thief = net.createServer().listen(port, '127.0.0.1');
      await new Promise((resolve) => thief.once('listening', resolve));
      try {
        const { code, stderr } = await cluster.cli(...cluster.startWords());
        expect(code).toBe(1);
        expect(stderr).toContain(String(port));
        expect(stderr).toContain(String(process.pid));
        expect(stderr).toContain('ONEBOX_PORT_IN_USE');
        expect(processesNaming(cluster.home)).toEqual([]);
      } finally {
        await new Promise((resolve) => thief.close(resolve));
      }
    }));

  test('a bad setting stops the start before any process is spawned', () =>
    withCluster(
      { start: false, args: ['--set', 'meta_server.min_live_node_count_for_unfreeze=soon'] },
      async (cluster) => {
        const { code, stderr } = await cluster.cli(...cluster.startWords());
        expect(code).toBe(1);
        expect(stderr).toContain('min_live_node_count_for_unfreeze');
        expect(stderr).toContain('soon');
        expect(processesNaming(cluster.home)).toEqual([]);
      },
    ));

  test('a server that dies during start is reported at once, with its last lines, and what ran is stopped', () =>
    withCluster({}, async (cluster) => {
      await cluster.forgetZk();
      await cluster.run('stop');
      // A file where its data directory belongs: the server cannot start.
      const data = join(cluster.directory, 'replica2', 'data');
      rmSync(data, { recursive: true });
      writeFileSync(data, '');
      const began = performance.now();
      const { code, stderr } = await cluster.cli('start');
      expect(code).toBe(1);
      expect(stderr).toContain('replica2');
      expect(performance.now() - began).toBeLessThan(20_000);
      rmSync(data);
      mkdirSync(data);
    }));

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s during start stops again what was started', (signal, exitCode) =>
    withCluster({ start: false }, async (cluster) => {
      let pid = 0;
      const starting = runCli(cluster.startWords(), {
        env: { ONEBOX_HOME: cluster.home, ONEBOX_NAME: cluster.name },
        onSpawn: (spawned) => (pid = spawned),
      });
      await until(
        'a server process',
        () => processesNaming(cluster.home).some(({ command }) => command.includes('-app_list')),
        {
          withinMs: 20_000,
          everyMs: 2,
        },
      );
      process.kill(pid, signal);
      expect((await starting).code).toBe(exitCode);
      await expectNothingRuns(cluster);
    }),
  );

  test('SIGKILL of the command during start: the next stop finds and ends everything', () =>
    withCluster({ start: false }, async (cluster) => {
      let pid = 0;
      const starting = runCli(cluster.startWords(), {
        env: { ONEBOX_HOME: cluster.home, ONEBOX_NAME: cluster.name },
        onSpawn: (spawned) => (pid = spawned),
      });
      await until(
        'a server process',
        () => processesNaming(cluster.home).some(({ command }) => command.includes('-app_list')),
        {
          withinMs: 20_000,
          everyMs: 2,
        },
      );
      process.kill(pid, 'SIGKILL');
      await starting;
      expect(await cluster.cli('stop')).toMatchObject({ code: 0 });
      await expectNothingRuns(cluster);
    }));

  test('SIGKILL of the supervisor: the servers are still known, can be killed one by one, and stop ends all', () =>
    withCluster({}, async (cluster) => {
      const daemons = processesNaming(cluster.home).filter(({ command }) => command.includes('PM2 v'));
      expect(daemons).toHaveLength(1);
      for (const { pid } of daemons) process.kill(pid, 'SIGKILL');
      const running = (await status(cluster)).instances.filter(({ state }) => state === 'running');
      for (const { name } of running.filter((instance) => instance.name === 'replica1'))
        await cluster.run('kill', name);
      await cluster.forgetZk();
      expect(await cluster.cli('stop')).toMatchObject({ code: 0 });
      await expectNothingRuns(cluster);
      await cluster.start();
    }));

  test('after a crash of the machine, with every process gone and all records left, start recovers', () =>
    withCluster({}, async (cluster) => {
      for (const { pid } of processesNaming(cluster.home)) process.kill(pid, 'SIGKILL');
      await until('everything gone', () => processesNaming(cluster.home).length === 0, { withinMs: 5000 });
      await cluster.start();
      expect(await cluster.unhealthyTables()).toEqual([]);
    }));

  test('clusters side by side do not see each other', () =>
    withCluster({}, (first) =>
      withCluster({ metas: 1, replicas: 1 }, async (second) => {
        expect(await second.leader()).toBe(second.metas[0]);
        await second.run('stop');
        expect(await first.unhealthyTables()).toEqual([]);
      }),
    ));

  test('nothing is left in the temporary directory of the system', () =>
    withCluster({}, async (cluster) => {
      const entries = () => readdirSync(tmpdir()).filter((name) => !name.startsWith('ob-'));
      const before = entries();
      await cluster.forgetZk();
      await cluster.run('restart');
      await cluster.run('stop');
      expect(entries().filter((name) => !before.includes(name))).toEqual([]);
    }));
});
