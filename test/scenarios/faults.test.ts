import { httpGet } from '../support/http-get';
import { expectAtRest } from '../support/invariants';
import { TestCluster } from '../support/test-cluster';

// What the commands promise; what each fault does to a cluster is in test/faults.
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.create({ metas: 1, args: ['--no-collector'] });
});
afterAll(() => cluster.destroy());

const statusOf = async (number: number) => (await cluster.nodes())[cluster.replica(number)];
const answers = (number: number) =>
  httpGet(cluster.replica(number), '/version', 500).then(
    ({ status }) => status,
    () => 'nothing',
  );

test('a cut lasts over a restart of its server, until it is cleared', async () => {
  const { G, c, b, I, Y } = cluster.timing;
  expect(await cluster.run('fault', 'cut', 'replica1', '--http')).toBe(
    'f1: cut replica1 from everybody, HTTP included, until it is cleared.\n',
  );
  expect(await answers(1)).toBe('nothing');
  await cluster.run('kill', 'replica1');
  await cluster.run('start', 'replica1', '--no-wait');
  await cluster.eventually('it is dead', async () => (await statusOf(1)) === 'UNALIVE', G + c);
  expect([await answers(1), await answers(2)]).toEqual(['nothing', 200]);
  await cluster.run('fault', 'clear', 'f1');
  await cluster.eventually('it is alive', async () => (await statusOf(1)) === 'ALIVE', b + 2000);
  await cluster.allHealthy(I + Y);
  expect(await answers(1)).toBe(200);
  await expectAtRest(cluster);
});

test('a pause for longer than the grace costs a server its replicas; it goes on by itself and gets them back', async () => {
  const { G, c, I, Y } = cluster.timing;
  const seconds = Math.ceil((G + c) / 1000) + 1;
  await cluster.run('pause', 'replica2', '--for', `${seconds}s`);
  await cluster.eventually('it is dead', async () => (await statusOf(2)) === 'UNALIVE', G + c);
  await cluster.eventually('it is alive', async () => (await statusOf(2)) === 'ALIVE', seconds * 1000);
  await cluster.allHealthy(I + Y);
  expect(await cluster.run('fault', 'list')).toBe('Nothing is broken on purpose.\n');
  await expectAtRest(cluster);
});
