import { MemoryLogger, type Node, ScaledClock, parseNode, until } from '@onebox/base';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { DistributedLock, ZkSession } from '../src';
import { lockQueue } from '../src/lock-queue';
import { TcpProxy } from './support/tcp-proxy';

const PORT = 21520;
const SOON = { withinMs: 20_000, everyMs: 5 };
const M1 = parseNode('127.0.0.1:34601');
const M2 = parseNode('127.0.0.1:34602');
const M3 = parseNode('127.0.0.1:34603');

test('the queue is in the order of the digits after LOCKNODE; other names are not in it', () => {
  const names = [
    'LOCKNODE0000000010',
    'LOCKNODE0000000009',
    'LOCKNODE',
    'lock',
    'LOCKNODE12x',
    'LOCKNODE-1',
    'LOCKNODE2147483648',
  ];
  expect(lockQueue(names)).toEqual([
    { name: 'LOCKNODE0000000009', sequence: 9 },
    { name: 'LOCKNODE0000000010', sequence: 10 },
    { name: 'LOCKNODE2147483648', sequence: 2147483648 },
  ]);
});

describeOnEachZooKeeper('the lock of the meta servers', (kind) => {
  let zookeeper: TestZooKeeper;
  let proxy: TcpProxy;
  let admin: ZkSession;
  let log: MemoryLogger;
  let directory: string;
  let tests = 0;
  const sessions: ZkSession[] = [];
  const locks: DistributedLock[] = [];

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.05 }); // sessions of 200 to 2000 ms
  });
  afterAll(() => zookeeper.destroy());
  beforeEach(async () => {
    log = new MemoryLogger();
    proxy = await TcpProxy.start(PORT);
    admin = await session();
    directory = `/pegasus/${(tests += 1)}/dsn.meta.server.leader`;
  });
  afterEach(async () => {
    for (const lock of locks.splice(0)) lock.close();
    await Promise.all(sessions.splice(0).map((open) => open.close()));
    await proxy.close();
  });

  async function session(hosts = zookeeper.hosts, operationTimeoutMs?: number): Promise<ZkSession> {
    const opened = await ZkSession.open({
      hosts,
      timeoutMs: 2000,
      connectWithinMs: 10_000,
      log,
      operationTimeoutMs,
    });
    sessions.push(opened);
    return opened;
  }

  interface Contender {
    readonly lock: DistributedLock;
    readonly session: ZkSession;
    /** What it was told, in order. */
    readonly told: string[];
  }

  async function contend(identity: Node, over?: ZkSession): Promise<Contender> {
    const used = over ?? (await session());
    const lock = new DistributedLock({
      session: used,
      directory,
      identity,
      clock: new ScaledClock(0.1),
      log,
    });
    locks.push(lock);
    const told: string[] = [];
    lock.onOwner((owner) => told.push(`owner ${owner ?? 'unknown'}`));
    lock.onAcquired(({ lockNode }) => told.push(`acquired ${lockNode === lock.ownNode}`));
    lock.onLost((reason) => told.push(`lost: ${reason}`));
    lock.start();
    return { lock, session: used, told };
  }

  /** Contenders that queue one after the other, the first of them the owner. */
  async function queue(...identities: Node[]): Promise<Contender[]> {
    const contenders: Contender[] = [];
    for (const identity of identities) {
      const contender = await contend(identity);
      contenders.push(contender);
      await until(`${identity} in the queue`, () => contender.lock.owner !== undefined, SOON);
    }
    return contenders;
  }

  /** What the nodes of the queue hold, in order. */
  async function queued(): Promise<string[]> {
    const nodes = lockQueue(await admin.children(directory));
    return Promise.all(
      nodes.map(async ({ name }) => (await admin.get(`${directory}/${name}`)).data.toString()),
    );
  }

  test('goes to the first, and from a dead owner to the one that waits longest', async () => {
    const [m1, m2, m3] = (await queue(M1, M2, M3)) as [Contender, Contender, Contender];
    expect(await queued()).toEqual([M1, M2, M3]);
    expect([m1.lock.owner, m2.lock.owner, m3.lock.owner]).toEqual([M1, M1, M1]);
    expect((await admin.exists(m1.lock.ownNode ?? ''))?.ephemeralOwner).toBe(m1.session.sessionIdHex);

    await m1.session.close();
    await until('the second owns', () => m2.told.includes('acquired true'), SOON);
    await until('the third learns of the second', () => m3.lock.owner === M2, SOON);
    await m2.session.close();
    await until('the third owns', () => m3.told.includes('acquired true'), SOON);
    expect(m1.told).toEqual([`owner ${M1}`, 'acquired true']);
    expect(m2.told).toEqual([`owner ${M1}`, `owner ${M2}`, 'acquired true']);
    expect(m3.told).toEqual([`owner ${M1}`, `owner ${M2}`, `owner ${M3}`, 'acquired true']);
  });

  test('a waiter that dies changes nothing for the others', async () => {
    const [m1, m2, m3] = (await queue(M1, M2, M3)) as [Contender, Contender, Contender];
    await m2.session.close();
    expect(await queued()).toEqual([M1, M3]);
    await m1.session.close();
    await until('the third owns', () => m3.told.includes('acquired true'), SOON);
    expect(m3.told).toEqual([`owner ${M1}`, `owner ${M3}`, 'acquired true']);
  });

  test('names that do not fit are not waited for', async () => {
    await admin.ensurePath(`${directory}/LOCKNODE`);
    await admin.create(`${directory}/0000000000`, Buffer.from('x'), 'persistent');
    const [m1] = (await queue(M1)) as [Contender];
    expect(m1.told).toEqual([`owner ${M1}`, 'acquired true']);
  });

  test('a restarted owner removes the node it left, and wins when nobody waits', async () => {
    const [before] = (await queue(M1)) as [Contender];
    const after = await contend(M1);
    await until('the new process owns', () => after.told.includes('acquired true'), SOON);
    expect(await queued()).toEqual([M1]);
    // The old process, were it alive, is told that its node was deleted.
    await until('the old process loses', () => before.told.length === 3, SOON);
    expect(before.told[2]).toBe(`lost: the lock node ${before.lock.ownNode ?? ''} was deleted`);
  });

  test('an owner that is restarted quickly goes behind those that wait', async () => {
    const [, m2] = (await queue(M1, M2)) as [Contender, Contender];
    const again = await contend(M1);
    await until('the waiter owns', () => m2.told.includes('acquired true'), SOON);
    await until('the restarted one knows', () => again.lock.owner === M2, SOON);
    expect(await queued()).toEqual([M2, M1]);
    expect(again.told).toEqual([`owner ${M2}`]);
  });

  test('a stale node of its own that is not the first stays where it is', async () => {
    await queue(M1, M2);
    await queue(M2);
    expect(await queued()).toEqual([M1, M2, M2]);
  });

  test('an owner whose node is deleted loses the lock, and only it', async () => {
    const [m1, m2] = (await queue(M1, M2)) as [Contender, Contender];
    const node = m1.lock.ownNode ?? '';
    await admin.remove(node);
    await until('the second owns', () => m2.told.includes('acquired true'), SOON);
    await until('the first loses', () => m1.told.length === 3, SOON);
    expect(m1.told).toEqual([`owner ${M1}`, 'acquired true', `lost: the lock node ${node} was deleted`]);
  });

  test('writing to the owner node is not deleting it', async () => {
    const [m1, m2] = (await queue(M1, M2)) as [Contender, Contender];
    await admin.set(m1.lock.ownNode ?? '', Buffer.from(M3));
    await until('the waiter reads it again', () => m2.lock.owner === M3, SOON);
    await admin.remove(m1.lock.ownNode ?? '');
    await until('the first loses', () => m1.told.length === 3, SOON);
    expect(m1.told[2]).toMatch(/^lost: /);
  });

  test('a waiter whose node was deleted queues again before it can win', async () => {
    const [m1, m2, m3] = (await queue(M1, M2, M3)) as [Contender, Contender, Contender];
    await admin.remove(m2.lock.ownNode ?? '');
    await m1.session.close();
    await until('the third owns', () => m3.told.includes('acquired true'), SOON);
    await until('the second waits for it', () => m2.lock.owner === M3, SOON);
    expect(await queued()).toEqual([M3, M2]);
  });

  test('a lost connection keeps every role, and the watches', async () => {
    const m1 = await contend(M1, await session(proxy.hosts));
    await until('the first owns', () => m1.told.includes('acquired true'), SOON);
    const m2 = await contend(M2, await session(proxy.hosts));
    await until('the second waits', () => m2.lock.owner === M1, SOON);

    proxy.let('nothing');
    proxy.cut();
    await until(
      'both are cut off',
      () => [m1, m2].every(({ session: { state } }) => state === 'suspended'),
      SOON,
    );
    expect([m1.lock.owner, m2.lock.owner]).toEqual([M1, M1]);
    proxy.let('through');
    proxy.cut();
    await until(
      'both are back',
      () => [m1, m2].every(({ session: { state } }) => state === 'connected'),
      SOON,
    );
    expect(await queued()).toEqual([M1, M2]);
    expect([m1.told, m2.told]).toEqual([[`owner ${M1}`, 'acquired true'], [`owner ${M1}`]]);

    await admin.remove(m1.lock.ownNode ?? '');
    await until('the second owns', () => m2.told.includes('acquired true'), SOON);
    await until('the first loses', () => m1.told.length === 3, SOON);
  });

  test('an expired session ends it for the owner and for a waiter', async () => {
    const m1 = await contend(M1, await session(proxy.hosts));
    await until('the first owns', () => m1.told.includes('acquired true'), SOON);
    const m2 = await contend(M2, await session(proxy.hosts));
    await until('the second waits', () => m2.lock.owner === M1, SOON);
    proxy.let('nothing');
    await until('their nodes to go', async () => (await admin.children(directory)).length === 0, SOON);
    expect([m1.told.length, m2.told.length]).toEqual([2, 1]);
    proxy.let('through');
    proxy.cut();
    await until('both to lose', () => m1.told.length === 3 && m2.told.length === 2, SOON);
    expect(m1.told[2]).toBe('lost: the ZooKeeper session has expired');
    expect(m2.told[1]).toBe('lost: the ZooKeeper session has expired');
  });

  test('a contender whose create lost its answer finds its node and makes no second one', async () => {
    await admin.ensurePath(directory);
    const lost = proxy.loseAnswerTo('LOCKNODE');
    const m1 = await contend(M1, await session(proxy.hosts, 300));
    await until('the first owns', () => m1.told.includes('acquired true'), SOON);
    expect(lost()).toBe(1);
    expect(await queued()).toEqual([M1]);
    expect((await admin.exists(m1.lock.ownNode ?? ''))?.ephemeralOwner).toBe(m1.session.sessionIdHex);
  });

  test('contends as soon as ZooKeeper is there', async () => {
    const used = await session(proxy.hosts);
    proxy.let('nothing');
    proxy.cut();
    await until('the suspension', () => used.state === 'suspended', SOON);
    const m1 = await contend(M1, used);
    await until(
      'a vain attempt',
      () => log.lines.some((line) => line.includes('cannot contend for the lock')),
      SOON,
    );
    proxy.let('through');
    proxy.cut();
    await until('the first owns', () => m1.told.includes('acquired true'), SOON);
    expect(m1.told).toEqual([`owner ${M1}`, 'acquired true']);
  });
});
