import { httpGet } from '../support/http-get';
import { TestCluster, withCluster } from '../support/test-cluster';

interface Duplication {
  readonly create_ts: string;
  readonly dupid: number;
  readonly remote: string;
  readonly status: string;
  readonly partition_states: Readonly<
    Record<string, { readonly confirmed_decree: number; readonly last_committed_decree: number }>
  >;
}

/** Of real seconds, not hundreds of them: a partition that nobody writes to moves its decree once in this time (11.3). */
const OFTEN_WRITTEN = ['--set', 'replication.group_check_interval_ms=10000'];
const SMALL = ['--no-collector', '--partitions', '2', ...OFTEN_WRITTEN];

async function duplicationOf(cluster: TestCluster, table: string): Promise<Duplication> {
  const { 1: duplication } = await cluster.json<Record<string, Duplication>>(
    `/meta/app/duplication?name=${table}`,
  );
  if (duplication === undefined) throw new Error(`${table} is not duplicated`);
  return duplication;
}

function confirmed({ partition_states: states }: Duplication): number[] {
  return Object.values(states).map((state) => state.confirmed_decree);
}

const identity = ({ dupid, status, create_ts, remote }: Duplication) => ({
  dupid,
  status,
  create_ts,
  remote,
});

/** What a refused command says. */
async function refusal(cluster: TestCluster, ...args: readonly string[]): Promise<string> {
  const { code, stderr } = await cluster.cli(...args);
  expect(code).toBe(1);
  return stderr.split('\n')[0] ?? '';
}

describe('duplication', () => {
  test('scenarios 36 and 37: to a cluster that does not run it waits, over a leader kill too; when it runs it goes on', () =>
    withCluster({ name: 'onebox', metas: 2, replicas: 1, args: SMALL }, async (near) => {
      const { S, t } = near.timing;
      expect(await near.run('dup', 'add', 'temp', 'onebox2', '--remote-replicas', '1')).toContain(
        'It waits: no meta server of onebox2 leads, or none answers.',
      );
      await near.run('dup', 'add', 'stat', 'onebox2', '--no-checkpoint');
      await near.eventually(
        'DS_PREPARE with prepared checkpoints',
        async () => confirmed(await duplicationOf(near, 'temp')).every((decree) => decree > 0),
        2000,
      );
      expect(await duplicationOf(near, 'temp')).toMatchObject({ status: 'DS_PREPARE', remote: 'onebox2' });
      expect(await duplicationOf(near, 'stat')).toMatchObject({ status: 'DS_LOG', remote: 'onebox2' });
      expect(await refusal(near, 'dup', 'add', 'temp', 'onebox')).toBe(
        "error: duplicating table 'temp': illegal operation: adding duplication to itself (ERR_INVALID_PARAMETERS)",
      );
      const again = await near.run('dup', 'add', 'temp', 'onebox2');
      expect(again).toContain("Table 'temp' is already duplicated to onebox2");
      await near.run('app', 'create', 'plain', '-p', '1', '-r', '1', '--no-wait');
      expect((await near.ask('/meta/app/duplication?name=plain')).body).toBe('null');

      const { dupid } = await duplicationOf(near, 'stat');
      const onReplica = await near.eventually(
        'the duplication on its primaries',
        async () => {
          const answer = await httpGet(near.replica(1), '/replica/duplication?appid=1');
          return answer.status === 200 && answer;
        },
        1000,
      );
      const byDup = JSON.parse(onReplica.body) as Record<string, Record<string, unknown>>;
      expect(Object.keys(byDup)).toEqual([String(dupid)]);
      expect(Object.keys(byDup[dupid] ?? {})).toEqual(['1.0', '1.1', '1.2', '1.3']);

      const before = [await duplicationOf(near, 'temp'), await duplicationOf(near, 'stat')];
      // Nobody has confirmed anything: what is written without checkpoint waits.
      expect(confirmed(before[1] as Duplication)).toEqual([-1, -1, -1, -1]);
      await near.run('kill', near.instanceOf(await near.leaderOrFail()));
      const far = await TestCluster.create({
        name: 'onebox2',
        beside: near,
        metas: 1,
        replicas: 1,
        args: [...SMALL, '--app', 'other'],
        start: false,
      });
      try {
        await near.eventually('a new leader', async () => (await near.leader()) !== undefined, S + t);
        const after = [await duplicationOf(near, 'temp'), await duplicationOf(near, 'stat')];
        expect(after.map(identity)).toEqual(before.map(identity));
        expect(after.map(confirmed)).toEqual(before.map(confirmed));

        await far.start();
        await near.eventually(
          'DS_LOG',
          async () => (await duplicationOf(near, 'temp')).status === 'DS_LOG',
          5000,
        );
        const envs = await far.json<Record<string, string>>('/meta/app_envs?name=temp');
        expect(envs).toMatchObject({
          'duplication.master_cluster': 'onebox',
          'duplication.master_metas': near.metas.join(','),
          'duplication.master_app_name': 'temp',
          'duplication.follower_app_status': 'created',
        });
        const from = confirmed(await duplicationOf(near, 'temp'));
        await near.eventually(
          'what is written here to be confirmed there',
          async () =>
            confirmed(await duplicationOf(near, 'temp')).every((decree, i) => decree > (from[i] ?? 0)) &&
            confirmed(await duplicationOf(near, 'stat')).every((decree) => decree > 0),
          5000,
        );
        expect(JSON.parse(await near.run('dup', 'list', 'temp', '--json'))).toMatchObject([
          { status: 'DS_LOG', obstacle: null },
        ]);
        await far.run('app', 'create', 'plain', '-p', '1', '-r', '1', '--no-wait');
        expect(await near.run('dup', 'add', 'plain', 'onebox2')).toContain(
          "It waits: onebox2 has a table 'plain' already, which does not follow this cluster.",
        );
      } finally {
        await far.destroy();
      }
    }));
});
