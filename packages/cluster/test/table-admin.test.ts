import { ScaledClock, parseNode } from '@onebox/base';
import {
  AppStatus,
  RPC,
  appInfo,
  configurationClusterInfoResponse,
  configurationCreateAppResponse,
  configurationListAppsResponse,
  configurationRenameAppResponse,
  make,
} from '@onebox/protocol';
import { MetaAdmin, TableAdmin, tableHealth } from '../src';
import type { ListedPartition } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

const clock = new ScaledClock(1);

/** Metas and an admin that speaks to them, for the time of `work`. */
async function withMetas(
  count: number,
  work: (metas: readonly FakeMeta[], tables: TableAdmin) => Promise<void>,
  leaderWithinMs = 5000,
): Promise<void> {
  const metas = await Promise.all(Array.from({ length: count }, () => startFakeMeta()));
  const admin = new MetaAdmin(
    metas.map(({ node }) => node),
    clock,
    { leaderWithinMs },
  );
  try {
    await work(metas, new TableAdmin(admin));
  } finally {
    admin.close();
    await Promise.all(metas.map((meta) => meta.close()));
  }
}

const OPTIONS = { partitionCount: 4, replicaCount: 3, envs: { default_ttl: '60' }, successIfExists: false };

describe('an admin client', () => {
  test('asks on until a meta server does not forward, and then stays with it', () =>
    withMetas(3, async ([first, second, third], tables) => {
      const asked: string[] = [];
      const answer = (name: string, err: 'ERR_OK' | 'ERR_FORWARD_TO_OTHERS') => () => {
        asked.push(name);
        return make(configurationListAppsResponse, { err });
      };
      first?.rpc.on(RPC.RPC_CM_LIST_APPS, answer('first', 'ERR_FORWARD_TO_OTHERS'));
      second?.rpc.on(RPC.RPC_CM_LIST_APPS, answer('second', 'ERR_OK'));
      third?.rpc.on(RPC.RPC_CM_LIST_APPS, answer('third', 'ERR_FORWARD_TO_OTHERS'));
      expect(await tables.list()).toEqual([]);
      expect(await tables.list()).toEqual([]);
      expect(asked).toEqual(['first', 'second', 'second']);
    }));

  test('passes over a dead meta server and waits for a leader that is still loading', () =>
    withMetas(2, async ([dead, loading], tables) => {
      await dead?.close();
      let asked = 0;
      loading?.rpc
        .on(RPC.RPC_CM_LIST_APPS, () =>
          make(configurationListAppsResponse, { err: ++asked < 3 ? 'ERR_SERVICE_NOT_ACTIVE' : 'ERR_OK' }),
        )
        .on(RPC.RPC_CM_CLUSTER_INFO, () =>
          make(configurationClusterInfoResponse, { err: 'ERR_SERVICE_NOT_ACTIVE' }),
        );
      expect(await tables.list()).toEqual([]);
      expect(asked).toBe(3);
    }));

  test('does not wait for a feature that is switched off on the leader', () =>
    withMetas(1, async ([leader], tables) => {
      leader?.rpc
        .on(RPC.RPC_CM_RENAME_APP, () =>
          make(configurationRenameAppResponse, {
            err: 'ERR_SERVICE_NOT_ACTIVE',
            hint_message: 'switched off',
          }),
        )
        .on(RPC.RPC_CM_CLUSTER_INFO, () => make(configurationClusterInfoResponse, { err: 'ERR_OK' }));
      await expect(tables.rename('a', 'b')).rejects.toMatchObject({
        code: 'ERR_SERVICE_NOT_ACTIVE',
        message: "renaming table 'a': switched off",
      });
    }));

  test('says at once that nothing runs when no meta server is there', () =>
    withMetas(2, async (metas, tables) => {
      await Promise.all(metas.map((meta) => meta.close()));
      await expect(tables.list()).rejects.toMatchObject({
        code: 'ONEBOX_NOT_RUNNING',
        message: `no meta server listens at ${metas.map(({ node }) => node).join(', ')}`,
      });
    }));

  test('says what every meta server answered when none leads', () =>
    withMetas(
      1,
      async ([standby], tables) => {
        standby?.rpc.on(RPC.RPC_CM_LIST_APPS, () =>
          make(configurationListAppsResponse, { err: 'ERR_FORWARD_TO_OTHERS' }),
        );
        await expect(tables.list()).rejects.toMatchObject({
          code: 'ONEBOX_NO_LEADER',
          message: `no meta server leads (${standby?.node}: ERR_FORWARD_TO_OTHERS)`,
        });
      },
      1,
    ));
});

describe('table operations', () => {
  test('create sends what the real tools send and gives the id', () =>
    withMetas(1, async ([leader], tables) => {
      const seen: unknown[] = [];
      leader?.rpc.on(RPC.RPC_CM_CREATE_APP, (request) => {
        seen.push(request);
        return make(configurationCreateAppResponse, { err: 'ERR_OK', appid: 7 });
      });
      expect(await tables.create('t.1:x_Y', OPTIONS)).toBe(7);
      expect(seen).toEqual([
        {
          app_name: 't.1:x_Y',
          options: {
            partition_count: 4,
            replica_count: 3,
            success_if_exist: false,
            app_type: 'pegasus',
            is_stateful: true,
            envs: [['default_ttl', '60']],
            atomic_idempotent: false,
          },
        },
      ]);
    }));

  test.each(['', 'a b', 'a/b', '..\u0000', 'é'])(
    '%j is no table name, and no server is asked',
    async (name) => {
      const nobody = new TableAdmin(new MetaAdmin([parseNode('127.0.0.1:1')], clock));
      await expect(nobody.create(name, OPTIONS)).rejects.toMatchObject({ code: 'ONEBOX_BAD_TABLE_NAME' });
      await expect(nobody.rename('a', name)).rejects.toMatchObject({ code: 'ONEBOX_BAD_TABLE_NAME' });
    },
  );

  test('a listed table has its status in words and its times in unix seconds', () =>
    withMetas(1, async ([leader], tables) => {
      const dropped = make(appInfo, {
        status: AppStatus.AS_DROPPED,
        app_id: 3,
        app_name: 't1',
        app_type: 'pegasus',
        partition_count: 4,
        max_replica_count: 3,
        create_second: 100,
        drop_second: 200,
        expire_second: 300,
        envs: [['default_ttl', '60']],
      });
      leader?.rpc.on(RPC.RPC_CM_LIST_APPS, () =>
        make(configurationListAppsResponse, { err: 'ERR_OK', infos: [dropped] }),
      );
      expect(await tables.list()).toEqual([
        {
          id: 3,
          name: 't1',
          type: 'pegasus',
          status: 'DROPPED',
          partitionCount: 4,
          maxReplicaCount: 3,
          createSecond: 100,
          dropSecond: 200,
          expireSecond: 300,
          envs: { default_ttl: '60' },
        },
      ]);
    }));

  test('a refusal carries the error code and the hint of the server', () =>
    withMetas(1, async ([leader], tables) => {
      leader?.rpc.on(RPC.RPC_CM_CREATE_APP, () =>
        make(configurationCreateAppResponse, { err: 'ERR_STATE_FREEZED' }),
      );
      await expect(tables.create('t1', OPTIONS)).rejects.toMatchObject({
        code: 'ERR_STATE_FREEZED',
        errorCode: 'ERR_STATE_FREEZED',
        message: "creating table 't1': the function level is freezed or below",
        nextStep: 'Start the replica servers that are down, or raise it with `onebox level steady`.',
      });
    }));
});

test('health counts partitions by the fixed rule of two replicas', () => {
  const node = (port: number) => parseNode(`127.0.0.1:${port}`);
  const partition = (
    primary: number | undefined,
    secondaries: readonly number[],
    max = 3,
  ): ListedPartition => ({
    index: 0,
    ballot: 1,
    maxReplicaCount: max,
    primary: primary === undefined ? undefined : node(primary),
    secondaries: secondaries.map(node),
  });
  expect(
    tableHealth([
      partition(1, [2, 3]),
      partition(1, [2]),
      partition(1, []),
      partition(undefined, [2, 3]),
      partition(1, [], 1),
    ]),
  ).toEqual({ fullyHealthy: 2, unhealthy: 3, writeUnhealthy: 2, readUnhealthy: 1 });
});
