import { OneboxError, until } from '@onebox/base';
import { StateFeed } from '../../src/feed/state-feed';
import type { ActionAnswer, DashboardState, PartitionEntry, PartitionEvents } from '../../src/model';
import { startDashboardServer } from '../../src/server/dashboard-server';
import type { DashboardServer } from '../../src/server/dashboard-server';
import { largeState, sampleState } from '../sample-state';
import { ask, openStream } from '../support/request';
import type { Asking } from '../support/request';

const TOKEN = 'a-token-that-nobody-guesses';
const SOON = { withinMs: 5000, everyMs: 2 };
const PAGE = '<style nonce="ONEBOX_NONCE">p{}</style><p>page</p><script nonce="ONEBOX_NONCE">1</script>';

let state: DashboardState;
let asked: unknown[];
let server: DashboardServer;
let feed: StateFeed;

const explain = async (partition: string): Promise<PartitionEvents> => {
  if (partition === '2.0') return { partition, events: state.events, cut: false };
  throw new OneboxError('ONEBOX_NO_SUCH_PARTITION', `no event tells of ${partition}`, {
    nextStep: 'Do you mean 2.0?',
  });
};

beforeEach(async () => {
  state = sampleState();
  asked = [];
  feed = new StateFeed({ look: async () => state, everyMs: 2, onError: () => undefined });
  const act = async (request: unknown): Promise<ActionAnswer> => {
    asked.push(request);
    const { instance } = request as { instance: string };
    const command = `onebox kill ${instance}`;
    return instance === 'replica1'
      ? { ok: true, command, text: 'replica1 is killed.' }
      : {
          ...{ ok: false, command, code: 'ONEBOX_NOT_RUNNING', message: 'it does not run' },
          ...{ nextStep: null, field: null },
        };
  };
  server = await startDashboardServer({ port: 0, token: TOKEN, feed, act, explain, page: () => PAGE });
});
afterEach(async () => {
  feed.close();
  await Promise.all([server.close(), server.close()]);
});

const get = (path: string, asking: Asking = {}) => ask(server.port, path, asking);
const ofToken = (path: string) => `${path}?token=${TOKEN}`;
const kill = (instance: string, headers: Record<string, string> = {}) =>
  get(ofToken('/action'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ verb: 'kill', instance }),
  });

describe('nobody is let in', () => {
  test.each(['/', '/state', '/events', '/action', '/elsewhere', '//', '//evil.example/', '/%'])(
    'to %s without the token, or with another one',
    async (path) => {
      for (const query of ['', '?token=', '?token=wrong', `?token=${TOKEN}x`, `?Token=${TOKEN}`]) {
        const { status, body } = await get(`${path}${query}`, {
          method: path === '/action' ? 'POST' : 'GET',
        });
        expect([status, body]).toEqual([
          403,
          '403 Forbidden: the token is missing or wrong: `onebox dashboard` prints the whole URL\n',
        ]);
      }
    },
  );

  test.each<[string, Record<string, string>]>([
    ['a name that points here', { Host: 'evil.example' }],
    ['an address that is not this machine', { Host: '8.8.8.8' }],
    ['an address of this machine on which it does not listen', { Host: '192.168.1.5:4711' }],
    ['an IPv6 address that is not this machine', { Host: '[2001:db8::1]:80' }],
    ['a name that begins as an address of this machine', { Host: '127.0.0.1.evil.example' }],
    ['a page of another site', { Origin: 'http://evil.example' }],
    ['a page of another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['a link of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a link of another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
    ['a page without an origin', { Origin: 'null' }],
  ])('that comes from %s, also with the token', async (_who, headers) => {
    for (const path of ['/', '/state']) {
      expect((await get(ofToken(path), { headers })).status).toBe(403);
    }
    expect((await kill('replica1', headers)).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test('to an action by what a form can send', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
    ];
    for (const type of types) expect((await kill('replica1', { 'Content-Type': type })).status).toBe(415);
    expect((await get(ofToken('/action'), { method: 'POST', body: '{}' })).status).toBe(415);
    expect(asked).toEqual([]);
  });
});

test('a person who opens the URL is let in, and so is the page', async () => {
  expect((await get(ofToken('/'), { headers: { 'Sec-Fetch-Site': 'none' } })).status).toBe(200);
  const own = { Origin: `http://127.0.0.1:${server.port}`, 'Sec-Fetch-Site': 'same-origin' };
  expect((await get(ofToken('/state'), { headers: own })).status).toBe(200);
  for (const Host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '127.9.9.9', '[::1]', '[::1]:80']) {
    expect((await get(ofToken('/state'), { headers: { Host } })).status).toBe(200);
  }
});

test('a person who comes from a file is let in to the page with the token, and to nothing else', async () => {
  const way = {
    'Sec-Fetch-Site': 'cross-site',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'document',
  };
  expect((await get(ofToken('/'), { headers: way })).status).toBe(200);
  expect((await get('/', { headers: way })).status).toBe(403);
  for (const path of ['/state', '/events', '/action']) {
    expect((await get(ofToken(path), { headers: way })).status).toBe(403);
  }
  const others: readonly Record<string, string>[] = [
    { 'Sec-Fetch-Dest': 'iframe' },
    { 'Sec-Fetch-Mode': 'cors' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'null' },
    { Host: 'evil.example' },
  ];
  for (const other of others) {
    expect((await get(ofToken('/'), { headers: { ...way, ...other } })).status).toBe(403);
  }
});

test('the log of a partition; of one that there is not a coded answer', async () => {
  const told = await get(`${ofToken('/events')}&partition=2.0`);
  expect([told.status, JSON.parse(told.body)]).toEqual([
    200,
    { partition: '2.0', events: state.events, cut: false },
  ]);
  const message = 'no event tells of 7.1';
  const nextStep = 'Do you mean 2.0?';
  const unknown = await get(`${ofToken('/events')}&partition=7.1`);
  expect([unknown.status, JSON.parse(unknown.body)]).toEqual([
    404,
    { ok: false, code: 'ONEBOX_NO_SUCH_PARTITION', message, nextStep, field: null },
  ]);
});

test('the page runs only its own script, shows only its own style, and loads nothing from anywhere', async () => {
  const first = await get(ofToken('/'));
  const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] ?? '';
  expect(first.body).toBe(PAGE.replaceAll('ONEBOX_NONCE', nonce));
  expect(first.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data:; ` +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  expect((await get(ofToken('/'))).body).not.toBe(first.body);
});

test('what there is not, and how it is not asked for', async () => {
  for (const path of ['/favicon.ico', '//', '//evil.example/', '/state/']) {
    expect((await get(ofToken(path))).status).toBe(404);
  }
  const post = await get(ofToken('/state'), { method: 'POST' });
  expect([post.status, post.headers.allow]).toEqual([405, 'GET']);
  const action = await get(ofToken('/action'));
  expect([action.status, action.headers.allow]).toEqual([405, 'POST']);
});

test('the state is what a look finds now', async () => {
  expect(JSON.parse((await get(ofToken('/state'))).body)).toEqual(state);
  state = largeState(3, 2);
  expect(JSON.parse((await get(ofToken('/state'))).body)).toEqual(state);
});

test('a look that fails is a coded answer', async () => {
  const broken = new StateFeed({
    look: () => Promise.reject(new Error('disk full')),
    everyMs: 1,
    onError: () => undefined,
  });
  const other = await startDashboardServer({
    ...{ port: 0, token: TOKEN, feed: broken, page: () => PAGE },
    act: () => Promise.reject(new Error('never')),
    explain,
  });
  const { status, body } = await ask(other.port, ofToken('/state'));
  await other.close();
  expect([status, JSON.parse(body)]).toEqual([
    500,
    { ok: false, code: 'ONEBOX_BUG', message: 'disk full', nextStep: null, field: null },
  ]);
});

test('an action is done and answered as its command; a refusal has its code', async () => {
  const done = await kill('replica1');
  expect([done.status, JSON.parse(done.body)]).toEqual([
    200,
    { ok: true, command: 'onebox kill replica1', text: 'replica1 is killed.' },
  ]);
  const refused = await kill('replica2');
  expect([refused.status, (JSON.parse(refused.body) as { code: string }).code]).toEqual([
    409,
    'ONEBOX_NOT_RUNNING',
  ]);
  expect(asked).toEqual(['replica1', 'replica2'].map((instance) => ({ verb: 'kill', instance })));
});

test('what is no JSON, and what is too long, is no action', async () => {
  const headers = { 'Content-Type': 'application/json' };
  const send = (body: string) => get(ofToken('/action'), { method: 'POST', headers, body });
  expect((await send('{')).status).toBe(400);
  expect((await send(JSON.stringify({ verb: 'x'.repeat(70_000) }))).status).toBe(413);
  expect(asked).toEqual([]);
});

test('a stream tells the state once and then what is new: one ballot of a thousand tables is a hundred bytes', async () => {
  state = largeState(1000, 8);
  const stream = await openStream(server.port, ofToken('/state'));
  await until('the state', () => stream.events.length > 0, SOON);
  expect(stream.events).toEqual([{ name: 'state', data: state }]);
  const before = stream.size();
  const table = state.tables[7];
  if (table === undefined) throw new Error('no table 7');
  const partitions: PartitionEntry[] = [[9, 1, [2], []], ...table.partitions.slice(1)];
  state = { ...state, tables: { ...state.tables, 7: { ...table, partitions } } };
  await until('a patch', () => stream.events.length > 1, SOON);
  const patch = { cluster: { at: state.cluster.at }, tables: { 7: { partitions: { 0: [9, 1, [2], []] } } } };
  expect(stream.events.slice(1)).toEqual([{ name: 'patch', data: patch }]);
  expect(stream.size() - before).toBeLessThan(150);
  stream.close();
});

test('every stream hears of the same change', async () => {
  const streams = await Promise.all([1, 2, 3].map(() => openStream(server.port, ofToken('/state'))));
  await until('states', () => streams.every(({ events }) => events.length === 1), SOON);
  state = { ...state, cluster: { ...state.cluster, leader: 'meta2' } };
  await until('patches', () => streams.every(({ events }) => events.length === 2), SOON);
  const patch = { name: 'patch', data: { cluster: { leader: 'meta2', at: state.cluster.at } } };
  expect(streams.map(({ events }) => events[1])).toEqual([patch, patch, patch]);
  for (const stream of streams) stream.close();
});
