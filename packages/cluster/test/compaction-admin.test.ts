import { ScaledClock } from '@onebox/base';
import {
  AppEnvOperation,
  RPC,
  configurationUpdateAppEnvResponse,
  make,
  queryAppManualCompactResponse,
  startAppManualCompactResponse,
} from '@onebox/protocol';
import { CompactionAdmin, MetaAdmin } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

let meta: FakeMeta;
let connection: MetaAdmin;
let admin: CompactionAdmin;

beforeEach(async () => {
  meta = await startFakeMeta();
  connection = new MetaAdmin([meta.node], new ScaledClock(1));
  admin = new CompactionAdmin(connection);
});
afterEach(async () => {
  connection.close();
  await meta.close();
});

const WISH = { targetLevel: -1, bottommost: 'force', maxRunningCount: 2 } as const;

test('once: as admin-cli asks, with every field set', async () => {
  let asked: unknown;
  meta.rpc.on(RPC.RPC_CM_START_MANUAL_COMPACT, (request) => {
    asked = request;
    return make(startAppManualCompactResponse, { err: 'ERR_OK' });
  });
  await admin.startOnce('temp', WISH);
  expect(asked).toEqual({ app_name: 'temp', target_level: -1, bottommost: true, max_running_count: 2 });
});

test("a refusal is told in the leader's words", async () => {
  meta.rpc.on(RPC.RPC_CM_START_MANUAL_COMPACT, () =>
    make(startAppManualCompactResponse, {
      err: 'ERR_OPERATION_DISABLED',
      hint_msg: 'app temp disable manual compaction',
    }),
  );
  await expect(admin.startOnce('temp', WISH)).rejects.toMatchObject({
    errorCode: 'ERR_OPERATION_DISABLED',
    message: "compacting table 'temp': app temp disable manual compaction",
  });
});

test('periodic, and the scenario, are envs', async () => {
  const asked: unknown[] = [];
  meta.rpc.on(RPC.RPC_CM_UPDATE_APP_ENV, ({ op, keys, values }) => {
    asked.push([op, keys, values]);
    return make(configurationUpdateAppEnvResponse, { err: 'ERR_OK' });
  });
  await admin.startPeriodic('temp', '3:00,21:00', { ...WISH, maxRunningCount: 0 });
  await admin.setScenario('temp', 'bulk_load');
  const set = AppEnvOperation.APP_ENV_OP_SET;
  expect(asked).toEqual([
    [
      set,
      [
        'manual_compact.periodic.target_level',
        'manual_compact.periodic.bottommost_level_compaction',
        'manual_compact.periodic.trigger_time',
      ],
      ['-1', 'force', '3:00,21:00'],
    ],
    [set, ['rocksdb.usage_scenario'], ['bulk_load']],
  ]);
});

test('progress is percent, and undefined while nothing has begun', async () => {
  const answers = [
    make(queryAppManualCompactResponse, { err: 'ERR_OK', progress: 33 }),
    make(queryAppManualCompactResponse, { err: 'ERR_INVALID_STATE' }),
    make(queryAppManualCompactResponse, { err: 'ERR_APP_NOT_EXIST', hint_msg: 'app temp is not existed' }),
  ];
  meta.rpc.on(
    RPC.RPC_CM_QUERY_MANUAL_COMPACT_STATUS,
    () => answers.shift() ?? make(queryAppManualCompactResponse, {}),
  );
  expect(await admin.progress('temp')).toBe(33);
  expect(await admin.progress('temp')).toBeUndefined();
  await expect(admin.progress('temp')).rejects.toMatchObject({ errorCode: 'ERR_APP_NOT_EXIST' });
});
