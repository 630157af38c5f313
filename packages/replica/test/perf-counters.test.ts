import type { Gpid } from '@onebox/base';
import type { PerfCounters } from '@onebox/server';
import { R1, R2, R3, FakeCluster } from './support/fake-cluster';

/** What the old generation shows of a replica server is the state of its replicas (reference/metrics.md 4.7). */

const P0: Gpid = { appId: 1, partitionIndex: 0 };

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = new FakeCluster();
  cluster.meta.add(P0);
  await cluster.start(R1, R2, R3);
});
afterEach(() => cluster.close());

const counters = (): PerfCounters => {
  const found = cluster.perfCounters.get(R1);
  if (found === undefined) throw new Error('R1 was never started');
  return found;
};
const value = (name: string): number | undefined => counters().read(name)?.value;

test('a table brings its counters, and those of its replicas, under its name and its id', async () => {
  const ofReplica = 'replica*app.pegasus*get_qps@1.0';
  const ofTable = 'replica*eon.replica*backup_request_qps@table1';
  const count = 'replica*eon.replica_stub*replica(Count)';
  expect([value(ofReplica), value(ofTable), value(count)]).toEqual([undefined, undefined, 0]);
  cluster.meta.cures = [R1, R2, R3];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  expect([value(ofReplica), value(ofTable), value(count)]).toEqual([0, 0, 1]);
});

test('a secondary has learned once, and whoever looks again sees nothing new', async () => {
  cluster.meta.cures = [R2, R1];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  const learned = 'replica*eon.replica_stub*replicas.learning.recent.learn.succ.count';
  expect([value(learned), value(learned)]).toEqual([1, 0]);
});
