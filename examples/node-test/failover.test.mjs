// node --test examples/node-test/
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Onebox } from 'pegasus-onebox';

let cluster;

before(async () => {
  cluster = await Onebox.start({ metas: 2, replicas: 3, tables: [{ name: 'users', partitions: 4 }] });
});
after(() => cluster?.stop());

test('another meta server leads when the leader is killed', async () => {
  const before = await cluster.leader();
  const killed = await cluster.kill('leader');
  const { leader } = await cluster.waitFor((status) => status.leader !== null);
  assert.notEqual(leader, before);
  await cluster.restart(killed);
  await cluster.waitFor('healthy');
});

test('no partition stays without a primary when a replica server is killed', async () => {
  const [dead] = cluster.replicaServers;
  await cluster.kill('replica1');
  await cluster.waitFor(async () => {
    const partitions = await cluster.partitions('users');
    return partitions.every(({ primary }) => primary !== undefined && primary !== dead);
  });
});
