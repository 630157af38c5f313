import { MemoryLogger, until } from '@onebox/base';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { type SessionState, type ZkGate, ZkSession } from '../src';

const PORT = 21560;
const SOON = { withinMs: 20_000, everyMs: 5 };
const SESSION_MS = 1500;

/** A gate that a test closes and opens. */
class Gate implements ZkGate {
  isCut = false;
  private readonly listeners = new Set<() => void>();

  get listenerCount(): number {
    return this.listeners.size;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  turn(isCut: boolean): void {
    this.isCut = isCut;
    for (const listener of [...this.listeners]) listener();
  }
}

describeOnEachZooKeeper('a session that is cut off from ZooKeeper', (kind) => {
  let zookeeper: TestZooKeeper;
  let gate: Gate;
  /** Sees the tree from outside of the cut. */
  let observer: ZkSession;
  const open: ZkSession[] = [];

  beforeAll(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.05 }); // ticks of 100 ms: sessions of 200 to 2000 ms
  });
  afterAll(() => zookeeper.destroy());
  beforeEach(async () => {
    observer = await session(undefined);
    gate = new Gate();
  });
  afterEach(async () => {
    gate.turn(false);
    await Promise.all(open.splice(0).map((session) => session.close()));
    expect(gate.listenerCount).toBe(0);
  });

  async function session(through: ZkGate | undefined, connectWithinMs = 10_000): Promise<ZkSession> {
    const opened = await ZkSession.open({
      hosts: zookeeper.hosts,
      timeoutMs: SESSION_MS,
      connectWithinMs,
      log: new MemoryLogger(),
      gate: through,
    });
    open.push(opened);
    return opened;
  }

  function statesOf(client: ZkSession): SessionState[] {
    const states: SessionState[] = [];
    client.onState((state) => states.push(state));
    return states;
  }

  async function exists(path: string): Promise<boolean> {
    return (await observer.exists(path)) !== undefined;
  }

  test('for a moment: a request goes out when it heals, its answer comes, and nobody was suspended', async () => {
    const client = await session(gate);
    const states = statesOf(client);
    gate.turn(true);
    const created = client.create('/moment', Buffer.from('x'), 'ephemeral');
    let answered = false;
    void created.then(() => (answered = true));
    // The observer's requests came later and were answered: the cut one's is not there.
    expect([await exists('/moment'), await exists('/moment'), answered]).toEqual([false, false, false]);
    gate.turn(false);
    expect(await created).toBe('/moment');
    expect(await exists('/moment')).toBe(true);
    expect(states).toEqual([]);
  });

  test('an answer on its way is not read before it heals', async () => {
    const client = await session(gate);
    await client.ensurePath('/answer');
    const written = client.set('/answer', Buffer.from('x'));
    let answered = false;
    void written.then(() => (answered = true));
    // The bytes have left with this turn of the loop; what comes back finds the gate closed.
    await new Promise((resolve) => process.nextTick(resolve));
    gate.turn(true);
    await until(
      'the server has it',
      async () => (await observer.get('/answer')).data.toString() === 'x',
      SOON,
    );
    expect(answered).toBe(false);
    gate.turn(false);
    expect((await written).version).toBe(1);
  });

  test('for two thirds of its time: it is suspended, keeps its node, and is taken up again', async () => {
    const client = await session(gate);
    await client.create('/short', Buffer.from('x'), 'ephemeral');
    const id = client.sessionIdHex;
    const states = statesOf(client);
    const cutAt = performance.now();
    gate.turn(true);
    await until('the suspension', () => states.includes('suspended'), SOON);
    expect(performance.now() - cutAt).toBeGreaterThan(SESSION_MS / 3);
    await expect(client.get('/short')).rejects.toMatchObject({ zk: 'CONNECTION_LOSS' });
    gate.turn(false);
    await until('the reconnection', () => states.includes('connected'), SOON);
    expect(states).toEqual(['suspended', 'connected']);
    expect(client.sessionIdHex).toBe(id);
    expect((await client.get('/short')).stat.ephemeralOwner).toBe(id);
  });

  test('for longer: the server expires it meanwhile, and it learns of that when it heals', async () => {
    const client = await session(gate);
    await client.create('/long', Buffer.from('x'), 'ephemeral');
    const states = statesOf(client);
    gate.turn(true);
    await until('the server removes its node', async () => !(await exists('/long')), SOON);
    expect(states).toEqual(['suspended']);
    gate.turn(false);
    await until('the news', () => states.includes('expired'), SOON);
    expect(states).toEqual(['suspended', 'expired']);
  });

  test('what was asked during a cut that lasts is not executed later', async () => {
    const client = await session(gate);
    await client.ensurePath('/late');
    const states = statesOf(client);
    gate.turn(true);
    const written = client.set('/late', Buffer.from('late')).catch((error: unknown) => error);
    expect(await written).toMatchObject({ zk: 'CONNECTION_LOSS', mayHaveHappened: true });
    gate.turn(false);
    await until('the reconnection', () => states.includes('connected'), SOON);
    expect((await client.get('/late')).stat.version).toBe(0);
  });

  test('before it is open: it opens when the cut heals', async () => {
    gate.turn(true);
    const opening = session(gate);
    await until('it waits', () => gate.listenerCount === 1, SOON);
    gate.turn(false);
    expect((await opening).state).toBe('connected');
  });

  test('before it is open, and for too long: nobody gets a session', async () => {
    gate.turn(true);
    await expect(session(gate, 100)).rejects.toMatchObject({
      code: 'ONEBOX_ZOOKEEPER_UNREACHABLE',
      data: { why: 'no answer to the handshake within 100 ms' },
    });
    expect(gate.listenerCount).toBe(0);
  });
});
