const { Onebox } = require('pegasus-onebox');

// Tests that break a cluster have one of their own: small, and free of what other workers do.
let cluster;

beforeAll(async () => {
  cluster = await Onebox.start({
    metas: 1,
    replicas: 2,
    collector: false,
    tables: [{ name: 'users', partitions: 2 }],
  });
});
afterAll(() => cluster?.stop());

test('a cluster without its leader is not healthy until it is back', async () => {
  const killed = await cluster.kill('leader');
  expect(await cluster.leader()).toBeUndefined();
  expect((await cluster.status()).health.healthy).toBe(false);
  await cluster.restart(killed);
  expect((await cluster.waitFor('healthy')).leader).toBe(cluster.metaServers[0]);
});
