import { MemoryLogger, until } from '@onebox/base';
import { type SessionState, ZkSession } from '@onebox/zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { TcpProxy } from '../../zookeeper/test/support/tcp-proxy';
import { SeededRandom } from '../../../test/support/seeded-random';
import { PipelinedWriter, authorOf } from './support/pipelined-writer';
import { ZnodeReader } from './support/znode-reader';

const PORT = 21660;
const WRITERS = 4;
const ROUNDS = Number(process.env['ONEBOX_KILL_ROUNDS'] ?? '8');
const SEED = Number(process.env['ONEBOX_KILL_SEED'] ?? Date.now() % 1_000_000);
const SOON = { withinMs: 20_000, everyMs: 5 };
/** Ticks of 500 ms: sessions of 1 to 10 s. Those of the writers outlive the time that a server takes to start again. */
const TIME_SCALE = 0.25;
const SESSION_MS = 10_000;
const SHORT_SESSION_MS = 4000;

/** Small enough for many snapshots. */
const CONFIGURATION = ['snapSizeLimitInKb=256'];

let zookeeper: TestZooKeeper;
const sessions: ZkSession[] = [];

beforeAll(async () => {
  zookeeper = await TestZooKeeper.start({
    port: PORT,
    timeScale: TIME_SCALE,
    configuration: CONFIGURATION,
  });
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await zookeeper.destroy();
});

async function openSession(hosts = zookeeper.hosts, timeoutMs = SESSION_MS): Promise<ZkSession> {
  const session = await ZkSession.open({
    hosts,
    timeoutMs,
    connectWithinMs: 10_000,
    log: new MemoryLogger(),
  });
  sessions.push(session);
  return session;
}

test(
  `a server that is killed while it writes loses nothing it acknowledged (seed ${SEED})`,
  async () => {
    const random = new SeededRandom(SEED);
    const states: SessionState[] = [];
    let acknowledged = 0;
    let enough = { at: Infinity, reached: (): void => undefined };
    const onAcknowledged = (): void => {
      acknowledged += 1;
      if (acknowledged >= enough.at) enough.reached();
    };

    const admin = await openSession();
    await admin.create('/queue', Buffer.alloc(0), 'persistent');
    const writers: PipelinedWriter[] = [];
    for (let id = 0; id < WRITERS; id += 1) {
      const session = await openSession();
      session.onState((state) => states.push(state));
      writers.push(await PipelinedWriter.create(id, session, onAcknowledged));
    }
    const ids = writers.map(({ session }) => session.sessionIdHex);
    // Three more sessions: one is closed before a kill, one falls silent before it, one after the last.
    const proxy = await TcpProxy.start(PORT);
    const silent = await openSession(proxy.hosts, SHORT_SESSION_MS);
    const leaving = await openSession();
    await admin.create('/others', Buffer.alloc(0), 'persistent');
    await silent.create('/others/silent', Buffer.alloc(0), 'ephemeral');
    await leaving.create('/others/leaving', Buffer.alloc(0), 'ephemeral');

    const known = new Map<string, { id: number; n: number }>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const reached = new Promise<void>(
        (resolve) => (enough = { at: acknowledged + random.below(500), reached: resolve }),
      );
      for (const writer of writers) writer.start();
      await reached;
      if (round === 0) {
        await leaving.close();
        await proxy.close();
      }
      await zookeeper.kill();
      await Promise.all(writers.map((writer) => writer.stop()));
      await zookeeper.startAgain();
      await until(
        'every session back',
        () => writers.every(({ session }) => session.state === 'connected'),
        SOON,
      );

      const reader = await ZnodeReader.open(zookeeper.hosts);
      try {
        // The session that was closed is gone; that of the one that fell silent begins anew with the server.
        if (round === 0) expect(await reader.names('/others')).toEqual(['silent']);

        // The queue: its numbers have no gap, and each is there once.
        const queue = await reader.children('/queue', (name) => !known.has(name));
        for (const [name, { data }] of queue) known.set(name, authorOf(data));
        const names = [...known.keys()].sort();
        expect(names).toEqual(names.map((_, i) => `q-${String(i).padStart(10, '0')}`));
        expect((await reader.node('/queue')).cversion).toBe(names.length);

        for (const writer of writers) {
          const inQueue = names.map((name) => known.get(name)).filter((author) => author?.id === writer.id);
          const found = await writer.read(
            reader,
            inQueue.map((author) => author?.n ?? -1),
          );
          const { effective, acknowledged: least, sent, must } = writer.settle(found);
          expect(effective).toBeGreaterThanOrEqual(least);
          expect(effective).toBeLessThanOrEqual(sent);
          expect(found).toEqual(must);
          expect(writer.surprises).toEqual([]);

          // What one transaction did has one zxid, and a parent has that of its last child.
          const { id, session } = writer;
          const last = must.moved.names.at(-1);
          if (last !== undefined) {
            const { czxid } = await reader.node(`/moved${id}/${last}`);
            expect((await reader.node(`/moved${id}`)).pzxid).toBe(czxid);
            expect((await reader.node(`/pair${id}`)).mzxid).toBe(czxid);
          }
          const owners = [...(await reader.children(`/bound${id}`)).values()].map(({ owner }) => owner);
          expect(new Set(owners)).toEqual(new Set(owners.length > 0 ? [session.sessionIdHex] : []));
        }
        expect(writers.map(({ session }) => session.sessionIdHex)).toEqual(ids);
      } finally {
        reader.close();
      }
    }
    expect(states).not.toContain('expired');

    const reader = await ZnodeReader.open(zookeeper.hosts);
    try {
      await until(
        'the end of the session that fell silent',
        async () => (await reader.names('/others')).length === 0,
        SOON,
      );
      const [first] = writers;
      await first?.session.close();
      expect(await reader.names('/bound0')).toEqual([]);
    } finally {
      reader.close();
    }
  },
  60_000 + ROUNDS * 10_000,
);
