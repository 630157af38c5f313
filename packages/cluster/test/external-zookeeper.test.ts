import { MemoryLogger } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import { isServing } from '../src/zookeeper-provider';
import { FakeHome, failureOf } from './support/fake-cluster';
import { describeOnEachZooKeeper } from './support/on-each-zookeeper';
import { TestZooKeeper } from './support/test-zookeeper';

const PORT = 22_190;
const HOSTS = `127.0.0.1:${PORT}`;

describeOnEachZooKeeper('a cluster on an ensemble of somebody else', (kind) => {
  /** Not started by the cluster, and holding something of its own. */
  let zookeeper: TestZooKeeper;
  let session: ZkSession;

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.1 });
    session = await ZkSession.open({
      hosts: HOSTS,
      timeoutMs: 4000,
      connectWithinMs: 5000,
      log: new MemoryLogger(),
    });
    await session.ensurePath('/pegasus/production');
  });
  afterAll(async () => {
    await session?.close();
    await zookeeper.destroy();
  });

  let home: FakeHome;
  beforeEach(async () => (home = await FakeHome.create(-12_205)));
  afterEach(() => home.destroy());

  const servers = () => home.running().filter((name) => name !== 'pm2');

  test('a root is marked before a server starts; stop leaves the ensemble and clear deletes nothing but the root', async () => {
    const { started, record } = await home.onebox().start({ ...home.small, zookeeper: HOSTS });
    expect(started).toEqual(['meta1', 'meta2', 'replica1', 'replica2']);
    expect(record.zookeeper).toEqual({ kind: 'external', provider: HOSTS, hosts: HOSTS });
    expect(await session.children('/pegasus/box/127.0.0.1')).toEqual(['.pegasus-onebox']);
    expect((await home.onebox().status()).instances.at(-1)).toMatchObject({
      name: 'zookeeper',
      state: 'external',
    });
    expect(await failureOf(home.onebox().instance('zookeeper'))).toMatchObject({
      code: 'ONEBOX_NO_SUCH_INSTANCE',
    });

    await session.ensurePath('/pegasus/box/127.0.0.1/apps/1/0');
    await home.onebox().stop();
    expect([servers(), await isServing({ host: '127.0.0.1', port: PORT })]).toEqual([[], true]);
    expect(await session.exists('/pegasus/box/127.0.0.1/apps/1/0')).toBeDefined();

    await home.onebox().clear();
    expect(await session.exists('/pegasus/box/127.0.0.1')).toBeUndefined();
    expect(await session.exists('/pegasus/production')).toBeDefined();
  });

  test('a root that somebody else made is not used, and another chroot can be taken at once', async () => {
    await session.ensurePath('/pegasus/box/127.0.0.1/apps');
    const foreign = { code: 'ONEBOX_FOREIGN_ROOT' };
    expect(await failureOf(home.onebox().start({ ...home.small, zookeeper: HOSTS }))).toMatchObject(foreign);
    expect([home.running(), home.onebox().record]).toEqual([[], undefined]);
    await home.onebox().start({ ...home.small, zookeeper: `${HOSTS}/other` });
    expect(await session.children('/other/pegasus/box/127.0.0.1')).toEqual(['.pegasus-onebox']);

    // Whoever takes the marker away takes the root back.
    await session.remove('/other/pegasus/box/127.0.0.1/.pegasus-onebox');
    expect(await failureOf(home.onebox().clear())).toMatchObject(foreign);
    expect(await session.exists('/other/pegasus/box/127.0.0.1')).toBeDefined();
    expect(await session.children('/pegasus/box/127.0.0.1')).toEqual(['apps']);
  });

  test('an ensemble that does not answer is told before anything is started or written', async () => {
    const nowhere = '127.0.0.1:22199';
    expect(await failureOf(home.onebox().start({ ...home.small, zookeeper: nowhere }))).toMatchObject({
      code: 'ONEBOX_NO_ZOOKEEPER',
      message: `no ZooKeeper from '${nowhere}': nothing answers at ${nowhere}`,
    });
    expect([home.running(), home.onebox().record]).toEqual([[], undefined]);
  });
});
