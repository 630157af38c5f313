import {
  BulkLoadControlType,
  RPC,
  configurationDropAppRequest,
  configurationRecallAppRequest,
  make,
} from '@onebox/protocol';
import { APP_ID, LoadCluster } from './load-cluster';

let cluster: LoadCluster;

afterEach(() => cluster.close());

test('a new leader keeps a result without holding up the next load', async () => {
  cluster = await LoadCluster.start();
  await cluster.writeFiles();
  await cluster.startLoad();
  await cluster.statusesUntil('BLS_SUCCEED');
  await cluster.untilOver();
  await cluster.failOver();
  expect(await cluster.status()).toBe('BLS_SUCCEED');
  expect(await cluster.startLoad()).toBe('ERR_OK ');
  await cluster.statusesUntil('BLS_SUCCEED');
});

test('a table that was dropped in mid-load comes back without the flag of the load', async () => {
  cluster = await LoadCluster.start();
  await cluster.writeFiles();
  await cluster.startLoad();
  await cluster.statusesUntil('BLS_DOWNLOADING');
  await cluster.ask(RPC.RPC_CM_DROP_APP, make(configurationDropAppRequest, { app_name: 'temp' }));
  await cluster.replicas.pass(20_000);
  await cluster.ask(RPC.RPC_CM_RECALL_APP, make(configurationRecallAppRequest, { app_id: APP_ID }));
  expect(cluster.table().isBulkLoading).toBe(false);
  expect(cluster.znode(`apps/${APP_ID}`)).toContain('"is_bulk_loading":0');
  expect(await cluster.control(BulkLoadControlType.BLC_CANCEL)).toMatch(/^ERR_INACTIVE_STATE /);
});
