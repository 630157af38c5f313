import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeAddress } from '@onebox/base';
import {
  AppStatus,
  RPC,
  configurationDropAppResponse,
  configurationListAppsResponse,
  configurationMetaControlResponse,
  configurationRecallAppResponse,
  make,
} from '@onebox/protocol';
import { TableAdmin, readEvents, withMetaAdmin } from '../src';
import type { ClusterRecord } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

let directory: string;
let leader: FakeMeta;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'obt-'));
  leader = await startFakeMeta();
});
afterEach(async () => {
  await leader.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What was told when the leader was asked, and what is told at the end. */
const told = () =>
  readEvents({ path: directory, pm2Home: join(directory, 'pm2') }).map((event) =>
    event.type === 'command' ? `${event.verb}: ${event.text} (${event.table})` : event.type,
  );

function asking<T>(text: string, work: (tables: TableAdmin) => Promise<T>): Promise<T> {
  const port = nodeAddress(leader.node).port;
  const record = {
    metas: 1,
    replicas: 1,
    collector: false,
    bind: '127.0.0.1',
    advertise: '127.0.0.1',
    portOffset: port - 34_601,
  };
  const command = { verb: text.split(' ').slice(0, 2).join(' '), text: `onebox ${text}` };
  return withMetaAdmin({ directory, record: record as ClusterRecord }, command, (meta) =>
    work(new TableAdmin(meta)),
  );
}

test('a command that changes something is told before the leader is asked, once, with the table it names', async () => {
  let toldBefore: readonly string[] = [];
  leader.rpc
    .on(RPC.RPC_CM_DROP_APP, () => {
      toldBefore = told();
      return make(configurationDropAppResponse, { err: 'ERR_OK' });
    })
    .on(RPC.RPC_CM_RECALL_APP, () => make(configurationRecallAppResponse, { err: 'ERR_APP_NOT_EXIST' }));
  await asking('app drop temp', async (tables) => {
    await tables.drop('temp', undefined);
    await tables.drop('temp', undefined);
  });
  const drop = 'app drop: onebox app drop temp (temp)';
  expect(toldBefore).toEqual([drop]);
  await expect(asking('app recall 2', (tables) => tables.recall(2, ''))).rejects.toThrow();
  expect(told()).toEqual([drop, 'app recall: onebox app recall 2 (2)']);
});

test('who only looks tells nothing', async () => {
  leader.rpc
    .on(RPC.RPC_CM_LIST_APPS, ({ status }) => {
      expect(status).toBe(AppStatus.AS_INVALID);
      return make(configurationListAppsResponse, { err: 'ERR_OK' });
    })
    .on(RPC.RPC_CM_CONTROL_META, () =>
      make(configurationMetaControlResponse, { err: 'ERR_OK', old_level: 400 }),
    );
  await asking('app list', (tables) => tables.list());
  const level = (next?: 'lively') =>
    asking('level', (tables) => tables.functionLevel(next)).catch(() => undefined);
  await level();
  expect(told()).toEqual([]);
  await level('lively');
  expect(told()).toEqual(['level: onebox level (null)']);
});
