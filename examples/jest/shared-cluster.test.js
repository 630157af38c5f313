const { Onebox } = require('pegasus-onebox');

// The cluster of the global set-up, which other test files use as well: so this one makes a table of its own.
let cluster;

beforeAll(async () => {
  cluster = await Onebox.attach({ fromEnvironment: true });
  await cluster.createTable('orders', { partitions: 2 });
});
afterAll(() => cluster.dropTable('orders'));

test('a table is listed by the leader', async () => {
  const answer = await fetch(`http://${await cluster.leader()}/meta/apps`);
  const { general_info: tables } = await answer.json();
  const names = Object.values(tables).map((table) => table.app_name);
  expect(names).toEqual(expect.arrayContaining(['users', 'orders']));
});

test('tools are given the meta servers by the environment', () => {
  expect(process.env.ONEBOX_META_SERVERS.split(',')).toEqual(cluster.metaServers);
});
