import { MemoryLogger, ScaledClock, parseNode, until } from '@onebox/base';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { DistributedLock, FencedStore, type LockGrant, ZkSession } from '../src';
import { TcpProxy } from './support/tcp-proxy';

const PORT = 21530;
const SOON = { withinMs: 20_000, everyMs: 5 };

const text = (value: string): Buffer => Buffer.from(value);

describeOnEachZooKeeper('what the leader writes', (kind) => {
  let zookeeper: TestZooKeeper;
  let proxy: TcpProxy;
  let admin: ZkSession;
  let log: MemoryLogger;
  let root: string;
  let tests = 0;
  const sessions: ZkSession[] = [];
  const locks: DistributedLock[] = [];

  beforeAll(async () => {
    // Grants sessions from 1 to 10 s.
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.25 });
  });
  afterAll(() => zookeeper.destroy());
  beforeEach(async () => {
    log = new MemoryLogger();
    proxy = await TcpProxy.start(PORT);
    // It looks on, and must not give up when the machine is busy.
    admin = await session(zookeeper.hosts, 10_000, 10_000);
    root = `/store/${(tests += 1)}`;
    await admin.ensurePath(`${root}/apps`);
  });
  afterEach(async () => {
    for (const lock of locks.splice(0)) lock.close();
    await Promise.all(sessions.splice(0).map((open) => open.close()));
    await proxy.close();
  });

  async function session(hosts: string, timeoutMs = 2000, operationTimeoutMs = 300): Promise<ZkSession> {
    const opened = await ZkSession.open({
      hosts,
      timeoutMs,
      connectWithinMs: 10_000,
      log,
      operationTimeoutMs,
    });
    sessions.push(opened);
    return opened;
  }

  interface Leader {
    readonly store: FencedStore;
    readonly session: ZkSession;
    readonly grant: LockGrant;
    readonly fenced: string[];
  }

  /** A meta server that leads, reached through the proxy. */
  async function leader(sessionMs?: number): Promise<Leader> {
    const used = await session(proxy.hosts, sessionMs);
    const clock = new ScaledClock(0.1);
    const lock = new DistributedLock({
      session: used,
      directory: `${root}/dsn.meta.server.leader`,
      identity: parseNode('127.0.0.1:34601'),
      clock,
      log,
    });
    locks.push(lock);
    let grant: LockGrant | undefined;
    lock.onAcquired((granted) => (grant = granted));
    lock.start();
    const granted = await until('the lock', () => grant, SOON);
    const fenced: string[] = [];
    const store = new FencedStore({
      session: used,
      grant: granted,
      clock,
      log,
      onFenced: (reason) => fenced.push(reason),
    });
    return { store, session: used, grant: granted, fenced };
  }

  test('is created, written, read, listed and removed', async () => {
    const { store } = await leader();
    const app = `${root}/apps/1`;
    await store.create(app, text('one'));
    await store.create(app, text('one'));
    await expect(store.create(app, text('other'))).rejects.toMatchObject({ zk: 'NODE_EXISTS' });
    await store.set(app, text('two'));
    await store.set(app, text('three'));
    expect(await store.get(app)).toEqual(text('three'));
    expect((await admin.get(app)).stat.version).toBe(2);
    await expect(store.set(`${root}/apps/2`, text('x'))).rejects.toMatchObject({ zk: 'NO_NODE' });
    await expect(store.create(`${root}/nowhere/1`, text('x'))).rejects.toMatchObject({ zk: 'NO_NODE' });
    await store.ensurePath(`${root}/a/b/c`);
    await store.ensurePath(`${root}/a/b/c`);
    expect((await store.children(root)).sort()).toEqual(['a', 'apps', 'dsn.meta.server.leader']);
    expect(await store.children(`${root}/nowhere`)).toEqual([]);
    await store.remove(app);
    await store.remove(app);
    expect(await store.get(app)).toBeUndefined();
    await expect(store.remove(`${root}/a`)).rejects.toMatchObject({ zk: 'NOT_EMPTY' });
  });

  test('is one transaction when written at once', async () => {
    const { store } = await leader();
    await store.write([
      { op: 'create', path: `${root}/apps/1`, data: text('a') },
      { op: 'create', path: `${root}/apps/1/0`, data: text('b') },
      { op: 'set', path: `${root}/apps/1`, data: text('c') },
      { op: 'set', path: `${root}/apps/1`, data: text('d') },
      { op: 'set', path: `${root}/apps`, data: text('unlock') },
    ]);
    expect((await admin.get(`${root}/apps/1`)).data).toEqual(text('d'));
    expect((await admin.get(`${root}/apps`)).data).toEqual(text('unlock'));
    const refused = store.write([
      { op: 'set', path: `${root}/apps`, data: text('no') },
      { op: 'create', path: `${root}/apps/1`, data: text('no') },
    ]);
    await expect(refused).rejects.toMatchObject({ zk: 'NODE_EXISTS' });
    expect((await admin.get(`${root}/apps`)).data).toEqual(text('unlock'));
  });

  test('may be thousands of nodes, some of which an earlier leader had made', async () => {
    const { store } = await leader();
    const app = `${root}/apps/7`;
    await store.create(app, text('table'));
    await store.create(`${app}/1500`, text('partition 1500'));
    const nodes = Array.from({ length: 2000 }, (_, index) => ({
      path: `${app}/${index}`,
      data: text(`partition ${index}`),
    }));
    await store.createMany(nodes);
    expect((await admin.children(app)).map(Number).sort((a, b) => a - b)).toEqual(
      nodes.map((_, index) => index),
    );
    expect((await admin.get(`${app}/1999`)).data).toEqual(text('partition 1999'));
    const taken = store.createMany([{ path: `${app}/3`, data: text('something else') }]);
    await expect(taken).rejects.toMatchObject({ zk: 'NODE_EXISTS' });
  });

  test('is refused before it is sent when ZooKeeper would hang up on it', async () => {
    const { store, session: used } = await leader();
    const large = store.create(`${root}/large`, Buffer.alloc(1_000_001));
    await expect(large).rejects.toMatchObject({ code: 'ONEBOX_ZNODE_TOO_LARGE' });
    await store.create(`${root}/large`, Buffer.alloc(900_000));
    expect(used.state).toBe('connected');
  });

  test('changes nothing once the lock is gone, and says so once', async () => {
    const { store, grant, fenced } = await leader();
    await store.create(`${root}/apps/1`, text('before'));
    await admin.remove(grant.lockNode);
    await expect(store.set(`${root}/apps/1`, text('after'))).rejects.toMatchObject({ code: 'ONEBOX_FENCED' });
    await expect(store.create(`${root}/apps/2`, text('after'))).rejects.toMatchObject({
      code: 'ONEBOX_FENCED',
    });
    await expect(store.get(`${root}/apps/1`)).rejects.toMatchObject({ code: 'ONEBOX_FENCED' });
    expect(fenced).toEqual([`the lock node ${grant.lockNode} is gone`]);
    expect((await admin.get(`${root}/apps/1`)).data).toEqual(text('before'));
    expect(await admin.children(`${root}/apps`)).toEqual(['1']);
  });

  test('changes nothing after the session has expired', async () => {
    const { store, session: used, grant, fenced } = await leader();
    proxy.let('nothing');
    await until(
      'the end of the lock node',
      async () => (await admin.exists(grant.lockNode)) === undefined,
      SOON,
    );
    const write = store.set(`${root}/apps`, text('late'));
    const refused = expect(write).rejects.toMatchObject({ code: 'ONEBOX_FENCED' });
    proxy.let('through');
    proxy.cut();
    await refused;
    expect(used.state).toBe('expired');
    expect(fenced).toEqual(['the ZooKeeper session has expired']);
    expect((await admin.get(`${root}/apps`)).data).toEqual(Buffer.alloc(0));
  });

  test('a create whose answer is lost is done once', async () => {
    const { store } = await leader();
    const lost = proxy.loseAnswerTo('partition zero');
    await store.create(`${root}/apps/0`, text('partition zero'));
    expect(lost()).toBe(1);
    expect((await admin.get(`${root}/apps/0`)).data).toEqual(text('partition zero'));
  });

  test('a set whose answer is lost is done once', async () => {
    const { store } = await leader();
    await store.create(`${root}/apps/0`, text('ballot 0'));
    const lost = proxy.loseAnswerTo('ballot 1');
    await store.set(`${root}/apps/0`, text('ballot 1'));
    await store.set(`${root}/apps/0`, text('ballot 2'));
    expect(lost()).toBe(1);
    const { data, stat } = await admin.get(`${root}/apps/0`);
    expect([data.toString(), stat.version]).toEqual(['ballot 2', 2]);
  });

  test('a transaction whose answer is lost is done once', async () => {
    const { store } = await leader();
    await store.create(`${root}/apps/0`, text('ballot 0'));
    const lost = proxy.loseAnswerTo('ballot 1');
    await store
      .write([
        { op: 'set', path: `${root}/apps/0`, data: text('ballot 1') },
        { op: 'create', path: `${root}/apps/1`, data: text('new') },
        { op: 'remove', path: `${root}/apps/none` },
      ])
      .catch((error: unknown) => expect(error).toMatchObject({ zk: 'NO_NODE' }));
    expect(await admin.children(`${root}/apps`)).toEqual(['0']);
    await store.write([
      { op: 'set', path: `${root}/apps/0`, data: text('ballot 1') },
      { op: 'create', path: `${root}/apps/1`, data: text('new') },
    ]);
    expect(lost()).toBe(1);
    expect((await admin.get(`${root}/apps/0`)).stat.version).toBe(1);
    expect((await admin.get(`${root}/apps/1`)).data).toEqual(text('new'));
  });

  test('a write that never arrived is repeated until it does, and the order of writes is kept', async () => {
    const { store, session: used } = await leader();
    await store.create(`${root}/apps/0`, text('0'));
    proxy.let('nothing');
    const writes = ['1', '2', '3'].map((ballot) => store.set(`${root}/apps/0`, text(ballot)));
    const read = store.get(`${root}/apps`);
    await until('the suspension', () => used.state === 'suspended', SOON);
    expect((await admin.get(`${root}/apps/0`)).data).toEqual(text('0'));
    proxy.let('through');
    proxy.cut();
    await Promise.all(writes);
    expect(await read).toEqual(Buffer.alloc(0));
    const { data, stat } = await admin.get(`${root}/apps/0`);
    expect([data.toString(), stat.version]).toEqual(['3', 3]);
  });

  test('waits for a ZooKeeper that is down', async () => {
    // Longer than a busy machine takes to start Java: the session has to live through it.
    const { store, session: used } = await leader(10_000);
    await store.create(`${root}/apps/0`, text('0'));
    await zookeeper.kill();
    const write = store.set(`${root}/apps/0`, text('1'));
    await until('the suspension', () => used.state === 'suspended', SOON);
    await zookeeper.startAgain();
    await write;
    await until('the other session', () => admin.state === 'connected', SOON);
    expect((await admin.get(`${root}/apps/0`)).data).toEqual(text('1'));
  });

  test('goes over what a tool wrote meanwhile', async () => {
    const { store } = await leader();
    await store.create(`${root}/apps/0`, text('0'));
    await admin.set(`${root}/apps/0`, text('by hand'));
    await store.set(`${root}/apps/0`, text('1'));
    expect((await admin.get(`${root}/apps/0`)).data).toEqual(text('1'));
    expect(log.lines).toContain(`W ${root}/apps/0 was written by somebody else`);
  });

  test('an own request that arrives late, after a newer one, changes nothing', async () => {
    const { store, session: used, grant } = await leader();
    const path = `${root}/apps/0`;
    await store.create(path, text('0'));
    await store.set(path, text('newer'));
    // What the store sent for a write that it gave up: the version it replaces goes with it.
    const late = used.multi([
      { op: 'check', path: grant.lockNode },
      { op: 'set', path, data: text('given up'), version: 0 },
    ]);
    await expect(late).rejects.toMatchObject({ zk: 'BAD_VERSION', failedOp: 1 });
    expect(await store.get(path)).toEqual(text('newer'));
  });
});
