import { ScaledClock } from '@onebox/base';
import {
  DuplicationFailMode,
  DuplicationStatus,
  RPC,
  duplicationAddResponse,
  duplicationEntry,
  duplicationModifyResponse,
  duplicationPartitionState,
  duplicationQueryResponse,
  make,
} from '@onebox/protocol';
import { DuplicationAdmin, MetaAdmin } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

let meta: FakeMeta;
let connection: MetaAdmin;
let admin: DuplicationAdmin;

beforeEach(async () => {
  meta = await startFakeMeta();
  connection = new MetaAdmin([meta.node], new ScaledClock(1));
  admin = new DuplicationAdmin(connection);
});
afterEach(async () => {
  connection.close();
  await meta.close();
});

const WISH = {
  remote: 'onebox2',
  remoteTable: undefined,
  remoteReplicaCount: undefined,
  withCheckpoint: true,
};

test('add: the request of the real tools; one that exists is no error', async () => {
  const asked: unknown[] = [];
  const answers = [
    make(duplicationAddResponse, { err: 'ERR_OK', appid: 2, dupid: 17 }),
    make(duplicationAddResponse, { err: 'ERR_DUP_EXIST', appid: 2, dupid: 17 }),
    make(duplicationAddResponse, { err: 'ERR_INVALID_PARAMETERS', hint: 'no such cluster' }),
  ];
  meta.rpc.on(RPC.RPC_CM_ADD_DUPLICATION, (request) => {
    asked.push(request);
    return answers.shift() ?? make(duplicationAddResponse, {});
  });
  expect(await admin.add('temp', WISH)).toEqual({ dupId: 17, existed: false });
  expect(await admin.add('temp', { ...WISH, remoteTable: 'copy', remoteReplicaCount: 2 })).toEqual({
    dupId: 17,
    existed: true,
  });
  await expect(admin.add('temp', WISH)).rejects.toMatchObject({
    errorCode: 'ERR_INVALID_PARAMETERS',
    message: "duplicating table 'temp': no such cluster",
  });
  await expect(admin.add('temp', { ...WISH, remoteTable: '../t2' })).rejects.toMatchObject({
    code: 'ONEBOX_BAD_TABLE_NAME',
  });
  const plain = { app_name: 'temp', remote_cluster_name: 'onebox2', is_duplicating_checkpoint: true };
  expect(asked).toEqual([plain, { ...plain, remote_app_name: 'copy', remote_replica_count: 2 }, plain]);
});

test('list: every duplication with its partitions', async () => {
  const state = make(duplicationPartitionState, { confirmed_decree: 4, last_committed_decree: 6 });
  meta.rpc.on(RPC.RPC_CM_QUERY_DUPLICATION, ({ app_name: name }) =>
    make(duplicationQueryResponse, {
      err: name === 'temp' ? 'ERR_OK' : 'ERR_APP_NOT_EXIST',
      appid: 2,
      entry_list: [
        make(duplicationEntry, {
          dupid: 17,
          status: DuplicationStatus.DS_PAUSE,
          remote: 'onebox2',
          create_ts: 1_714_528_800_000,
          fail_mode: DuplicationFailMode.FAIL_SKIP,
          remote_app_name: 'copy',
          remote_replica_count: 2,
          partition_states: [[0, state]],
        }),
      ],
    }),
  );
  expect(await admin.list('temp')).toEqual([
    {
      dupId: 17,
      remote: 'onebox2',
      remoteTable: 'copy',
      remoteReplicaCount: 2,
      status: 'DS_PAUSE',
      failMode: 'FAIL_SKIP',
      createdMs: 1_714_528_800_000,
      partitions: [{ index: 0, confirmedDecree: 4, lastCommittedDecree: 6 }],
    },
  ]);
  await expect(admin.list('nosuch')).rejects.toMatchObject({
    errorCode: 'ERR_APP_NOT_EXIST',
    message: "listing the duplications of table 'nosuch': there is no such table",
    nextStep: 'See `onebox app list`.',
  });
});

test('pause, start, remove and fail mode are changes of one field each', async () => {
  const asked: unknown[] = [];
  meta.rpc.on(RPC.RPC_CM_MODIFY_DUPLICATION, (request) => {
    asked.push(request);
    return make(duplicationModifyResponse, { err: 'ERR_OK' });
  });
  await admin.pause('temp', 17);
  await admin.start('temp', 17);
  await admin.remove('temp', 17);
  await admin.setFailMode('temp', 17, 'fast');
  const one = { app_name: 'temp', dupid: 17 };
  expect(asked).toEqual([
    { ...one, status: DuplicationStatus.DS_PAUSE },
    { ...one, status: DuplicationStatus.DS_LOG },
    { ...one, status: DuplicationStatus.DS_REMOVED },
    { ...one, fail_mode: DuplicationFailMode.FAIL_FAST },
  ]);
});

test.each([
  ['ERR_OBJECT_NOT_FOUND', 'the table has no duplication 7', 'See `onebox dup list temp`.'],
  ['ERR_INVALID_PARAMETERS', 'its status does not allow that', 'See `onebox dup list temp`.'],
  ['ERR_BUSY', 'an earlier change is still under way', 'Try again in a moment.'],
  ['ERR_TIMEOUT', 'the meta server answered ERR_TIMEOUT', undefined],
] as const)(
  'a change that is refused with %s says what that means, and what to do',
  async (err, says, nextStep) => {
    meta.rpc.on(RPC.RPC_CM_MODIFY_DUPLICATION, () => make(duplicationModifyResponse, { err }));
    await expect(admin.pause('temp', 7)).rejects.toMatchObject({
      code: err,
      message: `pausing duplication 7 of table 'temp': ${says}`,
      nextStep,
    });
  },
);
