import { BulkLoadControlType } from '@onebox/protocol';
import { LoadCluster } from './load-cluster';
import { ingestedEverywhere, untilNothingIsLeft } from './load-traces';

let cluster: LoadCluster;
afterEach(() => cluster.close());

describe('an operator', () => {
  test('pauses, restarts and cancels, each when it can be', async () => {
    cluster = await LoadCluster.start();
    const { BLC_PAUSE, BLC_RESTART, BLC_CANCEL, BLC_FORCE_CANCEL } = BulkLoadControlType;
    expect(await cluster.control(BLC_PAUSE)).toBe('ERR_INACTIVE_STATE app(temp) is not executing bulk load');
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    const restart = 'can not restart bulk load for app(temp) with status(replication::bulk_load_status';
    expect(await cluster.control(BLC_RESTART)).toBe(`ERR_INVALID_STATE ${restart}::BLS_DOWNLOADING)`);
    expect(await cluster.control(BLC_PAUSE)).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_PAUSED')).toEqual(['BLS_PAUSING', 'BLS_PAUSED']);
    const pause =
      'can not pause bulk load for app(temp) with status(replication::bulk_load_status::BLS_PAUSED)';
    expect(await cluster.control(BLC_PAUSE)).toBe(`ERR_INVALID_STATE ${pause}`);
    const asked = cluster.replicas.network.count('RPC_BULK_LOAD');
    await cluster.replicas.pass(30_000);
    expect(cluster.replicas.network.count('RPC_BULK_LOAD')).toBe(asked);
    expect(await cluster.control(BLC_RESTART)).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_INGESTING')).toEqual([
      'BLS_DOWNLOADING',
      'BLS_DOWNLOADED',
      'BLS_INGESTING',
    ]);
    const cancel = 'can not cancel bulk load for app(temp) with status(replication::bulk_load_status';
    expect(await cluster.control(BLC_CANCEL)).toBe(`ERR_INVALID_STATE ${cancel}::BLS_INGESTING)`);
    expect(await cluster.control(BLC_FORCE_CANCEL)).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_CANCELED')).toEqual(['BLS_CANCELED']);
    expect(await cluster.clear()).toBe('ERR_INVALID_STATE app(temp) is executing bulk load');
    await cluster.untilOver();
    expect(ingestedEverywhere(cluster)).toEqual(Array(6).fill('-'));
    await untilNothingIsLeft(cluster);
    expect(await cluster.clear()).toBe(
      'ERR_OK clear app(temp) bulk load result succeed, remove bulk load dir succeed',
    );
    expect(await cluster.status()).toBe('BLS_INVALID');
    expect(cluster.loadZnodes()).toEqual([]);
  });

  test('cancels a load that is paused', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    await cluster.control(BulkLoadControlType.BLC_PAUSE);
    await cluster.statusesUntil('BLS_PAUSED');
    expect(await cluster.control(BulkLoadControlType.BLC_CANCEL)).toBe('ERR_OK ');
    await cluster.untilOver();
    expect(await cluster.status()).toBe('BLS_CANCELED');
  });
});
