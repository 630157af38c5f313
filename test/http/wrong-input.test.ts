import { nodeAddress } from '@onebox/base';
import type { Node } from '@onebox/base';
import { PROFILES, ROLES } from '@onebox/server';
import type { Role } from '@onebox/server';
import { requestText } from '../../packages/server/test/golden/golden-vectors';
import { RawConnection, ask } from '../../packages/server/test/golden/raw-http';
import type { Address } from '../../packages/server/test/golden/raw-http';
import { BAD_BODIES, ODD_REQUESTS, READS_BODY, TRIED_ELSEWHERE } from './support/expected-answers';
import type { Expected } from './support/expected-answers';
import { OneProcessCluster } from './support/one-process-cluster';

let cluster: OneProcessCluster;
beforeAll(async () => {
  cluster = await OneProcessCluster.start();
});
afterAll(async () => {
  await cluster.close();
  // Nothing that was asked made a handler throw or an answer fail.
  for (const [name, log] of cluster.logs) {
    expect([name, log.lines.filter((line) => /handler of|cannot be sent/.test(line))]).toEqual([name, []]);
  }
});

function addressOf(role: Role): Address {
  const nodes: Readonly<Record<Role, Node>> = {
    meta: cluster.leader,
    replica: cluster.replica,
    collector: cluster.collector,
  };
  return nodeAddress(nodes[role]);
}

/** Status and body (latin1) of one request on a connection of its own. */
async function answer(role: Role, request: string): Promise<readonly [status: number, body: string]> {
  const { statusLine, body } = await ask(addressOf(role), request);
  return [Number(statusLine.split(' ')[1]), body.toString('latin1')];
}

const get = (role: Role, url: string) => answer(role, requestText('GET', url));

async function resolved(role: Role, path: string, expected: Expected): Promise<readonly [number, string]> {
  return typeof expected === 'string' ? get(role, path) : expected;
}

/** Every call of every role of the default profile. */
const CALLS = ROLES.flatMap((role) =>
  PROFILES.documented.calls[role].map(({ path }) => [role, path] as const),
).filter(([, path]) => !TRIED_ELSEWHERE.includes(path));

const BROKEN_URLS = [
  ['a=1&a=1', 'duplicate parameter: a'],
  ['a&a=', 'duplicate parameter: a'],
  ['=&=', 'duplicate parameter: '],
  ['name=a%26name=b', 'duplicate parameter: name'],
  ['%ff=1&%ff=2', 'duplicate parameter: \xff'],
  ['a=%', 'Encountered partial escape sequence at end of string'],
  ['a=%4', 'Encountered partial escape sequence at end of string'],
  ['a=%zzb', 'The characters zzb do not form a hex value. Please escape it or pass a valid hex value'],
] as const;

describe.each(CALLS)('%s %s', (role, path) => {
  test('a URL that cannot be read is a 400 that says why', async () => {
    for (const [query, why] of BROKEN_URLS) {
      const body = `failed to parse request: ERR_INVALID_PARAMETERS: ${why}`;
      expect([query, await get(role, `${path}?${query}`)]).toEqual([query, [400, body]]);
    }
  });

  const rows = ODD_REQUESTS[path] ?? [];
  test.each(rows.map(({ query, expected }) => [query.slice(0, 80), query, expected] as const))(
    '?%s',
    async (_shown, query, expected) => {
      expect(await get(role, `${path}?${query}`)).toEqual(await resolved(role, path, expected));
    },
  );

  test('has odd requests of its own', () => {
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe.each(READS_BODY)('a body for %s', (path) => {
  test.each(BAD_BODIES)('%s is no request structure', async (_what, body) => {
    const request = `POST ${path} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(await answer('meta', request)).toEqual([400, 'invalid request structure']);
  });

  test('above 1 MiB closes the connection, announced or not', async () => {
    for (const head of [
      `Content-Length: ${1024 * 1024 + 1}\r\n\r\n`,
      `Transfer-Encoding: chunked\r\n\r\n100001\r\n${'x'.repeat(0x100001)}\r\n0\r\n\r\n`,
    ]) {
      const connection = await RawConnection.open(addressOf('meta'));
      await connection.send(`POST ${path} HTTP/1.1\r\n${head}`);
      expect(await connection.closed()).toBe('');
    }
  });
});

describe('a body for a call that reads none', () => {
  const deaf = CALLS.filter(([, path]) => !READS_BODY.includes(path) && path !== '/metrics');
  test.each(deaf)('%s %s: whatever it is, the answer is the same', async (role, path) => {
    const plain = await get(role, path);
    for (const [what, body] of BAD_BODIES) {
      const request = `GET ${path} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      expect([what, await answer(role, request)]).toEqual([what, plain]);
    }
  });
});

describe('/pprof/symbol', () => {
  test.each(ROLES)(
    'a %s takes any body for a list of addresses, and none of them for a symbol',
    async (role) => {
      for (const [what, body] of BAD_BODIES) {
        const request = `POST /pprof/symbol HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        const [status] = await answer(role, request);
        expect([what, status]).toEqual([what, 200]);
      }
      expect((await get(role, '/version'))[0]).toBe(200);
    },
  );
});
