import { join } from 'node:path';
import { CONTROL_SOCKET, askControl } from '@onebox/server';
import type { ServerStatus } from '@onebox/server';
import { httpGet, httpPost } from '../support/http-get';
import type { HttpAnswer } from '../support/http-get';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

interface Counts {
  readonly idle: number;
  readonly queuing: number;
  readonly running: number;
  readonly finished: number;
}

const TEMP = 2;
const ONCE = {
  app_name: 'temp',
  type: 'once',
  target_level: -1,
  bottommost_level_compaction: 'skip',
  max_concurrent_running_count: 0,
  trigger_time: '',
};

async function compactions(cluster: TestCluster, replica: number): Promise<Counts> {
  const { body } = await httpGet(cluster.replica(replica), `/replica/manual_compaction?app_id=${TEMP}`);
  return (JSON.parse(body) as { status: Counts }).status;
}

async function post(cluster: TestCluster, path: string, body: unknown): Promise<HttpAnswer> {
  return httpPost(await cluster.leaderOrFail(), path, JSON.stringify(body));
}

async function usageScenarios(cluster: TestCluster, instance: string): Promise<Record<string, string>> {
  const socket = join(cluster.directory, instance, CONTROL_SOCKET);
  const { facts } = (await askControl(socket, { command: 'status' }, { withinMs: 3000 })) as ServerStatus;
  return facts['usageScenarios'] as Record<string, string>;
}

const answer = (error: string, hint = '') => `{"error":"${error}","hint_message":"${hint}"}\n`;

test('scenarios 28, 29 and 30: a table is compacted once, restarts included, and its scenario is set', () =>
  withCluster({}, async (cluster) => {
    const { Y } = cluster.timing;
    const compact = (fields: object = {}) =>
      post(cluster, '/meta/app/start_compaction', { ...ONCE, ...fields });

    // 29: what is refused, and how.
    expect(await compact({ type: 'x' })).toMatchObject({
      status: 400,
      body: "type should ony be 'once' or 'periodic'",
    });
    expect(await compact({ type: 'periodic' })).toMatchObject({
      status: 400,
      body: 'trigger_time should not be empty when type is periodic',
    });
    expect(await compact({ target_level: 0 })).toMatchObject({
      status: 200,
      body: answer('ERR_INVALID_PARAMETERS', "invalid value '0', should be '-1 or >= 1'"),
    });
    expect(await cluster.json('/meta/app_envs?name=temp')).toEqual({});
    for (const replica of [1, 2, 3])
      expect(await compactions(cluster, replica)).toEqual({ idle: 8, queuing: 0, running: 0, finished: 0 });

    // 28: every replica, one at a time on each server, once.
    const askedAt = Math.floor(Date.now() / 1000);
    expect(await compact()).toMatchObject({ status: 200, body: answer('ERR_OK') });
    const running: number[] = [];
    for (const replica of [1, 2, 3]) {
      await cluster.eventually(
        `replica${replica} has compacted`,
        async () => {
          const counts = await compactions(cluster, replica);
          running.push(counts.running);
          return counts.finished === 8;
        },
        Y,
      );
    }
    expect(Math.max(...running)).toBeLessThanOrEqual(1);
    const envs = await cluster.json<Record<string, string>>('/meta/app_envs?name=temp');
    expect(Object.keys(envs)).toEqual([
      'manual_compact.once.bottommost_level_compaction',
      'manual_compact.once.target_level',
      'manual_compact.once.trigger_time',
    ]);
    expect(Number(envs['manual_compact.once.trigger_time']) - askedAt).toBeLessThanOrEqual(2);
    await cluster.eventually(
      'the leader knows',
      async () => (await cluster.run('compact', 'status', 'temp', '--json')) === '{"progress":100}\n',
      Y,
    );

    // 30: the usage scenario, and 28's restart meanwhile.
    await cluster.run('restart', 'replica1');
    const scenario = (app_name: string, name: string) =>
      post(cluster, '/meta/app/usage_scenario', { app_name, scenario: name });
    expect(await scenario('temp', 'bulk_load')).toMatchObject({ status: 200, body: answer('ERR_OK') });
    expect(await scenario('nosuch', 'bulk_load')).toMatchObject({
      status: 200,
      body: answer('ERR_APP_NOT_EXIST', 'app cannot be found'),
    });
    expect(await scenario('temp', 'fast')).toMatchObject({
      status: 400,
      body: "scenario should ony be 'normal' or 'bulk_load'",
    });
    // A config-sync later the restarted server has seen the envs again, the new one among them.
    await cluster.eventually(
      'replica1 has heard of the scenario',
      async () => (await usageScenarios(cluster, 'replica1'))[TEMP] === 'bulk_load',
      Y,
    );
    expect(await compactions(cluster, 1)).toEqual({ idle: 8, queuing: 0, running: 0, finished: 0 });
    expect(await compactions(cluster, 2)).toEqual({ idle: 0, queuing: 0, running: 0, finished: 8 });
  }));
