import { Onebox } from 'pegasus-onebox';
import { beforeAll, expect, test } from 'vitest';

let cluster;

beforeAll(async () => {
  cluster = await Onebox.attach({ fromEnvironment: true });
});

test('every replica server is alive', async () => {
  const answer = await fetch(`http://${await cluster.leader()}/meta/nodes`);
  const { details } = await answer.json();
  const alive = Object.values(details).filter(({ status }) => status === 'ALIVE');
  expect(alive.map(({ address }) => address).sort()).toEqual([...cluster.replicaServers].sort());
});

test('a table is created', async () => {
  await cluster.createTable('orders', { partitions: 2 });
  expect((await cluster.tables()).map(({ name }) => name)).toEqual(['stat', 'users', 'orders']);
});
