import type { Node } from '@onebox/base';
import type { ProfileName } from '@onebox/server';
import { PROFILES, PROFILE_NAMES } from '@onebox/server';
import bodies from '../../server/test/data/http-golden-bodies.json';
import type { GoldenRoom } from '../../server/test/golden/golden-rooms';
import type { GoldenVector } from '../../server/test/golden/golden-vectors';
import { readWho, requestText } from '../../server/test/golden/golden-vectors';
import type { Address } from '../../server/test/golden/raw-http';
import { ask } from '../../server/test/golden/raw-http';
import type { GoldenRun } from '../../server/test/golden/run-golden';
import { GENERATION_OF, describeGolden, vectorsFor } from '../../server/test/golden/run-golden';
import { TestServer } from '../../server/test/listener/test-server';
import { LEADER_IS_LOADING, metaHttpHandlers } from '../src/http';
import { EVERY_DAY, FixtureView, M1, fixtureActions, fixtureTable, fixtureTables } from './http-fixture';

const view = new FixtureView();
let leader: Node | undefined | 'serve' = 'serve';
let server: TestServer;
const address = (): Address => server.address;

/** Brings the fixture into the state a vector speaks of; each vector sets all of it anew. */
function prepare(vector: GoldenVector): void {
  view.loaded = true;
  view.dupEnabled = readWho(vector).condition !== 'duplication off';
  view.policies = readWho(vector).condition === 'backup disabled' ? undefined : [EVERY_DAY];
  if (leader !== 'serve') leader = readWho(vector).condition === 'no leader known' ? undefined : M1;
  if (readWho(vector).condition === 'no tables') view.allTables = [];
  else if (vector.request.endsWith(', x being created')) {
    view.allTables = [...fixtureTables(), fixtureTable(3, 'x', 4, { status: 'AS_CREATING' })];
  } else view.allTables = fixtureTables();
}

/** A meta of a generation behind a real listener: the leader, or a standby. */
function serve(profile: ProfileName, role: 'leader' | 'standby'): void {
  beforeAll(async () => {
    leader = role === 'leader' ? 'serve' : M1;
    const { variants } = PROFILES[profile];
    server = await TestServer.start({
      profile: PROFILES[profile],
      role: 'meta',
      handlers: metaHttpHandlers(view, variants, fixtureActions(view, variants)),
      redirect: () => leader,
    });
  });
  afterAll(() => server.close());
}

/** What `documented` answers instead of `master`: counters are text, duplications have the older document's member (design.md 4). */
const DOCUMENTED: GoldenRun['differences'] = {
  7: { body: bodies['=3.13 (G20..G25)'] },
  78: { body: bodies['=3.13 (G20..G25)'] },
  93: {
    body: bodies['=3.16 (GM)'].replace(
      '"partition_states"',
      '"not_confirmed_mutations_num":{"0":10,"1":10,"2":10,"3":10},"partition_states"',
    ),
  },
};

describe.each(PROFILE_NAMES)('the profile %s', (profile) => {
  const run = (server: 'M1' | 'M2', ...rooms: readonly GoldenRoom[]): GoldenRun => ({
    address,
    server,
    generation: GENERATION_OF[profile],
    vectors: rooms.flatMap((room) => vectorsFor(room, profile)),
    ...(profile === 'documented' ? { differences: DOCUMENTED } : {}),
    prepare,
  });

  describe('on the leader', () => {
    serve(profile, 'leader');
    describeGolden('golden vectors', run('M1', 'server', 'meta', 'metaOtherState', 'olderMeta'));
  });

  describe('on a standby', () => {
    serve(profile, 'standby');
    describeGolden('golden vectors', run('M2', 'server', 'standby', 'olderStandby'));
  });
});

/** Status, body and Location of a GET, as latin1: bytes that are no UTF-8 stay visible. */
async function get(url: string): Promise<{ status: string; body: string; location?: string }> {
  const { statusLine, headers, body } = await ask(address(), requestText('GET', url));
  const location = headers.find((line) => line.startsWith('Location: '))?.slice('Location: '.length);
  const answer = { status: statusLine.slice('HTTP/1.1 '.length), body: body.toString('latin1') };
  return location === undefined ? answer : { ...answer, location };
}

describe('beyond the vectors, the leader', () => {
  serve('master', 'leader');
  beforeEach(() => {
    view.loaded = true;
    view.allTables = fixtureTables();
  });

  test.each([
    '/meta/app?name=temp&x=1',
    '/meta/apps?name=temp',
    '/meta/nodes?bogus',
    '/meta/app?=',
    '/meta/apps?Detail',
  ])('%s: an unknown parameter is an empty 400', async (url) => {
    expect(await get(url)).toEqual({ status: '400 Bad Request', body: '' });
  });

  test.each([
    ['/meta/app?name=%ff%22', 'table not found: "\xff""'],
    ['/meta/app?name=%e8%a1%a8', 'table not found: "\xe8\xa1\xa8"'],
    ['/meta/app?name=a%26detail', 'table not found: "a"'],
    ['/meta/app?name=Temp&detail=', 'table not found: "Temp"'],
    ['/meta/app?detail&name=te%3Dmp', 'table not found: "te=mp"'],
    ['/meta/app?name=te+mp', 'table not found: "te+mp"'],
  ])('%s names the table byte for byte', async (url, body) => {
    expect(await get(url)).toEqual({ status: '404 Not Found', body });
  });

  test('/meta/app finds a name with blanks around it', async () => {
    expect((await get('/meta/app?%20name=temp%20')).status).toBe('200 OK');
  });

  test('POST works like GET', async () => {
    const { statusLine, body } = await ask(address(), requestText('POST', '/meta/app_envs?name=stat', '{}'));
    expect([statusLine, body.toString()]).toEqual(['HTTP/1.1 200 OK', '{}\n']);
  });

  test('/meta/app_envs ignores other parameters', async () => {
    expect((await get('/meta/app_envs?x=1&name=stat&detail')).body).toBe('{}\n');
  });

  test('tells to retry while it loads, but refuses unknown parameters before', async () => {
    view.loaded = false;
    expect(await get('/meta/apps')).toEqual({ status: '500 Internal Server Error', body: LEADER_IS_LOADING });
    expect(await get('/meta/apps?x')).toEqual({ status: '400 Bad Request', body: '' });
    expect((await get('/version')).status).toBe('200 OK');
  });
});

describe('beyond the vectors, a standby', () => {
  serve('master', 'standby');
  const redirected = (location: string) => ({
    status: '307 Temporary Redirect',
    body: '',
    location: `http://127.0.0.1:34601/${location}`,
  });

  test.each([
    ['/meta/apps?detail', 'meta/apps?detail='],
    ['/meta/nodes', 'meta/nodes'],
    ['/meta/app', 'meta/app'],
    ['/meta/app?name=', 'meta/app?name='],
    ['/meta/app_envs', 'meta/app_envs'],
    ['/meta/app_envs?name=temp&x=1', 'meta/app_envs?x=1&name=temp'],
    ['//meta//cluster/?whatever=1', 'meta/cluster?whatever=1'],
    ['/meta/app?name=%ff%20x', 'meta/app?name=\xff x'],
  ])('%s redirects to the leader', async (url, location) => {
    leader = M1;
    expect(await get(url)).toEqual(redirected(location));
  });

  test.each(['/meta/app?x', '/meta/apps?name=temp', '/meta/nodes?bogus'])(
    '%s: an unknown parameter is refused before the redirect',
    async (url) => {
      expect(await get(url)).toEqual({ status: '400 Bad Request', body: '' });
    },
  );

  test('answers what is not about the cluster by itself', async () => {
    expect((await get('/version')).status).toBe('200 OK');
    expect((await get('/recentStartTime')).body).toBe('{"RecentStartTime":"2024-05-01 09:59:58"}\n');
    const { body } = await get('/envs/list?whatever=1');
    leader = undefined;
    expect((await get('/envs/list')).body).toBe(body);
    expect(await get('/meta')).toEqual({ status: '404 Not Found', body: 'service not found for "meta"' });
  });
});
