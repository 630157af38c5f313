import { MemoryLogger, parseNode } from '@onebox/base';
import { refuseBrowser } from '../../src/http/browser-guard';
import { bytesFromText } from '../../src/http/byte-text';
import { dispatch, type DispatchOptions, HANDLER_FAILED } from '../../src/http/call-dispatch';
import { CallRegistry } from '../../src/http/call-registry';
import { callRule } from '../../src/http/call-rules';
import { type HttpCall, type HttpHandler, type HttpRequest, ok } from '../../src/http/http-call';

const LEADER = parseNode('127.0.0.1:34601');

function call(path: string, handler: HttpHandler = () => ok(path), listed = true): HttpCall {
  return { path, help: `help of ${path}`, listed, ...callRule(path), handler };
}

function server(
  redirect: DispatchOptions['redirect'],
  ...calls: HttpCall[]
): DispatchOptions & { log: MemoryLogger } {
  return {
    calls: new CallRegistry(calls),
    variants: { urlPieces: 'trimmed', unknownLeader: 'invalid host_port' },
    redirect,
    log: new MemoryLogger(),
  };
}

const get = (options: DispatchOptions, url: string): unknown =>
  dispatch(options, 'GET', url, Buffer.alloc(0));

describe('the registry', () => {
  test('lists what is listed in byte order of the paths', () => {
    const registry = new CallRegistry([
      call('/meta/apps'),
      call('/meta/app_envs'),
      call('/hidden', undefined, false),
      call('/'),
      call('/meta/app/duplication'),
      call('/meta/app'),
    ]);
    expect(registry.listing).toBe(
      '{"/":"help of /","/meta/app":"help of /meta/app","/meta/app/duplication":"help of /meta/app/duplication",' +
        '"/meta/app_envs":"help of /meta/app_envs","/meta/apps":"help of /meta/apps"}\n',
    );
    expect(registry.find('hidden')?.path).toBe('/hidden');
    expect(registry.find('')?.path).toBe('/');
    expect(registry.find('Meta/app')).toBeUndefined();
  });

  test('a path is registered once', () => {
    expect(() => new CallRegistry([call('/a'), call('/a')])).toThrow('the call /a is registered twice');
  });

  test('an unknown path is named whole, or by service and method in G20', () => {
    const calls = [call('/version'), call('/meta/app')];
    const whole = new CallRegistry(calls);
    expect(whole.notFoundText('meta/foo')).toBe('service not found for "meta/foo"');
    const split = new CallRegistry(calls, 'service-and-method');
    expect(split.notFoundText('nosuch/x')).toBe('service not found for "nosuch"');
    expect(split.notFoundText('meta')).toBe('method not found for ""');
    expect(split.notFoundText('version/x/y')).toBe('method not found for "x/y"');
  });
});

describe('the order of the checks', () => {
  const standby = server(() => LEADER, call('/meta/apps'), call('/meta/cluster'), call('/version'), {
    ...call('/meta/strict'),
    allowedArgs: ['name'],
  });
  const leader = server(() => 'serve', call('/meta/apps'), call('/meta/cluster'), call('/configs'));

  test.each([
    ['a parse failure comes before an unknown path', '/nosuch?a=1&a=2', 400],
    ['a parse failure comes before the redirect', '/meta/cluster?a=1&a=2', 400],
    ['an unknown path comes before the redirect', '/meta/nosuch', 404],
    ['unknown parameters come before the redirect of apps', '/meta/apps?x', 400],
    ['apps redirects when its parameters are known', '/meta/apps?detail', 307],
    ['cluster redirects whatever its parameters are', '/meta/cluster?x', 307],
    ['a call that redirects first redirects with unknown parameters', '/meta/strict?x', 307],
    ['nothing outside /meta redirects', '/version', 200],
  ])('%s', (_what, url, status) => {
    expect(get(standby, url)).toMatchObject({ status });
  });

  test('the leader serves, and refuses unknown parameters with an empty body', () => {
    expect(get(leader, '/meta/apps')).toEqual({ status: 200, body: '/meta/apps' });
    expect(get(leader, '/meta/apps?detail=0')).toEqual({ status: 200, body: '/meta/apps' });
    expect(get(leader, '/meta/apps?name=a')).toEqual({ status: 400, body: '' });
    expect(get(leader, '/meta/cluster?x=1')).toEqual({ status: 200, body: '/meta/cluster' });
    expect(get(leader, '/configs?x')).toEqual({ status: 400, body: '' });
  });

  test('a handler sees method, path, parameters and body', () => {
    let seen: HttpRequest | undefined;
    const options = server(
      undefined,
      call('/x', (request) => ((seen = request), ok('done'))),
    );
    expect(dispatch(options, 'POST', '//x/?b=1&a', Buffer.from('body'))).toEqual(ok('done'));
    expect(seen).toEqual({
      method: 'POST',
      path: 'x',
      args: new Map([
        ['b', '1'],
        ['a', ''],
      ]),
      rawUrl: '//x/?b=1&a',
      body: Buffer.from('body'),
    });
  });
});

describe('the redirect', () => {
  const location = (leader: typeof LEADER | undefined, url: string): unknown =>
    (
      get(
        server(() => leader, call('/meta/app'), call('/meta/cluster'), call('/meta/a b')),
        url,
      ) as { location?: string }
    ).location;

  test.each([
    ['/meta/cluster', 'http://127.0.0.1:34601/meta/cluster'],
    ['//meta//cluster/?', 'http://127.0.0.1:34601/meta/cluster'],
    ['/meta/app?name=temp&detail', 'http://127.0.0.1:34601/meta/app?detail=&name=temp'],
    ['/meta/cluster?a=1&b=2&c=3', 'http://127.0.0.1:34601/meta/cluster?c=3&b=2&a=1'],
    ['/meta/cluster?a=%20%2B%25%3F', 'http://127.0.0.1:34601/meta/cluster?a= +%?'],
    ['/meta/a%20b', 'http://127.0.0.1:34601/meta/a b'],
    ['/meta/cluster?a=1%0d%0aSet-Cookie:%20x%7f%01', 'http://127.0.0.1:34601/meta/cluster?a=1Set-Cookie: x'],
  ])('%s goes to %s', (url, target) => {
    expect(location(LEADER, url)).toBe(target);
  });

  test('keeps bytes that are not UTF-8', () => {
    const text = location(LEADER, '/meta/cluster?a=%ff%e4%bd%a0') as string;
    expect(bytesFromText(text).toString('latin1')).toBe(
      'http://127.0.0.1:34601/meta/cluster?a=\xff\xe4\xbd\xa0',
    );
  });

  test('without a leader goes nowhere, in the words of the generation', () => {
    expect(location(undefined, '/meta/app?detail')).toBe('http://invalid host_port/meta/app?detail=');
    const older = server(() => undefined, call('/meta/cluster'));
    expect(
      get({ ...older, variants: { ...older.variants, unknownLeader: 'invalid address' } }, '/meta/cluster'),
    ).toEqual({ status: 307, body: '', location: 'http://invalid address/meta/cluster' });
  });
});

describe('a handler that fails', () => {
  test('gives 500 and one log line, thrown or rejected', async () => {
    const options = server(
      undefined,
      call('/throws', () => {
        throw new Error('oops');
      }),
      call('/rejects', () => Promise.reject(new Error('late oops'))),
    );
    expect(get(options, '/throws')).toEqual({ status: 500, body: HANDLER_FAILED });
    expect(await get(options, '/rejects')).toEqual({ status: 500, body: HANDLER_FAILED });
    expect(options.log.lines.map((line) => line.split('\n')[0])).toEqual([
      'E the handler of /throws failed: oops',
      'E the handler of /rejects failed: late oops',
    ]);
  });
});

describe('what browsers must not do', () => {
  test.each([
    [{}],
    [{ host: '' }],
    [{ host: '127.0.0.1' }],
    [{ host: '127.0.0.1:34601' }],
    [{ host: '192.168.1.5:34601' }],
    [{ host: '[::1]:34601' }],
    [{ host: 'localhost:34601' }],
    [{ host: 'LocalHost' }],
    [{ host: 'onebox.test:34601' }],
    [{ host: 'localhost:34601', origin: 'http://localhost:34601' }],
    [{ host: 'localhost', 'sec-fetch-site': 'same-origin' }],
    [{ host: 'localhost', 'sec-fetch-site': 'same-site' }],
    [{ host: 'localhost', 'sec-fetch-site': 'none' }],
  ])('%j is served', (headers) => {
    expect(refuseBrowser(headers, 'Onebox.test')).toBeUndefined();
  });

  test.each([
    [{ host: 'evil.example' }],
    [{ host: 'evil.example:34601' }],
    [{ host: 'localhost.evil.example' }],
    [{ host: '127.0.0.1.evil.example' }],
    [{ host: 'localhost:34601', origin: 'http://localhost:3000' }],
    [{ host: 'localhost:34601', origin: 'https://localhost:34601' }],
    [{ host: 'localhost:34601', origin: 'http://evil.example' }],
    [{ host: 'localhost:34601', origin: 'null' }],
    [{ origin: 'http://localhost:34601' }],
    [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }],
  ])('%j is refused', (headers) => {
    expect(refuseBrowser(headers, 'onebox.test')).toEqual(expect.any(String));
  });
});
