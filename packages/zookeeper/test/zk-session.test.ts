import { MemoryLogger, until } from '@onebox/base';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { type SessionState, type WatchEvent, ZkSession } from '../src';
import { TcpProxy } from './support/tcp-proxy';

const PORT = 21500;
const SOON = { withinMs: 10_000, everyMs: 5 };

describeOnEachZooKeeper('a session with ZooKeeper', (kind) => {
  let zookeeper: TestZooKeeper;
  let proxy: TcpProxy;
  let log: MemoryLogger;
  const open: ZkSession[] = [];

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.05 }); // ticks of 100 ms: sessions of 200 to 2000 ms
  });
  afterAll(() => zookeeper.destroy());
  beforeEach(async () => {
    log = new MemoryLogger();
    proxy = await TcpProxy.start(PORT);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((session) => session.close()));
    await proxy.close();
  });

  async function session(options: Partial<Parameters<typeof ZkSession.open>[0]> = {}): Promise<ZkSession> {
    const opened = await ZkSession.open({
      hosts: zookeeper.hosts,
      timeoutMs: 2000,
      connectWithinMs: 10_000,
      log,
      ...options,
    });
    open.push(opened);
    return opened;
  }

  test('gets the session the server grants, not the one it asked for', async () => {
    expect((await session({ timeoutMs: 60_000 })).negotiatedTimeoutMs).toBe(2000);
    expect((await session({ timeoutMs: 100 })).negotiatedTimeoutMs).toBe(200);
    expect((await session({ timeoutMs: 1000 })).negotiatedTimeoutMs).toBe(1000);
  });

  test('creates, reads, writes, lists and removes nodes', async () => {
    const client = await session();
    await client.ensurePath('/basic/a/b');
    await client.ensurePath('/basic/a/b');
    expect(await client.create('/basic/n', Buffer.from('one'), 'persistent')).toBe('/basic/n');
    const first = await client.create('/basic/s-', Buffer.alloc(0), 'persistent-sequential');
    expect(first).toMatch(/^\/basic\/s-\d{10}$/);
    const ephemeral = await client.create('/basic/e', Buffer.from('mine'), 'ephemeral');
    expect((await client.exists(ephemeral))?.ephemeralOwner).toBe(client.sessionIdHex);
    expect((await client.children('/basic')).sort()).toEqual(['a', 'e', 'n', first.slice(7)].sort());

    expect((await client.get('/basic/n')).data.toString()).toBe('one');
    expect((await client.set('/basic/n', Buffer.from('two'))).version).toBe(1);
    expect((await client.set('/basic/n', Buffer.alloc(0), 1)).version).toBe(2);
    await expect(client.set('/basic/n', Buffer.from('x'), 1)).rejects.toMatchObject({ zk: 'BAD_VERSION' });
    const { data, stat } = await client.get('/basic/n');
    expect(data).toEqual(Buffer.alloc(0));
    expect(stat).toMatchObject({ version: 2, dataLength: 0, childCount: 0, ephemeralOwner: undefined });

    await expect(client.create('/basic/n', Buffer.alloc(0), 'persistent')).rejects.toMatchObject({
      zk: 'NODE_EXISTS',
    });
    await expect(client.remove('/basic')).rejects.toMatchObject({ zk: 'NOT_EMPTY' });
    await client.remove('/basic/n');
    await expect(client.get('/basic/n')).rejects.toMatchObject({ zk: 'NO_NODE', mayHaveHappened: false });
    expect(await client.exists('/basic/n')).toBeUndefined();
    await expect(client.get('no-slash')).rejects.toMatchObject({ zk: 'OTHER' });
  });

  test('keeps all paths below a chroot, which it can create', async () => {
    const client = await session({ hosts: `${zookeeper.hosts}/chroot/deep` });
    const plain = await session();
    await client.ensurePath('/x/y');
    expect(await client.create('/x/s-', Buffer.from('v'), 'ephemeral-sequential')).toMatch(/^\/x\/s-\d{10}$/);
    expect(await plain.children('/chroot/deep')).toEqual(['x']);
    expect(await client.children('/')).toEqual(['x']);
    const seen: WatchEvent[] = [];
    await client.exists('/x/y', (event) => seen.push(event));
    await client.multi([
      { op: 'check', path: '/x' },
      { op: 'set', path: '/x/y', data: Buffer.from('1') },
    ]);
    await until('the watch below the chroot', () => seen.length === 1, SOON);
    expect(seen).toEqual([{ kind: 'changed', path: '/x/y' }]);
  });

  test('a multi happens as a whole, and names the operation at fault', async () => {
    const client = await session();
    await client.ensurePath('/multi');
    const results = await client.multi([
      { op: 'create', path: '/multi/a', data: Buffer.from('1') },
      { op: 'create', path: '/multi/a/b', data: Buffer.from('2') },
      { op: 'set', path: '/multi/a', data: Buffer.from('3') },
      { op: 'remove', path: '/multi/a/b' },
      { op: 'check', path: '/multi' },
    ]);
    expect(results.map((result) => result.version)).toEqual([undefined, undefined, 1, undefined, undefined]);

    const refused = client.multi([
      { op: 'set', path: '/multi/a', data: Buffer.from('4') },
      { op: 'check', path: '/multi/nothing' },
      { op: 'set', path: '/multi/a', data: Buffer.from('5') },
    ]);
    await expect(refused).rejects.toMatchObject({ zk: 'NO_NODE', failedOp: 1 });
    expect((await client.get('/multi/a')).data.toString()).toBe('3');
  });

  test('a check of version 0 is a check of version 0', async () => {
    const client = await session();
    await client.ensurePath('/zero');
    await client.multi([{ op: 'check', path: '/zero', version: 0 }]);
    await client.set('/zero', Buffer.from('1'));
    await expect(client.multi([{ op: 'check', path: '/zero', version: 0 }])).rejects.toMatchObject({
      zk: 'BAD_VERSION',
    });
    const set = client.multi([{ op: 'set', path: '/zero', data: Buffer.from('2'), version: 0 }]);
    await expect(set).rejects.toMatchObject({ zk: 'BAD_VERSION' });
    await expect(client.multi([{ op: 'remove', path: '/zero', version: 0 }])).rejects.toMatchObject({
      zk: 'BAD_VERSION',
    });
  });

  test('a watch fires once, and survives a reconnection', async () => {
    const watcher = await session({ hosts: proxy.hosts });
    const writer = await session();
    await writer.ensurePath('/watched/gone');
    const seen: WatchEvent[] = [];
    await watcher.get('/watched', (event) => seen.push(event));
    await watcher.exists('/watched/new', (event) => seen.push(event));
    await watcher.children('/watched', (event) => seen.push(event));
    const goneSeen: WatchEvent[] = [];
    await watcher.get('/watched/gone', (event) => goneSeen.push(event));

    const states: SessionState[] = [];
    watcher.onState((state) => states.push(state));
    proxy.cut();
    await until('the reconnection', () => states.includes('connected'), SOON);
    expect(states).toEqual(['suspended', 'connected']);
    expect(seen).toEqual([]);

    await writer.create('/watched/new', Buffer.alloc(0), 'persistent');
    await writer.set('/watched', Buffer.from('1'));
    await until('three events', () => seen.length === 3, SOON);
    await writer.set('/watched', Buffer.from('2'));
    await watcher.get('/watched');
    expect(seen).toEqual([
      { kind: 'created', path: '/watched/new' },
      { kind: 'children', path: '/watched' },
      { kind: 'changed', path: '/watched' },
    ]);

    // What happens while the watcher is away is told when it returns.
    proxy.let('nothing');
    proxy.cut();
    await writer.remove('/watched/gone');
    proxy.let('through');
    proxy.cut();
    await until('the event of the meantime', () => goneSeen.length === 1, SOON);
    expect(goneSeen).toEqual([{ kind: 'deleted', path: '/watched/gone' }]);
  });

  test('thousands of answers in one go are read', async () => {
    const client = await session();
    await client.ensurePath('/many');
    const paths = Array.from({ length: 3000 }, (_, index) => `/many/${index}`);
    await Promise.all(paths.map((path) => client.create(path, Buffer.alloc(0), 'persistent')));
    expect(await client.children('/many')).toHaveLength(3000);
    await Promise.all(paths.map((path) => client.remove(path)));
    expect(await client.children('/many')).toEqual([]);
  });

  test('a closed session is gone from the server at once, and closing twice is harmless', async () => {
    const client = await session();
    await client.create('/closed', Buffer.alloc(0), 'ephemeral');
    const states: SessionState[] = [];
    client.onState((state) => states.push(state));
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(states).toEqual(['closed']);
    await expect(client.get('/')).rejects.toMatchObject({ zk: 'OTHER' });
    expect(await (await session()).exists('/closed')).toBeUndefined();
  });
});
