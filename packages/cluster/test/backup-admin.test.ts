import { ScaledClock } from '@onebox/base';
import {
  RPC,
  configurationAddBackupPolicyResponse,
  configurationModifyBackupPolicyResponse,
  configurationQueryBackupPolicyResponse,
  make,
  policyEntry,
  backupEntry,
  configurationCreateAppResponse,
  queryBackupStatusResponse,
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

describe('a restore', () => {
  const WISH = {
    cluster: 'onebox',
    policy: '',
    backupId: 17,
    table: 'temp',
    tableId: 2,
    newName: 't2',
    provider: 'local_service',
    path: '',
    skipBadPartitions: false,
  };

  test.each([
    ['ERR_OBJECT_NOT_FOUND', "'local_service' has no backup 17 of table 'temp' with id 2"],
    ['ERR_CORRUPTION', 'what the backup says of the table is damaged, or of another one'],
    ['ERR_INVALID_PARAMETERS', "there is a table 't2', or no block service 'local_service'"],
    ['ERR_STATE_FREEZED', 'the function level is freezed or below'],
  ] as const)('that is refused with %s says what that means, and what to do', async (err, says) => {
    meta.rpc.on(RPC.RPC_CM_START_RESTORE, () => make(configurationCreateAppResponse, { err }));
    await expect(backups.restore(WISH)).rejects.toMatchObject({
      code: err,
      message: `restoring table 'temp' from backup 17: ${says}`,
      nextStep: expect.any(String) as string,
    });
  });

  test('makes no table of a name that none has, but for one that had it before', async () => {
    const asked: string[] = [];
    meta.rpc.on(RPC.RPC_CM_START_RESTORE, ({ new_app_name: name }) => {
      asked.push(name);
      return make(configurationCreateAppResponse, { err: 'ERR_OK', appid: 3 });
    });
    await expect(backups.restore({ ...WISH, newName: '../t2' })).rejects.toMatchObject({
      code: 'ONEBOX_BAD_TABLE_NAME',
      message: "'../t2' is not a table name",
    });
    expect(await backups.restore({ ...WISH, table: 'a-b', newName: 'a-b' })).toBe(3);
    expect(asked).toEqual(['a-b']);
  });
});

test('a table without backups: the words of the server, and how to begin one', async () => {
  const hint = 'Backup not found, please check app_id or backup_id.';
  meta.rpc.on(RPC.RPC_CM_QUERY_BACKUP_STATUS, () =>
    make(queryBackupStatusResponse, { err: 'ERR_INVALID_PARAMETERS', hint_message: hint }),
  );
  await expect(backups.status(2)).rejects.toMatchObject({
    message: `asking for the backups of table 2: ${hint}`,
    nextStep: '`onebox backup now 2` begins one; a new leader knows none.',
  });
});
