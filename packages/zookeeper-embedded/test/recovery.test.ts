import { FakeClock } from '@onebox/base';
import { Database } from '../src/database';
import { sessionLimits } from '../src/sessions/sessions';
import { prepareMulti } from '../src/tree/draft';
import { type WriteOp, prepare } from '../src/tree/prepare';
import { KeptJournal } from './support/kept-journal';
import { create, createContainer, remove, setAcl, setData } from './support/test-tree';

const clock = new FakeClock();
const PASSWORD = Buffer.from('0123456789abcdef');

function open(journal: KeptJournal): Promise<Database> {
  const owner = {
    failed: (error: unknown) => {
      throw error;
    },
    log: () => undefined,
  };
  return Database.open(sessionLimits(100), journal, clock, owner);
}

/** Everything a database knows, to be compared. Children are sets. */
function knowledge(database: Database): unknown {
  const nodes = [...database.tree.entries()].map(([path, node]) => ({
    path,
    data: node.data?.toString('hex') ?? null,
    acl: node.acl,
    stat: node.stat(),
    owner: node.owner,
    children: [...(node.children ?? [])].sort(),
  }));
  return {
    nodes: nodes.sort((a, b) => (a.path < b.path ? -1 : 1)),
    sessions: [...database.sessions.all()].map(({ id, timeoutMs }) => [id, timeoutMs]),
    ephemerals: database.tree.ephemeralCount,
    size: database.tree.approximateDataSize,
    containers: [...database.tree.containers()].sort(),
    lastZxid: database.lastZxid,
  };
}

function session(database: Database): bigint {
  const id = database.sessions.newId();
  database.commit(id, 0, { type: 'createSession', timeoutMs: 1000, password: PASSWORD });
  return id;
}

function run(database: Database, sessionId: bigint, op: WriteOp): void {
  database.commit(sessionId, 0, prepare(database.tree, sessionId, op));
}

test('a server that is started again knows nodes, sessions and the last transaction', async () => {
  const journal = new KeptJournal();
  const before = await open(journal);
  const [a, b] = [session(before), session(before)];
  for (const op of [
    create('/a'),
    create('/a/e', 1),
    create('/a/s-', 2),
    createContainer('/c'),
    setData('/a', 'other'),
    setAcl('/a', [{ perms: 3, id: { scheme: 'world', id: 'anyone' } }]),
    create('/a'),
    remove('/c'),
  ]) {
    run(before, a, op);
  }
  const ops = [create('/m'), create('/m/x', 1), setData('/m', 'y', 0)];
  before.commit(b, 1, prepareMulti(before.tree, b, ops));
  before.commit(b, 2, prepareMulti(before.tree, b, [create('/n'), create('/m')]));
  before.closeSession(b, 3);

  const after = await open(journal);
  expect(knowledge(after)).toEqual(knowledge(before));
  expect(after.lastZxid).toBe(13);
  expect(after.tree.node('/m/x')).toBeUndefined();
  expect(after.sessions.admits(a, PASSWORD)?.id).toBe(a);
  expect(after.sessions.newId()).toBe(before.sessions.newId());
});

test('entries that a snapshot holds already change nothing', async () => {
  const journal = new KeptJournal();
  const before = await open(journal);
  const a = session(before);
  for (const op of [create('/p'), create('/p/c'), remove('/p/c'), create('/p/c', 1)]) run(before, a, op);
  journal.wantsSnapshot = true;
  run(before, a, setData('/p', 'x'));
  await settled();
  const taken = journal.snapshots.pop();
  if (taken === undefined) throw new Error('a snapshot was wanted');
  journal.snapshots.push({ zxid: 1n, chunks: taken.chunks });
  expect(knowledge(await open(journal))).toEqual(knowledge(before));
});

test('a snapshot that is taken while the tree changes, and the log behind it, give the tree', async () => {
  let sawMany = false;
  for (let seed = 1; seed <= 25; seed += 1) {
    const random = generator(seed);
    const journal = new KeptJournal();
    const database = await open(journal);
    const sessions = [session(database)];
    for (let step = 0; step < 150; step += 1) {
      await someChanges(database, sessions, random);
      if (step === 40 || step === 90) journal.wantsSnapshot = true;
      // The journal asks for the next chunk between two turns.
      if (random(2) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await settled();
    expect(journal.snapshots).toHaveLength(2);
    sawMany ||= journal.snapshots.some(({ chunks }) => chunks.length > 3);
    const recovered = await open(journal);
    expect(knowledge(recovered)).toEqual(knowledge(database));
    expect(childrenBeforeParents(recovered)).toEqual([]);
  }
  expect(sawMany).toBe(true);
});

test('a session has its whole time again after a restart', async () => {
  const journal = new KeptJournal();
  const before = await open(journal);
  session(before);
  clock.advance(900);
  const after = await open(journal);
  expect(after.sessions.takeDue(clock.monotonicMs() + 999)).toEqual([]);
  expect(after.sessions.takeDue(clock.monotonicMs() + 1100)).toHaveLength(1);
});

test('bytes that are no transaction are named as what is wrong', async () => {
  const journal = new KeptJournal();
  journal.kept.push({ zxid: 1n, bytes: Buffer.from('what') });
  await expect(open(journal)).rejects.toMatchObject({ code: 'ONEBOX_JOURNAL_UNREADABLE' });
});

/** A snapshot must not hold a node before its parent, also not one of a tree that was recovered from another. */
function childrenBeforeParents(database: Database): string[] {
  const seen = new Set<string>();
  const early: string[] = [];
  for (const [path] of database.tree.entries()) {
    seen.add(path);
    if (path !== '' && !seen.has(path.slice(0, path.lastIndexOf('/')))) early.push(path);
  }
  return early;
}

/** One transaction of any kind; nodes are large, so that a snapshot has many chunks. */
async function someChanges(database: Database, sessions: bigint[], random: (below: number) => number) {
  const path = `/${['a', 'b', 'c'][random(3)]}${['', '/x', '/y', '/x/z', '/y/z'][random(5)]}`;
  const owner = sessions[random(sessions.length)] ?? 0n;
  const data = 'd'.repeat(random(150_000));
  switch (random(10)) {
    case 0:
    case 1:
    case 2:
      return run(database, owner, { ...create(path, random(2)), data: Buffer.from(data) } as WriteOp);
    case 3:
    case 4:
      return run(database, owner, remove(path));
    case 5:
    case 6:
      return run(database, owner, setData(path, data));
    case 7: {
      const ops = [remove(`${path}/z`), remove(path), create(path), create(`${path}/z`)].slice(random(3));
      return void database.commit(owner, 0, prepareMulti(database.tree, owner, ops));
    }
    case 8:
      return void sessions.push(session(database));
    default:
      if (sessions.length > 1) database.closeSession(sessions.pop() ?? 0n, 0);
  }
}

function generator(seed: number): (below: number) => number {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Lets a snapshot that is under way come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
