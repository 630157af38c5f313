import { MemoryLogger, until } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import { describeOnEachZooKeeper } from '../support/on-each-zookeeper';
import { TestZooKeeper } from '../support/test-zookeeper';
import { claimRoot, clearRoot } from '../../src/zookeeper-provider';

describeOnEachZooKeeper('the root of a cluster in ZooKeeper', (kind) => {
  let zookeeper: TestZooKeeper;
  let session: ZkSession;

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: 21650 });
    session = await open(zookeeper.hosts);
  });
  afterAll(async () => {
    await session.close();
    await zookeeper.destroy();
  });

  function open(hosts: string): Promise<ZkSession> {
    return ZkSession.open({ hosts, timeoutMs: 2000, connectWithinMs: 10_000, log: new MemoryLogger() });
  }

  const ROOT = '/pegasus/onebox/127.0.0.1';

  test('is made with its marker, claimed again, and deleted with everything below it', async () => {
    await claimRoot(session, ROOT, 'onebox');
    await claimRoot(session, ROOT, 'onebox');
    expect(await session.children(ROOT)).toEqual(['.pegasus-onebox']);
    expect((await session.get(`${ROOT}/.pegasus-onebox`)).data.toString()).toBe('onebox');

    for (let app = 0; app < 3; app += 1) {
      await session.ensurePath(`${ROOT}/apps/${app}`);
      const partitions = Array.from({ length: 300 }, (_, index) => `${ROOT}/apps/${app}/${index}`);
      await Promise.all(partitions.map((path) => session.create(path, Buffer.alloc(10), 'persistent')));
    }
    await clearRoot(session, ROOT);
    expect(await session.children('/pegasus/onebox')).toEqual([]);
    await clearRoot(session, ROOT);
  });

  test('that somebody else made is neither used nor deleted', async () => {
    await session.ensurePath('/pegasus/c3/apps/1');
    await expect(claimRoot(session, '/pegasus/c3')).rejects.toMatchObject({
      code: 'ONEBOX_FOREIGN_ROOT',
      message: "ZooKeeper's /pegasus/c3 exists and was not made by onebox",
    });
    await expect(clearRoot(session, '/pegasus/c3')).rejects.toMatchObject({ code: 'ONEBOX_FOREIGN_ROOT' });
    await expect(claimRoot(session, '/pegasus')).rejects.toMatchObject({ code: 'ONEBOX_FOREIGN_ROOT' });
    expect(await session.children('/pegasus/c3/apps')).toEqual(['1']);
  });

  test('is made once, however many claim it at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 5 }, () => open(`${zookeeper.hosts}/ours`)));
    await Promise.all(sessions.map((each) => claimRoot(each, ROOT)));
    expect(await session.children(`/ours${ROOT}`)).toEqual(['.pegasus-onebox']);
    await Promise.all(sessions.map((each) => each.close()));
  });

  test('that keeps filling is given up, and deleted when that has ended', async () => {
    await claimRoot(session, '/filling');
    const filler = await open(zookeeper.hosts);
    let filling = true;
    const filled = (async () => {
      for (let index = 0; filling; index += 1) {
        await filler.create(`/filling/n${index % 50}`, Buffer.alloc(0), 'persistent').catch(() => undefined);
      }
    })();
    await until('the filling', async () => (await session.children('/filling')).length > 10, {
      withinMs: 10_000,
    });
    // Whether it wins the race or gives up: never an error that is not ours, and the marker stays until the end.
    const cleared = await clearRoot(session, '/filling').catch((error: unknown) => error);
    filling = false;
    await filled;
    if (cleared !== undefined) {
      expect(cleared).toMatchObject({ code: 'ONEBOX_ROOT_IN_USE' });
      await clearRoot(session, '/filling');
    }
    expect(await session.exists('/filling')).toBeUndefined();
    await filler.close();
  });
});
