import type { Node } from '@onebox/base';
import { PROFILES } from '@onebox/server';
import bodies from '../../server/test/data/http-golden-bodies.json';
import { requestText } from '../../server/test/golden/golden-vectors';
import { ask } from '../../server/test/golden/raw-http';
import { TestServer } from '../../server/test/listener/test-server';
import { metaHttpHandlers } from '../src/http';
import { FixtureView, M1, fixtureActions, fixtureTables } from './http-fixture';

/*
 * Vectors derived from the sentences of reference/http-api.md 1.2 to 1.6 and 3.10 to 3.14 that no golden vector covers:
 * what a meta of `master` answers, byte for byte.
 */

let leader: Node | undefined | 'serve';
let server: TestServer;
beforeAll(async () => {
  const { variants } = PROFILES.master;
  const view = new FixtureView();
  view.allTables = fixtureTables();
  server = await TestServer.start({
    profile: PROFILES.master,
    role: 'meta',
    handlers: metaHttpHandlers(view, variants, fixtureActions(view, variants)),
    redirect: () => leader,
  });
});
afterAll(() => server.close());

async function check(request: string, status: string, body: string, location?: string): Promise<void> {
  const answer = await ask(server.address, request);
  const headers = ['Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
  if (location !== undefined) headers.push(`Location: ${location}`);
  expect({ ...answer, body: answer.body.toString('latin1') }).toEqual({
    statusLine: `HTTP/1.1 ${status}`,
    headers,
    body,
  });
}

const VERSION = '{"Version":"2.6.0-SNAPSHOT","GitCommit":"db756dcdf24e2af6169659a67548501ed61f106c"}\n';
const APPS = bodies['=3.11 without detail'];
const APPS_DETAIL = bodies['=3.11 with detail'];
const NODES = bodies['=3.12 without detail'];
const NODES_DETAIL = bodies['=3.12 with detail'];
const CLUSTER = bodies['=3.13 (GM)'];
const APP_DETAIL = bodies['=3.10 with detail'];
const TEMP = '{"general":{"app_name":"temp","app_id":"2","partition_count":"8","max_replica_count":"3"}}\n';
const ENVS = '{"replica.slow_query_threshold":"20","rocksdb.usage_scenario":"normal"}\n';
const NO_NAME = "app name shouldn't be empty";

const OK = '200 OK';
const BAD = '400 Bad Request';
const NOT_FOUND = '404 Not Found';
const noService = (path: string): string => `service not found for "${path}"`;
const noTable = (name: string): string => `table not found: "${name}"`;
const parseFailure = (reason: string): string => `failed to parse request: ERR_INVALID_PARAMETERS: ${reason}`;
const partial = parseFailure('Encountered partial escape sequence at end of string');
const notHex = (rest: string): string =>
  parseFailure(`The characters ${rest} do not form a hex value. Please escape it or pass a valid hex value`);
const duplicate = (name: string): string => parseFailure(`duplicate parameter: ${name}`);

describe('a leader answers', () => {
  beforeEach(() => {
    leader = 'serve';
  });

  test.each<[url: string, status: string, body: string]>([
    // The path: 1.4 rules 2 and 3, 1.5.
    ['/meta', NOT_FOUND, noService('meta')],
    ['/meta/', NOT_FOUND, noService('meta')],
    ['/meta/foo/', NOT_FOUND, noService('meta/foo')],
    ['/meta//foo//bar', NOT_FOUND, noService('meta/foo/bar')],
    ['/meta/cluster/x', NOT_FOUND, noService('meta/cluster/x')],
    ['/meta/Cluster', NOT_FOUND, noService('meta/Cluster')],
    ['/meta%20/cluster', OK, CLUSTER],
    ['/meta%2Fcluster', OK, CLUSTER],
    ['/%09meta/cluster%0D%0A', OK, CLUSTER],
    ['/meta%0A/%0Acluster', NOT_FOUND, noService('meta/\ncluster')],
    ['/meta/cluster%00/x', OK, CLUSTER],
    ['/meta%00/cluster', NOT_FOUND, noService('meta')],
    ['/meta+cluster', NOT_FOUND, noService('meta+cluster')],
    ['/a%22b%5C', NOT_FOUND, noService('a"b\\')],
    ['/%25', NOT_FOUND, noService('%')],
    ['/%2525', NOT_FOUND, noService('%25')],
    ['/%ff%C3%A4', NOT_FOUND, noService('\xff\xc3\xa4')],
    ['/nosuch?a=1&a=2', BAD, duplicate('a')],
    ['http://somewhere:1/meta/cluster', OK, CLUSTER],
    ['/meta/cluster#fragment', OK, CLUSTER],
    ['/meta/nodes#?detail', OK, NODES],
    ['/replica/duplication', NOT_FOUND, noService('replica/duplication')],
    // Percent-decoding that fails.
    ['/version%', BAD, partial],
    ['/version%a', BAD, notHex('a')],
    ['/version%%', BAD, notHex('%')],
    ['/version%zz/x', BAD, notHex('zz/x')],
    ['/version%zz?y', BAD, notHex('zz')],
    ['/version?a=%', BAD, partial],
    ['/version?a=%2', BAD, partial],
    ['/version?a=%2#b', BAD, partial],
    ['/version?a=%g0', BAD, notHex('g0')],
    ['/version?a=%0g&b=1', BAD, notHex('0g&b=1')],
    ['/version?%25=%2&b', BAD, notHex('2&b')],
    ['/version%41%?a=%zz', BAD, partial],
    // Parameters: 1.4 rules 4 and 5.
    ['/version?', OK, VERSION],
    ['/version?&&&', OK, VERSION],
    ['/version?=&x', OK, VERSION],
    ['/version?=1&=2', BAD, duplicate('')],
    ['/version?a&a&a', OK, VERSION],
    ['/version?a=1&a', OK, VERSION],
    ['/version?a&a=', BAD, duplicate('a')],
    ['/version?a=1&b=1&b=2&a=2', BAD, duplicate('b')],
    ['/version?a=1&%61=2', BAD, duplicate('a')],
    ['/version?a=1%26a=2', BAD, duplicate('a')],
    ['/version?a%3D1&a=2', BAD, duplicate('a')],
    ['/version?a=1&%20a=2', BAD, duplicate('a')],
    ['/version?a=1&A=2', OK, VERSION],
    ['/version?a=1%00&a=2', OK, VERSION],
    ['/version?%c3%a4=1&%c3%a4=2', BAD, duplicate('\xc3\xa4')],
    // 3.10
    ['/meta/app?name', BAD, NO_NAME],
    ['/meta/app?name=', BAD, NO_NAME],
    ['/meta/app?name=%20', BAD, NO_NAME],
    ['/meta/app?name=%00temp', BAD, NO_NAME],
    ['/meta/app?detail', BAD, NO_NAME],
    ['/meta/app?name=temp', OK, TEMP],
    ['/meta/app?%6eame=t%65mp', OK, TEMP],
    ['/meta/app?name=temp%20%09', OK, TEMP],
    ['/meta/app?name=temp%00stat', OK, TEMP],
    ['/meta/app?name=%20temp', NOT_FOUND, noTable(' temp')],
    ['/meta/app?name=temp&name', OK, TEMP],
    ['/meta/app?name=temp&name=temp', BAD, duplicate('name')],
    ['/meta/app?name&name=temp', BAD, duplicate('name')],
    ['/meta/app?name=stat&detail=false', OK, APP_DETAIL],
    ['/meta/app?detail=&name=stat', OK, APP_DETAIL],
    ['/meta/app?name=stat%26detail', OK, APP_DETAIL],
    ['/meta/app?name=a=b', NOT_FOUND, noTable('a=b')],
    ['/meta/app?name=%22', NOT_FOUND, noTable('"')],
    ['/meta/app?name=x%0Ay', NOT_FOUND, noTable('x\ny')],
    ['/meta/app?app_name=temp', BAD, ''],
    ['/meta/app?name=temp&=', BAD, ''],
    ['/meta/app?name=temp&detail&x', BAD, ''],
    // 3.11
    ['/meta/apps', OK, APPS],
    ['/meta/apps?', OK, APPS],
    ['/meta/apps?%20', OK, APPS],
    ['/meta/apps?detail', OK, APPS_DETAIL],
    ['/meta/apps?detail=0', OK, APPS_DETAIL],
    ['/meta/apps?detail=1&detail', OK, APPS_DETAIL],
    ['/meta/apps?&&%20detail%20&', OK, APPS_DETAIL],
    ['/meta/apps?detail%00&x', OK, APPS_DETAIL],
    ['/meta/apps?detail&name=temp', BAD, ''],
    ['/meta/apps?d%65tails', BAD, ''],
    ['/meta/apps?=', BAD, ''],
    // 3.12
    ['/meta/nodes?detail=false', OK, NODES_DETAIL],
    ['/meta/nodes?DETAIL', BAD, ''],
    ['/meta/nodes?detail&x=1', BAD, ''],
    // 3.13
    ['/meta/cluster', OK, CLUSTER],
    ['/meta/cluster?detail&name=temp&=', OK, CLUSTER],
    // 3.14
    ['/meta/app_envs?name=temp', OK, ENVS],
    ['/meta/app_envs?x=1&name=temp&detail', OK, ENVS],
    ['/meta/app_envs?name=stat', OK, '{}\n'],
    ['/meta/app_envs?name=nosuch', OK, '{}\n'],
    ['/meta/app_envs?name=', BAD, NO_NAME],
    ['/meta/app_envs?name', BAD, NO_NAME],
    ['/meta/app_envs?Name=temp', BAD, NO_NAME],
  ])('%s: %s', async (url, status, body) => {
    await check(requestText('GET', url), status, body);
    await check(requestText('POST', url, '{"name":"stat"}'), status, body);
  });
});

describe('a standby', () => {
  const redirected = '307 Temporary Redirect';

  test.each<[url: string, location: string]>([
    ['/meta/cluster', 'meta/cluster'],
    ['//meta/%2Fcluster/', 'meta/cluster'],
    ['/meta/cluster?', 'meta/cluster'],
    ['/meta/cluster?&', 'meta/cluster'],
    ['/meta/cluster?a', 'meta/cluster?a='],
    ['/meta/cluster?a=1&b=2&c', 'meta/cluster?c=&b=2&a=1'],
    ['/meta/cluster?a=1&b&a', 'meta/cluster?b=&a=1'],
    ['/meta/cluster?=', 'meta/cluster?='],
    ['/meta/cluster?a=b=c', 'meta/cluster?a=b=c'],
    ['/meta/cluster?a=%26%3D&x', 'meta/cluster?x=&=&a='],
    ['/meta/cluster?a=%23%2F%20+', 'meta/cluster?a=#/ +'],
    ['/meta/cluster?a=%2541', 'meta/cluster?a=%41'],
    ['/meta/cluster?a=1%00&b', 'meta/cluster?a=1'],
    ['/meta/cluster?a=%ff%c3%a4', 'meta/cluster?a=\xff\xc3\xa4'],
    ['/meta/cluster#x', 'meta/cluster'],
    ['/meta/app', 'meta/app'],
    ['/meta/app?name=nosuch&detail', 'meta/app?detail=&name=nosuch'],
    ['/meta/apps?detail=false', 'meta/apps?detail=false'],
    ['/meta/nodes?detail&detail', 'meta/nodes?detail='],
    ['/meta/app_envs?x&name=', 'meta/app_envs?name=&x='],
  ])('sends %s to the leader, or nowhere', async (url, location) => {
    for (const [known, host] of [
      [M1, '127.0.0.1:34601'],
      [undefined, 'invalid host_port'],
    ] as const) {
      leader = known;
      await check(requestText('GET', url), redirected, '', `http://${host}/${location}`);
      await check(requestText('POST', url, '{}'), redirected, '', `http://${host}/${location}`);
    }
  });

  test.each<[url: string, status: string, body: string]>([
    ['/meta/app?name=temp&x', BAD, ''],
    ['/meta/app?x', BAD, ''],
    ['/meta/apps?name=temp', BAD, ''],
    ['/meta/apps?=', BAD, ''],
    ['/meta/nodes?x=1', BAD, ''],
    ['/meta/cluster?a=1&a=2', BAD, duplicate('a')],
    ['/meta/cluster?a=%zz', BAD, notHex('zz')],
    ['/meta/cluster%', BAD, partial],
    ['/meta/nosuch', NOT_FOUND, noService('meta/nosuch')],
    ['/version', OK, VERSION],
    ['/nosuch', NOT_FOUND, noService('nosuch')],
  ])('answers %s itself: %s', async (url, status, body) => {
    for (const known of [M1, undefined]) {
      leader = known;
      await check(requestText('GET', url), status, body);
    }
  });
});
