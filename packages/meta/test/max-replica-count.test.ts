import { RPC, configurationGetMaxReplicaCountRequest, make } from '@onebox/protocol';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { appsNode, tableRequests } from './simulation/table-requests';

let cluster: SimulatedCluster;

beforeEach(async () => {
  cluster = await new SimulatedCluster(3).start();
});
afterEach(() => cluster.close());

const { create, setReplicaCount } = tableRequests(() => cluster.leader);
const znode = (path: string) => appsNode(cluster.store, path);

// reference/cluster-behaviour.md 7.5
describe('max_replica_count', () => {
  test('3 to 2 ends at 2/2 and ballot 5, and back to 3 at ballot 7', async () => {
    expect(await setReplicaCount('temp', 2)).toEqual(['ERR_OK', 3, '']);
    expect(znode('2')).toMatchObject({ max_replica_count: 2, envs: {} });
    await cluster.run(15_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(5));
    expect(cluster.stored('temp').every((c) => c.secondaries.length === 1 && c.maxReplicaCount === 2)).toBe(
      true,
    );
    expect(await setReplicaCount('temp', 3)).toEqual(['ERR_OK', 2, '']);
    await cluster.run(15_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(7));
    expect(cluster.stored('temp').every(({ secondaries }) => secondaries.length === 2)).toBe(true);
  });

  test('of a table in transition can be asked for, and not be set', async () => {
    cluster.store.disconnect();
    const pending = create('t1', { replica_count: 2 });
    await cluster.run(100);
    const request = make(configurationGetMaxReplicaCountRequest, { app_name: 't1' });
    expect(await cluster.leader.call(RPC.RPC_CM_GET_MAX_REPLICA_COUNT, request)).toEqual({
      err: 'ERR_OK',
      max_replica_count: 2,
      hint_message: '',
    });
    expect(await setReplicaCount('t1', 3)).toEqual([
      'ERR_INVALID_STATE',
      2,
      'app(t1) is not in available status',
    ]);
    cluster.store.reconnect();
    await pending;
  });

  test('is refused in the order of the checks', async () => {
    expect(await setReplicaCount('nosuch', 2)).toEqual([
      'ERR_APP_NOT_EXIST',
      0,
      'app(nosuch) does not exist',
    ]);
    expect(await setReplicaCount('temp', 6)).toEqual([
      'ERR_INVALID_PARAMETERS',
      3,
      'requested replica count(6) must be within the range of [min=1, max=5]',
    ]);
    expect(await setReplicaCount('temp', 4)).toEqual([
      'ERR_INVALID_PARAMETERS',
      3,
      'there are not enough alive replica servers(3) for the requested replica count(4)',
    ]);
    expect(await setReplicaCount('temp', 3)).toEqual([
      'ERR_OK',
      3,
      "no need to update max_replica_count since it's not changed",
    ]);
  });

  test('of two requests at once takes one', async () => {
    const refused = [
      'ERR_OPERATION_DISABLED',
      3,
      'max_replica_count of app(temp) is being updated, thus this request would be rejected',
    ];
    const first = Promise.all([setReplicaCount('temp', 2), setReplicaCount('temp', 1)]);
    expect(await first).toEqual([['ERR_OK', 3, ''], refused]);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(4));
    // A request that comes while the partitions are being written finds them at odds, unless none is written yet.
    cluster.store.disconnectAfter(1);
    const second = setReplicaCount('temp', 3);
    await cluster.run(100);
    expect((await setReplicaCount('temp', 1)).slice(0, 2)).toEqual(['ERR_OPERATION_DISABLED', 2]);
    cluster.store.reconnect();
    expect((await second)[0]).toBe('ERR_OK');
  });

  test('that the leader left half done is finished by the next one, each ballot moved once', async () => {
    // The mark and three partitions get through.
    cluster.store.disconnectAfter(4);
    const hanging = setReplicaCount('temp', 2);
    await cluster.run(500);
    expect(znode('2')).toMatchObject({
      max_replica_count: 3,
      envs: { 'max_replica_count.update': 'updating;2' },
    });
    expect(cluster.ballots('temp')).toEqual([4, 4, 4, 3, 3, 3, 3, 3]);
    const request = make(configurationGetMaxReplicaCountRequest, { app_name: 'temp' });
    const disagree = 'partition_max_replica_count(2) != app_max_replica_count(3) for partition 2.0';
    expect(await cluster.leader.call(RPC.RPC_CM_GET_MAX_REPLICA_COUNT, request)).toEqual({
      err: 'ERR_INCONSISTENT_STATE',
      max_replica_count: 0,
      hint_message: disagree,
    });
    expect(await setReplicaCount('temp', 1)).toEqual(['ERR_INCONSISTENT_STATE', 0, disagree]);
    cluster.store.fence();
    await cluster.failOver(1000);
    await cluster.run(1000);
    expect(znode('2')).toMatchObject({ max_replica_count: 2, envs: {} });
    expect(cluster.stored('temp').map(({ maxReplicaCount }) => maxReplicaCount)).toEqual(Array(8).fill(2));
    await cluster.run(15_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(5));
    void hanging;
  });
});
