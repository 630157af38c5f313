import { FakeClock, until } from '@onebox/base';
import { EmbeddedZooKeeper, type EmbeddedZooKeeperOptions, MemoryJournal } from '../src';
import { Code, OpCode } from '../src/wire';
import { DataResponse, PathRequest, SetWatchesRequest, Stat } from '../src/wire/records';
import { askWord } from './support/ask-word';
import { KeptJournal } from './support/kept-journal';
import { RawClient, type RawClientOptions } from './support/raw-client';
import { createBody, deleteBody, multiBody, readBody, setDataBody } from './support/requests';

const SOON = { withinMs: 10_000, everyMs: 2 };

describe('a server', () => {
  const servers: EmbeddedZooKeeper[] = [];
  const clients: RawClient[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function start(options: Partial<EmbeddedZooKeeperOptions> = {}): Promise<EmbeddedZooKeeper> {
    const server = await EmbeddedZooKeeper.start({
      host: '127.0.0.1',
      port: 0,
      tickTimeMs: 100,
      journal: new MemoryJournal(),
      ...options,
    });
    servers.push(server);
    return server;
  }

  async function client(server: EmbeddedZooKeeper, options?: RawClientOptions): Promise<RawClient> {
    const opened = await RawClient.open(server.port, options);
    clients.push(opened);
    return opened;
  }

  describe('makes sessions', () => {
    test('with the time-out it grants, a password and a transaction of its own', async () => {
      const server = await start();
      const first = await client(server, { timeoutMs: 1 });
      const second = await client(server, { timeoutMs: 60_000 });
      expect([first.timeoutMs, second.timeoutMs]).toEqual([200, 2000]);
      expect(second.sessionId).toBe(first.sessionId + 1n);
      expect(first.password).toHaveLength(16);
      expect(first.password.equals(second.password)).toBe(false);
      expect(await second.request(OpCode.ping)).toMatchObject({ xid: -2, zxid: 2, err: 0 });
    });

    test('also for clients that know no read-only mode', async () => {
      const server = await start();
      expect((await client(server)).handshakeBytes).toBe(37);
      expect((await client(server, { old: true })).handshakeBytes).toBe(36);
    });

    test('not for clients that have seen what never happened here', async () => {
      const server = await start();
      await expect(client(server, { lastZxidSeen: 1 })).rejects.toThrow('the connection was closed');
    });

    test('and gives one to a new connection that shows the password, with its nodes but without its watches', async () => {
      const server = await start();
      const before = await client(server, { timeoutMs: 2000 });
      const { sessionId, password } = before;
      await before.request(OpCode.create, createBody('/e', { flags: 1 }));
      await before.request(OpCode.exists, readBody('/x', true));
      const after = await client(server, { sessionId, password, timeoutMs: 500 });
      await before.closed; // The one that had it loses it.
      expect(after).toMatchObject({ sessionId, timeoutMs: 500 });
      await after.request(OpCode.create, createBody('/x'));
      expect(after.story).toEqual(['reply 0', 'reply 1']);
      const { body } = await after.request(OpCode.exists, readBody('/e'));
      expect(Stat.read(body).ephemeralOwner).toBe(sessionId);
    });

    test('and says that there is none to whoever shows a wrong password', async () => {
      const server = await start();
      const owner = await client(server);
      const thief = await client(server, { sessionId: owner.sessionId });
      expect(thief).toMatchObject({ sessionId: 0n, timeoutMs: 0, password: Buffer.alloc(16) });
      await thief.closed;
      const stranger = await client(server, { sessionId: 0x1234n, password: null });
      expect(stranger).toMatchObject({ sessionId: 0n, timeoutMs: 0 });
    });

    test('which end when nobody speaks for them, with their nodes, and whoever watches is told', async () => {
      const clock = new FakeClock();
      const server = await start({ clock });
      const dying = await client(server, { timeoutMs: 300 });
      const watching = await client(server, { timeoutMs: 2000 });
      for (const path of ['/e', '/f']) await dying.request(OpCode.create, createBody(path, { flags: 1 }));
      await watching.request(OpCode.exists, readBody('/e', true));
      await watching.request(OpCode.getChildren, readBody('/', true));
      clock.advance(350);
      await dying.request(OpCode.ping);
      clock.advance(300);
      await dying.request(OpCode.ping);
      clock.advance(450);
      await dying.closed;
      const { zxid, body } = await watching.request(OpCode.exists, readBody('/'));
      expect(zxid).toBe(5);
      // Both nodes went in the one transaction that closed the session.
      expect(Stat.read(body)).toMatchObject({ pzxid: 5, numChildren: 1 });
      expect(watching.story.slice(3)).toEqual(['deleted /e', 'children /', 'reply 3']);
    });

    test('which end at once when they are closed', async () => {
      const server = await start();
      const closing = await client(server);
      const watching = await client(server);
      await closing.request(OpCode.create, createBody('/e', { flags: 1 }));
      await closing.request(OpCode.exists, readBody('/e', true));
      await watching.request(OpCode.exists, readBody('/e', true));
      const answer = closing.request(OpCode.closeSession);
      const late = closing.request(OpCode.ping);
      expect(await answer).toMatchObject({ zxid: 4, err: 0 });
      await expect(late).rejects.toThrow('closed');
      expect(closing.story.slice(-2)).toEqual(['deleted /e', 'reply 3']);
      await until('the event', () => watching.story.includes('deleted /e'), SOON);
    });
  });

  test('answers in the order of the requests, and tells of a change before it answers whoever sees it', async () => {
    const server = await start();
    const writer = await client(server);
    const reader = await client(server);
    await writer.request(OpCode.create, createBody('/a'));
    await reader.request(OpCode.getData, readBody('/a', true));
    const asked = [
      writer.request(OpCode.setData, setDataBody('/a', 'one')),
      writer.request(OpCode.getData, readBody('/a')),
      writer.request(OpCode.delete, deleteBody('/a')),
      writer.request(OpCode.getData, readBody('/a')),
      writer.request(OpCode.multi, multiBody([OpCode.create, createBody('/b')])),
    ];
    const answers = await Promise.all(asked);
    expect(answers.map(({ zxid, err }) => [zxid, err])).toEqual([
      [4, 0],
      [4, 0],
      [5, 0],
      [5, Code.NO_NODE],
      [6, 0],
    ]);
    const data = answers[1];
    expect(data && DataResponse.read(data.body).data?.toString()).toBe('one');
    await reader.request(OpCode.getData, readBody('/a'));
    expect(reader.story).toEqual(['reply 0', 'reply 1', 'changed /a', 'reply 2']);
  });

  test('counts every write as a transaction, failed and unreadable ones too', async () => {
    const server = await start();
    const one = await client(server);
    const bodies = [createBody('/a'), createBody('/a'), createBody(null), undefined];
    const answers = [];
    for (const body of bodies) answers.push(await one.request(OpCode.create, body));
    answers.push(await one.request(OpCode.getData, undefined));
    expect(answers.map(({ zxid, err }) => [zxid, err])).toEqual([
      [2, 0],
      [3, Code.NODE_EXISTS],
      [4, Code.MARSHALLING_ERROR],
      [5, Code.MARSHALLING_ERROR],
      [5, Code.MARSHALLING_ERROR],
    ]);
  });

  test('sets watches again after a reconnect, and tells what was missed before the answer', async () => {
    const server = await start();
    const one = await client(server);
    await one.request(OpCode.create, createBody('/a'));
    const { err } = await one.request(
      OpCode.setWatches,
      (to) =>
        SetWatchesRequest.write(to, {
          relativeZxid: 1,
          dataWatches: ['/gone', '/a'],
          existWatches: ['/later'],
          childWatches: ['/a'],
        }),
      -8,
    );
    await one.request(OpCode.create, createBody('/later'));
    expect(err).toBe(0);
    expect(one.story.slice(2)).toEqual([
      'deleted /gone',
      'changed /a',
      'children /a',
      'reply -8',
      'created /later',
      'reply 2',
    ]);
  });

  test('answers Unimplemented to what it does not know, and closes, as the real server does', async () => {
    const server = await start();
    for (const opCode of [99, 0, OpCode.error, OpCode.sasl]) {
      const one = await client(server);
      expect(await one.request(opCode)).toMatchObject({ xid: 1, zxid: -1, err: Code.UNIMPLEMENTED });
      await one.closed;
    }
  });

  test('says no to authentication it cannot check, and closes', async () => {
    const server = await start();
    const auth = (scheme: string) => (to: Parameters<ReturnType<typeof readBody>>[0]) => {
      to.int(0);
      to.string(scheme);
      to.buffer(Buffer.from('u:p'));
    };
    const one = await client(server);
    expect((await one.request(OpCode.auth, auth('digest'), -4)).err).toBe(0);
    expect(await one.request(OpCode.auth, auth('kerberos'), -4)).toMatchObject({
      xid: -4,
      zxid: 0,
      err: Code.AUTH_FAILED,
    });
    await one.closed;
  });

  describe('tells nobody of what is not durable', () => {
    test('neither the writer, nor a reader, nor a watcher', async () => {
      const journal = new KeptJournal(true);
      const server = await start({ journal });
      const opened = [RawClient.open(server.port), RawClient.open(server.port)];
      await until('two sessions', () => journal.kept.length === 2, SOON);
      journal.settle();
      const [writer, reader] = await Promise.all(opened);
      if (writer === undefined || reader === undefined) throw new Error('there are two');
      clients.push(writer, reader);
      await reader.request(OpCode.exists, readBody('/a', true));

      const created = writer.request(OpCode.create, createBody('/a'));
      await until('the transaction', () => journal.kept.length === 3, SOON);
      const read = reader.request(OpCode.exists, readBody('/a'));
      // Whatever the reader is told comes behind what this connection is told, which has nothing to wait for.
      await askWord(server.port, 'ruok');
      expect([writer.story, reader.story]).toEqual([['reply 0'], ['reply 0', 'reply 1']]);
      journal.settle();
      expect((await created).err).toBe(0);
      expect((await read).err).toBe(0);
      expect(reader.story).toEqual(['reply 0', 'reply 1', 'created /a', 'reply 2']);
    });

    test('and nobody at all once the journal failed', async () => {
      const journal = new KeptJournal(true);
      const failures: unknown[] = [];
      const server = await start({ journal, onFailure: (error) => failures.push(error) });
      const opening = RawClient.open(server.port);
      await until('the transaction', () => journal.kept.length === 1, SOON);
      const full = new Error('the disk is full');
      journal.settle(full);
      await expect(opening).rejects.toThrow('closed');
      await until('the failure', () => failures.length > 0, SOON);
      expect(failures).toEqual([full]);
      await expect(RawClient.open(server.port)).rejects.toThrow();
    });
  });

  test('goes on with sessions and nodes after a restart', async () => {
    const journal = new KeptJournal();
    const before = await start({ journal });
    const one = await client(before);
    const { sessionId, password } = one;
    await one.request(OpCode.create, createBody('/e', { flags: 1 }));
    await before.close();
    const after = await start({ journal });
    const again = await client(after, { sessionId, password, lastZxidSeen: 2 });
    expect(again.sessionId).toBe(sessionId);
    const { zxid, body } = await again.request(OpCode.exists, readBody('/e'));
    expect([zxid, Stat.read(body).ephemeralOwner]).toEqual([2, sessionId]);
  });

  test('removes a container when its last child is gone, and no other', async () => {
    const clock = new FakeClock();
    const server = await start({ clock, maxSessionTimeoutMs: 1_000_000 });
    const one = await client(server, { timeoutMs: 1_000_000 });
    for (const path of ['/used', '/unused']) {
      expect((await one.request(OpCode.createContainer, createBody(path, { flags: 4 }))).err).toBe(0);
    }
    await one.request(OpCode.create, createBody('/used/child'));
    const there = async (path: string): Promise<boolean> =>
      (await one.request(OpCode.exists, readBody(path))).err === 0;
    clock.advance(60_000);
    expect(await there('/used')).toBe(true);
    await one.request(OpCode.delete, deleteBody('/used/child'));
    clock.advance(60_000);
    expect([await there('/used'), await there('/unused')]).toEqual([false, true]);
  });

  test('a second one on the port is told so', async () => {
    const server = await start();
    await expect(start({ port: server.port })).rejects.toMatchObject({
      code: 'ONEBOX_PORT_IN_USE',
      data: { port: server.port },
    });
  });

  test('reads of what clients ask about themselves', async () => {
    const server = await start();
    const one = await client(server);
    await one.request(OpCode.create, createBody('/e', { flags: 1 }));
    const path = (text: string | null) => (to: Parameters<ReturnType<typeof readBody>>[0]) =>
      PathRequest.write(to, { path: text });
    const texts = async (opCode: number, text: string | null): Promise<(string | null)[]> => {
      const { body } = await one.request(opCode, path(text));
      return Array.from({ length: body.count() }, () => body.string());
    };
    expect(await texts(OpCode.getEphemerals, '/')).toEqual(['/e']);
    expect(await texts(OpCode.getEphemerals, '/none')).toEqual([]);
    const counted = await one.request(OpCode.getAllChildrenNumber, path('/'));
    expect(counted.body.int()).toBe(4);
    const { body } = await one.request(OpCode.whoAmI);
    expect([body.count(), body.string(), body.string()]).toEqual([1, 'ip', '127.0.0.1']);
    const synced = await one.request(OpCode.sync, path('/e'));
    expect(synced.body.string()).toBe('/e');
  });
});
