import { ScaledClock } from '@onebox/base';
import {
  RPC,
  configurationAddBackupPolicyResponse,
  configurationModifyBackupPolicyResponse,
  configurationQueryBackupPolicyResponse,
  make,
  policyEntry,
  backupEntry,
  startBackupAppResponse,
} from '@onebox/protocol';
import { BackupAdmin, MetaAdmin } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

let meta: FakeMeta;
let admin: MetaAdmin;
let backups: BackupAdmin;
beforeEach(async () => {
  meta = await startFakeMeta();
  admin = new MetaAdmin([meta.node], new ScaledClock(1));
  backups = new BackupAdmin(admin);
});
afterEach(async () => {
  admin.close();
  await meta.close();
});

test('a policy is asked for as the real shell asks', async () => {
  let asked: unknown;
  meta.rpc.on(RPC.RPC_CM_ADD_BACKUP_POLICY, (request) => {
    asked = request;
    return make(configurationAddBackupPolicyResponse, { err: 'ERR_OK' });
  });
  const policy = { provider: 'local_service', tableIds: [2, 1], intervalSeconds: 86_400, historyCount: 6 };
  await backups.addPolicy('daily', { ...policy, startTime: '02:00' });
  expect(asked).toEqual({
    policy_name: 'daily',
    backup_provider_type: 'local_service',
    app_ids: [2, 1],
    backup_interval_seconds: 86_400,
    backup_history_count_to_keep: 6,
    start_time: '02:00',
  });
});

test('only what is changed is sent', async () => {
  const asked: unknown[] = [];
  meta.rpc.on(RPC.RPC_CM_MODIFY_BACKUP_POLICY, (request) => {
    asked.push(request);
    return make(configurationModifyBackupPolicyResponse, { err: 'ERR_OK' });
  });
  await backups.modifyPolicy('daily', { addTableIds: [], removeTableIds: [3], historyCount: 2 });
  await backups.disablePolicy('daily', true);
  await backups.enablePolicy('daily');
  expect(asked).toEqual([
    { policy_name: 'daily', removal_appids: [3], backup_history_count_to_keep: 2 },
    { policy_name: 'daily', is_disable: true, force_disable: true },
    { policy_name: 'daily', is_disable: false },
  ]);
});

test.each([
  ['ERR_BUSY', "disabling backup policy 'daily': a backup of it is under way"],
  ['ERR_INVALID_PARAMETERS', "there is no backup policy 'daily'"],
] as const)('%s to disabling says what to do', async (err, message) => {
  meta.rpc.on(RPC.RPC_CM_MODIFY_BACKUP_POLICY, () => make(configurationModifyBackupPolicyResponse, { err }));
  await expect(backups.disablePolicy('daily', false)).rejects.toMatchObject({
    code: err,
    message,
    nextStep: expect.any(String) as string,
  });
});

test('policies are told with their runs; a name that is none is an error', async () => {
  let hint: string | undefined = undefined;
  meta.rpc.on(RPC.RPC_CM_QUERY_BACKUP_POLICY, () =>
    make(configurationQueryBackupPolicyResponse, {
      err: 'ERR_OK',
      hint_msg: hint,
      policys: [
        make(policyEntry, {
          policy_name: 'daily',
          backup_provider_type: 'local_service',
          backup_interval_seconds: '86400',
          app_ids: [1],
          backup_history_count_to_keep: 6,
          start_time: '24:00',
          is_disable: true,
        }),
      ],
      backup_infos: [[make(backupEntry, { backup_id: 5, start_time_ms: 5, end_time_ms: 0, app_ids: [1] })]],
    }),
  );
  expect(await backups.policies([], 3)).toEqual([
    {
      name: 'daily',
      provider: 'local_service',
      intervalSeconds: 86_400,
      tableIds: [1],
      historyCount: 6,
      startTime: '24:00',
      enabled: false,
      backups: [{ id: 5, startMs: 5, endMs: 0, tableIds: [1] }],
    },
  ]);
  hint = 'invalid policy_name nightly';
  await expect(backups.policies(['daily', 'nightly'], 3)).rejects.toThrow(
    'asking for backup policies: invalid policy_name nightly',
  );
});

test('a path is sent only when there is one', async () => {
  const asked: unknown[] = [];
  meta.rpc.on(RPC.RPC_CM_START_BACKUP_APP, (request) => {
    asked.push(request);
    return make(startBackupAppResponse, { err: 'ERR_OK', backup_id: 9 });
  });
  expect(await backups.start(1, 'local_service', '')).toBe(9);
  expect(await backups.start(1, 'local_service', 'mine')).toBe(9);
  expect(asked).toEqual([
    { app_id: 1, backup_provider_type: 'local_service' },
    { app_id: 1, backup_provider_type: 'local_service', backup_path: 'mine' },
  ]);
});
