import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvents } from '../../src/event-log';
import type { ClusterContext } from '../../src/life/cluster-context';
import { tellingZooKeeperDeath } from '../../src/life/zookeeper-death';

let path: string;
beforeEach(() => (path = mkdtempSync(join(tmpdir(), 'obt-'))));
afterEach(() => rmSync(path, { recursive: true, force: true }));

/** A cluster under a supervisor, as far as the end of its ZooKeeper looks at it. */
const context = (kind: 'pm2' | 'child-processes', exit?: object): ClusterContext =>
  ({
    state: { path },
    records: { live: () => ({ identity: { pid: 7 } }) },
    zookeeper: { isProcess: true, exit: async () => exit },
    servers: { kind },
  }) as unknown as ClusterContext;
const deaths = () => readEvents({ path, pm2Home: join(path, 'pm2') });

test('under pm2 whoever ends ZooKeeper tells it, because nobody else hears of it', async () => {
  expect(await tellingZooKeeperDeath(context('pm2'), 'kill', async () => ['zookeeper'])).toEqual([
    'zookeeper',
  ]);
  await tellingZooKeeperDeath(context('pm2'), 'terminate', async () => ['meta1', 'zookeeper']);
  const died = { type: 'server-died', server: 'onebox', instance: 'zookeeper', pid: 7, code: null };
  expect(deaths()).toMatchObject([
    { ...died, signal: 'SIGKILL' },
    { ...died, signal: null },
  ]);
});

test('where its parent hears of it, or it did not end, nothing is told here', async () => {
  await tellingZooKeeperDeath(context('child-processes'), 'kill', async () => ['zookeeper']);
  await tellingZooKeeperDeath(context('pm2', { code: 0, signal: null }), 'kill', async () => ['zookeeper']);
  await tellingZooKeeperDeath(context('pm2'), 'kill', async () => ['meta1']);
  expect(deaths()).toEqual([]);
});
