import { ScaledClock, bounded, until } from '@onebox/base';
import { EmbeddedZooKeeper, MemoryJournal } from '@onebox/zookeeper-embedded';
import { heldMb, memoryReturnsTo } from '../support/held-memory';
import { SeededRandom } from '../support/seeded-random';
import { JuteReader, JuteWriter } from './support/jute';
import { requestFrame } from './support/operations';
import type { Operation } from './support/operations';
import { RandomOperations } from './support/random-operations';
import { RawConnection } from './support/raw-connection';

/*
 * Clients that mean harm, or are broken. Whatever one of them says, only its own connection ends: a witness with a session
 * of its own is served all the time, finds its node unchanged, and hears of no end.
 */

const SEED = Number(process.env['ONEBOX_HOSTILE_SEED'] ?? '4711');
const MOST_CONNECTIONS = 600;
const ACL = [{ perms: 31, scheme: 'world', id: 'anyone' }];
/** Sessions of an hour, and a clock by which ten seconds without a session pass in half of one. */
const HOUR_MS = 3_600_000;
const clock = new ScaledClock(0.05);

let server: EmbeddedZooKeeper;
let witness: Session;
let before: number;

/** A client that keeps to the protocol. */
class Session {
  private xid = 0;

  private constructor(readonly connection: RawConnection) {}

  static async open(): Promise<Session> {
    const connection = await RawConnection.open(server.port);
    connection.send(connectRequest());
    const answer = await connection.next();
    if (answer === undefined) throw new Error('there is no session');
    return new Session(connection);
  }

  /** The error of a request's answer. */
  async ask(operation: Operation): Promise<number> {
    this.connection.send(requestFrame(operation, (this.xid += 1), 0n));
    const answer = await this.connection.next();
    if (answer === undefined) throw new Error('the connection was closed');
    const reader = new JuteReader(answer);
    expect(reader.int()).toBe(this.xid);
    reader.long();
    return reader.int();
  }
}

function connectRequest(): Buffer {
  return new JuteWriter().int(0).long(0n).int(HOUR_MS).long(0n).buffer(Buffer.alloc(16)).bool(false).frame();
}

beforeAll(async () => {
  process.stderr.write(`hostile clients of the embedded ZooKeeper: ONEBOX_HOSTILE_SEED=${SEED}\n`);
  server = await EmbeddedZooKeeper.start({
    ...{ host: '127.0.0.1', port: 0, tickTimeMs: 1000, maxSessionTimeoutMs: HOUR_MS },
    ...{ journal: new MemoryJournal(), maxConnections: MOST_CONNECTIONS, clock, fourLetterWords: 'mntr' },
  });
  witness = await Session.open();
  expect(await witness.ask({ op: 'create', path: '/witness', data: 'here', acl: ACL, flags: 1 })).toBe(0);
});
afterAll(async () => {
  witness.connection.drop();
  await server.close();
});

beforeEach(() => (before = heldMb()));
afterEach(async () => {
  expect(await witness.ask({ op: 'check', path: '/witness', version: 0 })).toBe(0);
  await onlyWitnessIsConnected();
  await memoryReturnsTo(before);
  (await Session.open()).connection.drop();
});

async function word(text: string): Promise<string> {
  const connection = await RawConnection.open(server.port);
  connection.send(Buffer.from(text));
  return (await connection.untilClosed()).toString();
}

function onlyWitnessIsConnected(): Promise<boolean> {
  // Whoever asks is counted, too.
  const alone = async (): Promise<boolean> => (await word('mntr')).includes('zk_num_alive_connections\t2\n');
  return until('everybody else to be gone', alone, { withinMs: 20_000, everyMs: 50 });
}

function closes(connection: RawConnection): Promise<Buffer> {
  return bounded('the end of a connection', 20_000, connection.untilClosed());
}

test('random bytes end their connection, at once or when no session has come of them', async () => {
  const random = new SeededRandom(SEED);
  const all = Array.from({ length: 300 }, async () => {
    const connection = await RawConnection.open(server.port);
    connection.send(Buffer.from(Array.from({ length: 1 + random.below(400) }, () => random.below(256))));
    await closes(connection);
  });
  await Promise.all(all);
});

test('valid requests with bytes changed are answered or end their connection, never somebody else’s', async () => {
  const random = new SeededRandom(SEED);
  const operations = new RandomOperations(random, '/hostile');
  for (let round = 0; round < 40; round += 1) {
    const session = await Session.open();
    for (let count = 0; count < 25; count += 1) {
      const frame = requestFrame(
        random.below(20) === 0 ? operations.dangerous() : operations.next(),
        count,
        0n,
      );
      for (let change = random.below(4); change > 0; change -= 1) {
        // Mostly behind the length: with that changed nothing is read of the rest.
        const at = random.below(12) === 0 ? random.below(4) : 4 + random.below(Math.max(1, frame.length - 4));
        if (at < frame.length) frame[at] = random.below(256);
      }
      session.connection.send(frame);
    }
    // What is no whole frame is waited for, so the client gives up first.
    session.connection.send(requestFrame({ op: 'close' }, 1000, 0n));
    session.connection.end();
    await closes(session.connection);
  }
});

test('frames that are announced and do not come take no memory', async () => {
  const announced = Buffer.alloc(64);
  announced.writeInt32BE(0xfffff);
  const connections: RawConnection[] = [];
  for (let count = 0; count < 300; count += 1) {
    const { connection } = await Session.open();
    connection.send(announced);
    connections.push(connection);
  }
  expect(await witness.ask({ op: 'check', path: '/witness', version: 0 })).toBe(0);
  expect(heldMb() - before).toBeLessThan(60);
  for (const connection of connections) connection.drop();
});

test('a client that sends byte by byte is understood, and one that says nothing is let go', async () => {
  const [slow, silent] = await Promise.all([
    RawConnection.open(server.port),
    RawConnection.open(server.port),
  ]);
  for (const byte of connectRequest()) {
    slow.send(Buffer.of(byte));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(await slow.next()).toBeDefined();
  expect(await closes(silent)).toEqual(Buffer.alloc(0));
  slow.drop();
});

test('a client that does not read its answers is not read from, and others are served', async () => {
  const content = { path: '/large', data: 500_000 };
  expect(await witness.ask({ op: 'create', ...content, acl: ACL, flags: 1 })).toBe(0);
  const session = await Session.open();
  session.connection.stopReading();
  const get = requestFrame({ op: 'getData', path: '/large', watch: false }, 1, 0n);
  // All answers together would be a gigabyte.
  for (let count = 0; count < 2000; count += 1) session.connection.send(get);
  for (let count = 0; count < 100; count += 1) {
    expect(await witness.ask({ op: 'setData', path: '/large', data: 500_000, version: count })).toBe(0);
  }
  expect(heldMb() - before).toBeLessThan(60);
  session.connection.drop();
  expect(await witness.ask({ op: 'delete', path: '/large', version: -1 })).toBe(0);
});

test('half of a close behind the last request still gets all answers', async () => {
  const session = await Session.open();
  const gets = Array.from({ length: 100 }, (_, xid) =>
    requestFrame({ op: 'getData', path: '/witness', watch: false }, xid, 0n),
  );
  session.connection.send(Buffer.concat(gets));
  session.connection.end();
  let answers = 0;
  while ((await session.connection.next()) !== undefined) answers += 1;
  expect(answers).toBe(100);
});

test('a flood of connections is refused beyond the limit, and leaves room when it is gone', async () => {
  const opened: RawConnection[] = [];
  for (let count = 0; count < 2 * MOST_CONNECTIONS; count += 1)
    opened.push(await RawConnection.open(server.port));
  await until(
    'those beyond the limit to be closed',
    () => opened.filter(({ closed }) => closed).length > MOST_CONNECTIONS,
    {
      withinMs: 10_000,
    },
  );
  expect(await witness.ask({ op: 'check', path: '/witness', version: 0 })).toBe(0);
  for (const connection of opened) connection.drop();
});

test('watches by the thousand go with their connection', async () => {
  const session = await Session.open();
  const paths = Array.from({ length: 20_000 }, (_, index) => `/watched/${index}`);
  const lists = { behind: 0, data: [], exist: paths, child: [] };
  session.connection.send(requestFrame({ op: 'setWatches', ...lists }, 1, 0n));
  expect(await session.connection.next()).toBeDefined();
  expect(await word('mntr')).toContain('zk_watch_count\t20000\n');
  session.connection.drop();
  await until('the watches to go', async () => (await word('mntr')).includes('zk_watch_count\t0\n'), {
    withinMs: 5000,
  });
});
