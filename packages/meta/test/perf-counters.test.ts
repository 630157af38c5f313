import { R3 } from './cluster-fixture';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { tableRequests } from './simulation/table-requests';

/** What the old generation shows of a leader is the state of the cluster (reference/metrics.md 4.6). */

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster(3);
});
afterEach(() => cluster.close());

const requests = tableRequests(() => cluster.leader);
const value = (name: string): number | undefined => cluster.leader.perfCounters.read(`meta*${name}`)?.value;
const nodes = () => [value('eon.meta_service*alive_nodes'), value('eon.meta_service*unalive_nodes')];

test('the health of all tables together, and the changes since somebody looked', async () => {
  expect(value('eon.server_state*healthy_partition_count')).toBe(0);
  await cluster.start();
  await cluster.run(60_000);
  expect(value('eon.server_state*healthy_partition_count')).toBe(12);
  // Three of each partition: a primary and two secondaries.
  const changes = () => value('eon.server_state*recent_update_config_count');
  expect([changes(), changes()]).toEqual([36, 0]);
  await requests.create('fresh', { partition_count: 2 });
  await cluster.run(60_000);
  expect([value('eon.server_state*healthy_partition_count'), changes()]).toEqual([14, 6]);
});

test('replica servers that come and go', async () => {
  await cluster.start();
  await cluster.run(60_000);
  expect(nodes()).toEqual([3, 0]);
  expect(value('eon.meta_service*recent_disconnect_count')).toBe(0);
  cluster.replica(R3).stop();
  await cluster.run(60_000);
  expect(nodes()).toEqual([2, 1]);
  expect(value('eon.meta_service*recent_disconnect_count')).toBe(1);
  expect(value('eon.server_state*writable_ill_partition_count')).toBe(12);
});
