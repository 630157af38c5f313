import { type Server, type Socket, createServer } from 'node:net';
import { MemoryLogger, until } from '@onebox/base';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { type SessionState, ZkSession } from '../src';
import { TcpProxy } from './support/tcp-proxy';

const PORT = 21510;
const SOON = { withinMs: 20_000, everyMs: 5 };
const SESSION_MS = 3000;

describeOnEachZooKeeper('a session in trouble', (kind) => {
  let zookeeper: TestZooKeeper;
  let proxy: TcpProxy;
  let log: MemoryLogger;
  const open: ZkSession[] = [];

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.1 }); // ticks of 200 ms: sessions of 400 to 4000 ms
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
      timeoutMs: SESSION_MS,
      connectWithinMs: 10_000,
      log,
      ...options,
    });
    open.push(opened);
    return opened;
  }

  function statesOf(client: ZkSession): SessionState[] {
    const states: SessionState[] = [];
    client.onState((state) => states.push(state));
    return states;
  }

  test('a frozen server suspends the session after two thirds of it, and gives it back when it thaws', async () => {
    const client = await session();
    await client.create('/frozen', Buffer.from('kept'), 'ephemeral');
    const states = statesOf(client);
    const id = client.sessionIdHex;
    const frozenAt = performance.now();
    await zookeeper.freeze();
    try {
      await until('the suspension', () => states.includes('suspended'), SOON);
    } finally {
      zookeeper.thaw();
    }
    const silentMs = performance.now() - frozenAt;
    await until('the reconnection', () => states.includes('connected'), SOON);
    expect(silentMs).toBeGreaterThan(SESSION_MS / 3 - 50);
    expect(silentMs).toBeLessThan(SESSION_MS);
    expect(states).toEqual(['suspended', 'connected']);
    expect(client.sessionIdHex).toBe(id);
    expect((await client.get('/frozen')).stat.ephemeralOwner).toBe(id);
  });

  test('an operation on a frozen server is bounded, and says that it may have happened', async () => {
    const client = await session({ operationTimeoutMs: 200 });
    await client.ensurePath('/bounded');
    await zookeeper.freeze();
    try {
      const answer = client.set('/bounded', Buffer.from('x'));
      await expect(answer).rejects.toMatchObject({ zk: 'OPERATION_TIMEOUT', mayHaveHappened: true });
      expect(client.state).toBe('suspended');
      await expect(client.get('/bounded')).rejects.toMatchObject({
        zk: 'CONNECTION_LOSS',
        mayHaveHappened: false,
      });
    } finally {
      zookeeper.thaw();
    }
    await until('the reconnection', () => client.state === 'connected', SOON);
  });

  test('nothing that was asked while there was no connection is executed later', async () => {
    const client = await session({ hosts: proxy.hosts });
    await client.ensurePath('/late');
    proxy.let('nothing');
    proxy.cut();
    await until('the suspension', () => client.state === 'suspended', SOON);
    await expect(client.set('/late', Buffer.from('late'))).rejects.toMatchObject({ zk: 'CONNECTION_LOSS' });
    proxy.let('through');
    proxy.cut();
    await until('the reconnection', () => client.state === 'connected', SOON);
    expect((await client.get('/late')).stat.version).toBe(0);
  });

  test('a create whose answer is lost has happened, under the id of this session', async () => {
    const client = await session({ hosts: proxy.hosts, operationTimeoutMs: 300 });
    await client.ensurePath('/lost');
    proxy.let('requests-only');
    const created = client.create('/lost/LOCKNODE', Buffer.from('127.0.0.1:1'), 'ephemeral-sequential');
    await expect(created).rejects.toMatchObject({ zk: 'OPERATION_TIMEOUT', mayHaveHappened: true });
    proxy.let('through');
    proxy.cut();
    await until('the reconnection', () => client.state === 'connected', SOON);
    const [name = ''] = await client.children('/lost');
    expect(name).toMatch(/^LOCKNODE\d{10}$/);
    expect((await client.exists(`/lost/${name}`))?.ephemeralOwner).toBe(client.sessionIdHex);
  });

  test('a connection that breaks under a request leaves open whether it happened', async () => {
    const client = await session({ hosts: proxy.hosts });
    proxy.let('requests-only');
    const answer = client.get('/');
    proxy.cut();
    await expect(answer).rejects.toMatchObject({ zk: 'CONNECTION_LOSS', mayHaveHappened: true });
    expect(client.state).toBe('suspended');
  });

  test('the session survives a restart of the server with its data', async () => {
    const client = await session();
    await client.create('/restart', Buffer.from('kept'), 'ephemeral');
    const states = statesOf(client);
    const id = client.sessionIdHex;
    await zookeeper.kill();
    await until('the suspension', () => states.includes('suspended'), SOON);
    await zookeeper.startAgain();
    await until('the reconnection', () => states.includes('connected'), SOON);
    expect(states).toEqual(['suspended', 'connected']);
    expect((await client.get('/restart')).stat.ephemeralOwner).toBe(id);
  });

  test('a server that was wiped expires the session, although it is behind what the client saw', async () => {
    const client = await session();
    for (let index = 0; index < 5; index += 1)
      await client.create('/w-', Buffer.alloc(0), 'persistent-sequential');
    const states = statesOf(client);
    await zookeeper.kill();
    await zookeeper.wipe();
    await zookeeper.startAgain();
    await until('the expiry', () => states.includes('expired'), SOON);
    expect(states).toEqual(['suspended', 'expired']);
    expect(log.lines.filter((line) => line.includes('closed the connection'))).not.toEqual([]);
    await expect(client.exists('/')).rejects.toMatchObject({ zk: 'SESSION_EXPIRED' });
    await client.close();
    expect(client.state).toBe('expired');
  });

  test('a session that was cut off for too long is told that it has expired, and not before', async () => {
    const client = await session({ hosts: proxy.hosts, timeoutMs: 1000 });
    const other = await session();
    await client.create('/cut-off', Buffer.alloc(0), 'ephemeral');
    const states = statesOf(client);
    proxy.let('nothing');
    await until(
      'the end of the ephemeral node',
      async () => (await other.exists('/cut-off')) === undefined,
      SOON,
    );
    await until('the suspension', () => states.includes('suspended'), SOON);
    expect(states).toEqual(['suspended']);
    proxy.let('through');
    proxy.cut();
    await until('the expiry', () => states.includes('expired'), SOON);
    expect(states).toEqual(['suspended', 'expired']);
  });

  test('pings every third of the session, so a dead client is gone between two thirds and a tick more than all of it', async () => {
    const client = await session({ hosts: proxy.hosts });
    const other = await session();
    await client.create('/pinged', Buffer.alloc(0), 'ephemeral');
    const createdAt = performance.now();
    const pings = (): number[] => proxy.requests.filter(({ bytes }) => isPing(bytes)).map(({ atMs }) => atMs);
    await until('three pings', () => pings().length >= 3, SOON);
    const [first = 0, second = 0, third = 0] = pings();
    for (const gapMs of [first - createdAt, second - first, third - second]) {
      expect(gapMs).toBeGreaterThan(SESSION_MS / 3 - 50);
      expect(gapMs).toBeLessThan((SESSION_MS * 2) / 3);
    }
    const cutAt = performance.now();
    proxy.let('nothing');
    await until(
      'the end of the ephemeral node',
      async () => (await other.exists('/pinged')) === undefined,
      SOON,
    );
    const goneMs = performance.now() - cutAt;
    expect(goneMs).toBeGreaterThan((SESSION_MS * 2) / 3);
    expect(goneMs).toBeLessThan(SESSION_MS + zookeeper.tickMs + 1000); // a second for a busy machine
  });

  test('a listener that throws harms nobody', async () => {
    const client = await session({ hosts: proxy.hosts });
    client.onState(() => {
      throw new Error('listener');
    });
    const states = statesOf(client);
    await client.ensurePath('/thrower');
    let fired = false;
    await client.get('/thrower', () => {
      fired = true;
      throw new Error('watch');
    });
    await client.set('/thrower', Buffer.from('1'));
    await until('the watch', () => fired, SOON);
    proxy.cut();
    await until('the reconnection', () => states.includes('connected'), SOON);
    expect(log.lines).toContain('E watch on /thrower failed: watch');
    expect(log.lines).toContain("E a listener to the session's state failed: listener");
  });

  test('an idle session does not keep the process alive', async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    await until('the end of earlier sockets', () => sockets() === 0, SOON);
    const client = await session();
    expect(sockets()).toBe(0);
    const answer = client.get('/');
    expect(sockets()).toBe(1);
    await answer;
    expect(sockets()).toBe(0);
  });
});

/** Length 8, xid -2, type 11. */
function isPing(bytes: Buffer): boolean {
  return bytes.equals(Buffer.from('00000008fffffffe0000000b', 'hex'));
}

describe('an address without a ZooKeeper', () => {
  const log = new MemoryLogger();
  let server: Server | undefined;
  const sockets = new Set<Socket>();

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    const closing = server;
    server = undefined;
    if (closing !== undefined) await new Promise<void>((resolve) => closing.close(() => resolve()));
  });

  function listen(port: number, onSocket: (socket: Socket) => void): Promise<void> {
    return new Promise((resolve) => {
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => undefined).resume();
        onSocket(socket);
      }).listen(port, '127.0.0.1', () => resolve());
    });
  }

  function openAt(hosts: string, connectWithinMs: number): Promise<ZkSession> {
    return ZkSession.open({ hosts, timeoutMs: 2000, connectWithinMs, log });
  }

  test('nobody listens', async () => {
    await expect(openAt('127.0.0.1:21511', 200)).rejects.toMatchObject({
      code: 'ONEBOX_ZOOKEEPER_UNREACHABLE',
      data: { hosts: '127.0.0.1:21511', why: 'connect ECONNREFUSED 127.0.0.1:21511' },
    });
  });

  test('somebody listens and never answers', async () => {
    await listen(21512, () => undefined);
    await expect(openAt('127.0.0.1:21512', 300)).rejects.toMatchObject({
      code: 'ONEBOX_ZOOKEEPER_UNREACHABLE',
    });
    await until(
      'the client to hang up',
      () => [...sockets].every((socket) => socket.readableEnded || socket.destroyed),
      SOON,
    );
  });

  test('somebody answers something else', async () => {
    await listen(21513, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(openAt('127.0.0.1:21513', 300)).rejects.toMatchObject({
      code: 'ONEBOX_ZOOKEEPER_UNREACHABLE',
    });
  });

  test('one of two is black-holed: the other one serves', async () => {
    const zookeeper = await TestZooKeeper.start({ port: 21514 });
    try {
      await listen(21515, () => undefined);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const client = await openAt('127.0.0.1:21515,127.0.0.1:21514', 10_000);
        expect(client.state).toBe('connected');
        await client.close();
      }
    } finally {
      await zookeeper.destroy();
    }
  });

  test('the address is wrong', async () => {
    for (const hosts of [
      '',
      'localhost',
      '127.0.0.1:21510,',
      '127.0.0.1:99999',
      '127.0.0.1:1//a',
      '127.0.0.1:1/a/../b',
    ]) {
      await expect(openAt(hosts, 100)).rejects.toMatchObject({ code: 'ONEBOX_BAD_ZOOKEEPER_HOSTS' });
    }
  });
});
