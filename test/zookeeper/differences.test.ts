import type { ServerUnderTest } from './support/lock-step';
import type { Acl, Operation } from './support/operations';
import { ERR } from './support/operations';
import { describeBesideReference } from './support/reference-server';
import { ScriptedClients } from './support/scripted-clients';
import { startEmbedded, startReal } from './support/server-pairs';

/*
 * Where the embedded server does not answer as Apache ZooKeeper 3.8 does. The random scripts keep away from these; each is a
 * choice, or a fault of the real server that no client meets. Whoever makes one of them alike finds out here.
 */

const OPEN: readonly Acl[] = [{ perms: 31, scheme: 'world', id: 'anyone' }];
const USER: readonly Acl[] = [{ perms: 31, scheme: 'digest', id: 'user:8nQ6gcFNPRKqhz0wcnkCmKqPWKM=' }];
const HERE: readonly Acl[] = [{ perms: 31, scheme: 'ip', id: '127.0.0.1' }];
const INVALID_ACL = -114;
const OK = 0;

interface Difference {
  readonly what: string;
  readonly ask: Operation;
  /** The errors of the answers; undefined when the connection is closed, null when none comes. */
  readonly real: number | null;
  readonly ours: number | null;
}

const DIFFERENCES: readonly Difference[] = [
  {
    what: 'an ACL for a user with a password',
    ask: { op: 'create', path: '/for-user', data: null, acl: USER, flags: 0 },
    ...{ real: OK, ours: INVALID_ACL },
  },
  {
    what: 'an ACL for an address',
    ask: { op: 'create', path: '/for-address', data: null, acl: HERE, flags: 0 },
    ...{ real: OK, ours: INVALID_ACL },
  },
  {
    what: 'SASL, without any set up',
    ask: { op: 'raw', type: 102, hex: '0000000000000000' },
    ...{ real: OK, ours: ERR.unimplemented },
  },
  {
    what: 'a check outside of a multi that succeeds',
    ask: { op: 'check', path: '/here', version: -1 },
    ...{ real: null, ours: OK },
  },
];

describeBesideReference('the embedded server does as Apache ZooKeeper does not', () => {
  let servers: readonly [ServerUnderTest, ServerUnderTest];
  beforeAll(async () => {
    servers = await Promise.all([startReal(), startEmbedded()]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  /** The error of the answer to a request on a connection of its own; null when a ping's answer comes first. */
  async function answerOf(server: ServerUnderTest, operation: Operation): Promise<unknown> {
    const clients = new ScriptedClients(server.port);
    try {
      await clients.perform({ do: 'connect', client: 1, greeting: { timeoutMs: 20_000 } });
      const here: Operation = { op: 'create', path: '/here', data: null, acl: OPEN, flags: 0 };
      await clients.perform({ do: 'ask', client: 1, operations: [here] });
      const seen = await clients.perform({ do: 'ask', client: 1, operations: [operation] });
      return seen['1']?.find(({ to }) => to === operation.op)?.['err'] ?? null;
    } finally {
      clients.close();
    }
  }

  test.each(DIFFERENCES)('$what', async ({ ask, real, ours }) => {
    const answers = await Promise.all(servers.map((server) => answerOf(server, ask)));
    expect(answers).toEqual([real, ours]);
  });
});
