import { MemoryLogger, until } from '@onebox/base';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { ZkSession, expireSession } from '../src';
import type { SessionState } from '../src';

const PORT = 21560;
const SOON = { withinMs: 10_000, everyMs: 5 };

describeOnEachZooKeeper('ending the session of somebody else', (kind) => {
  let zookeeper: TestZooKeeper;
  let log: MemoryLogger;
  const open: ZkSession[] = [];

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.05 });
  });
  afterAll(() => zookeeper.destroy());
  beforeEach(() => (log = new MemoryLogger()));
  afterEach(async () => {
    await Promise.all(open.splice(0).map((session) => session.close()));
  });

  async function session(): Promise<ZkSession> {
    const options = { hosts: zookeeper.hosts, timeoutMs: 2000, connectWithinMs: 10_000, log };
    const opened = await ZkSession.open(options);
    open.push(opened);
    return opened;
  }

  const expire = ({ sessionIdHex: id, passwordHex: password, negotiatedTimeoutMs: timeoutMs }: ZkSession) =>
    expireSession({ ...{ hosts: zookeeper.hosts, id, password, timeoutMs }, withinMs: 10_000, log });

  test('takes its ephemeral nodes away at once, and its owner learns that it has expired', async () => {
    const [owner, other] = [await session(), await session()];
    const states: SessionState[] = [];
    owner.onState((state) => states.push(state));
    const node = await owner.create('/held-', Buffer.alloc(0), 'ephemeral-sequential');
    await expire(owner);
    expect(await other.exists(node)).toBeUndefined();
    await until('the owner knows', () => owner.state === 'expired', SOON);
    expect(states.at(-1)).toBe('expired');
    expect(other.state).toBe('connected');
  });

  test('of a session that is gone already is done', async () => {
    const owner = await session();
    await expire(owner);
    await expire(owner);
    await until('the owner knows', () => owner.state === 'expired', SOON);
  });
});

test('a ZooKeeper that is not there is named', async () => {
  const work = expireSession({
    ...{ hosts: '127.0.0.1:1', id: '0000000000000001', password: '0'.repeat(32), timeoutMs: 1000 },
    ...{ withinMs: 200, log: new MemoryLogger() },
  });
  await expect(work).rejects.toMatchObject({ code: 'ONEBOX_ZOOKEEPER_UNREACHABLE' });
});
