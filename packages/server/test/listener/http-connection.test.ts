import { parseNode } from '@onebox/base';
import { type HttpHandler, ok } from '../../src/http/http-call';
import { MASTER } from '../../src/profile/master';
import type { Profile } from '../../src/profile/profile';
import { ask, RawConnection, type RawResponse } from '../golden/raw-http';
import { TestServer } from './test-server';

const extraCall = (path: string): Profile['calls']['meta'][number] => ({ path, help: '', listed: false });
const PROFILE: Profile = {
  ...MASTER,
  calls: {
    ...MASTER.calls,
    meta: [...MASTER.calls.meta, ...['/echo', '/later', '/throws', '/broken'].map(extraCall)],
  },
};

/** Requests to /later wait here until the test lets them go, by parameter `n`. */
const waiting = new Map<string, () => void>();
const handlers: Record<string, HttpHandler> = {
  '/echo': (request) =>
    ok(`${request.method} ${[...request.args].join(';')} ${request.body.toString('latin1')}`),
  '/later': (request) =>
    new Promise((resolve) => {
      const n = request.args.get('n') ?? '';
      waiting.set(n, () => resolve(ok(`later ${n}`)));
    }),
  '/throws': () => {
    throw new Error('oops');
  },
  '/broken': () => ({ status: 307, body: '', location: 'http://a\r\nb' }),
};

let server: TestServer;
let connection: RawConnection;
beforeAll(async () => {
  server = await TestServer.start({ profile: PROFILE, handlers });
});
afterAll(() => server.close());
beforeEach(async () => {
  waiting.clear();
  connection = await RawConnection.open(server.address);
});
afterEach(() => connection.close());

const VERSION = '{"Version":"2.6.0-SNAPSHOT","GitCommit":"db756dcdf24e2af6169659a67548501ed61f106c"}\n';
const answered = (body: string, statusLine = 'HTTP/1.1 200 OK'): RawResponse => ({
  statusLine,
  headers: ['Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`],
  body: Buffer.from(body, 'latin1'),
});

async function exchange(request: string): Promise<RawResponse> {
  await connection.send(request);
  return connection.response();
}

describe('what is read as a request', () => {
  test.each([
    ['without any header', 'GET /version HTTP/1.1\r\n\r\n'],
    [
      'with headers nobody reads',
      'GET /version HTTP/1.1\r\nAccept: */*\r\nX-A: b\r\nCookie: c=d\r\nTE: gzip\r\n\r\n',
    ],
    ['an absolute URL', 'GET http://127.0.0.1:34601/version HTTP/1.1\r\n\r\n'],
    ['a strange authority', 'GET http://[::1/version HTTP/1.1\r\n\r\n'],
    ['a fragment', 'GET /version#x?y=%zz HTTP/1.1\r\n\r\n'],
    ['more blanks in front of the URL', 'GET   /version HTTP/1.1\r\n\r\n'],
    ['no version', 'GET /version\r\n\r\n'],
    ['no version and a bare line feed', 'GET /version\n\n'],
    ['bare line feeds', 'GET /version HTTP/1.1\n\n'],
    ['a bare line feed in the middle', 'GET /version HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n'],
    ['bare line feeds behind headers', 'GET /version HTTP/1.1\nHost: localhost\nX: y\n\n'],
    ['HTTP/1.0', 'GET /version HTTP/1.0\r\n\r\n'],
    ['HTTP/2.0', 'GET /version HTTP/2.0\r\n\r\n'],
    ['HTTP/9.9', 'GET /version HTTP/9.9\r\n\r\n'],
    ['HTTP/0.0', 'POST /version HTTP/0.0\r\nContent-Length: 1\r\n\r\nx'],
    ['a wish to upgrade', 'GET /version HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a wish to close', 'GET /version HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['an expectation nobody knows', 'GET /version HTTP/1.1\r\nExpect: the-worst\r\n\r\n'],
    ['a body on GET', 'GET /version HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello'],
    ['POST without Content-Length', 'POST /version HTTP/1.1\r\n\r\n'],
  ])('%s: answered in HTTP/1.1, and the connection stays open', async (_what, request) => {
    expect(await exchange(request)).toEqual(answered(VERSION));
    // A second client is served meanwhile; had the server closed the first, its end would have arrived before this answer.
    await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n');
    expect(connection.quiet).toBe(true);
  });

  test.each([
    ['a URL without a slash', 'GET version HTTP/1.1\r\n\r\n'],
    ['a star for the URL', 'GET * HTTP/1.1\r\n\r\n'],
    ['a URL that begins with a star', 'POST */version HTTP/1.1\r\n\r\n'],
    ['a blank in the URL', 'GET /ver sion HTTP/1.1\r\n\r\n'],
    ['a tab in the URL', 'GET /ver\tsion HTTP/1.1\r\n\r\n'],
    ['a byte from 0x80 on in the URL', 'GET /ver\xc3\xa4sion HTTP/1.1\r\n\r\n'],
    ['two Content-Lengths', 'POST /version HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx'],
    ['a Content-Length that is no number', 'POST /version HTTP/1.1\r\nContent-Length: x\r\n\r\n'],
    ['body bytes that were not announced', 'POST /version HTTP/1.1\r\n\r\nhello'],
    ['garbage behind a request in the same segment', 'GET /version HTTP/1.1\r\n\r\ngarbage\r\n\r\n'],
    ['another method that begins with POST', 'POSTX /version HTTP/1.1\r\n\r\n'],
    ['no HTTP behind the URL', 'GET /version FTP/1.1\r\n\r\n'],
    [
      'a further request behind Connection: close',
      'GET /version HTTP/1.1\r\nConnection: close\r\n\r\nGET /version HTTP/1.1\r\n\r\n',
    ],
  ])('%s closes the connection without a byte', async (_what, request) => {
    await connection.send(request);
    expect(await connection.closed()).toBe('');
  });

  test('a malformed request leaves one line in a debug log', async () => {
    server.log.lines.length = 0;
    await connection.send('GET version HTTP/1.1\r\n\r\n');
    await connection.closed();
    expect(server.log.lines).toEqual(['D http: a connection is closed: HPE_INVALID_URL']);
  });

  test('a further request after Connection: close, or HTTP/1.0, closes the connection', async () => {
    expect(await exchange('GET /version HTTP/1.0\r\n\r\n')).toEqual(answered(VERSION));
    await connection.send('GET /version HTTP/1.0\r\n\r\n');
    expect(await connection.closed()).toBe('');
  });

  test('HTTP/1.0 with keep-alive goes on', async () => {
    const request = 'GET /version HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
    expect(await exchange(request)).toEqual(answered(VERSION));
    expect(await exchange(request)).toEqual(answered(VERSION));
  });

  test('a blank line between requests is passed over', async () => {
    expect(await exchange('GET /version HTTP/1.1\r\n\r\n')).toEqual(answered(VERSION));
    expect(await exchange('\r\nGET /version HTTP/1.1\r\n\r\n')).toEqual(answered(VERSION));
  });

  test.each([
    ['a line at a time, as nc sends what is typed', ['GET /version HTTP/1.1\n', 'Host: localhost\n', '\n']],
    ['an odd version', ['GET /version HTTP/9.9\r\n', 'Host: localhost\r\n\r\n']],
    ['bare line feeds, split inside a header', ['POST /version HTTP/1.1\nContent-Le', 'ngth: 2\n\na', 'b']],
  ])('%s: answered when it is complete', async (_what, pieces) => {
    for (const piece of pieces) {
      expect(connection.quiet).toBe(true);
      await connection.send(piece);
      await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n');
    }
    expect(await connection.response()).toEqual(answered(VERSION));
  });

  test('requests may be split anywhere', async () => {
    const request = 'POST /echo?a=1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello';
    for (let at = 1; at < request.length; at += 1) {
      await connection.send(request.slice(0, at));
      expect(connection.quiet).toBe(true);
      expect(await exchange(request.slice(at))).toEqual(answered('POST a,1 hello'));
    }
  });
});

describe('methods on a kept connection', () => {
  test.each(['PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'get'])(
    '%s gets no answer and closes the connection',
    async (method) => {
      expect(await exchange('GET /version HTTP/1.1\r\n\r\n')).toEqual(answered(VERSION));
      const target = method === 'CONNECT' ? 'host:1' : '/version';
      await connection.send(`${method} ${target} HTTP/1.1\r\n\r\n`);
      expect(await connection.closed()).toBe('');
    },
  );

  test('requests in front of it are still answered, those behind it are not', async () => {
    await connection.send(
      'GET /version HTTP/1.1\r\n\r\nGET /later?n=1 HTTP/1.1\r\n\r\nPUT /version HTTP/1.1\r\n\r\nGET /version HTTP/1.1\r\n\r\n',
    );
    expect(await connection.response()).toEqual(answered(VERSION));
    waiting.get('1')?.();
    expect(await connection.response()).toEqual(answered('later 1'));
    expect(await connection.closed()).toBe('');
  });
});

describe('pipelined requests', () => {
  test('are answered in their order, also when later ones are ready first', async () => {
    await connection.send(
      [3, 1, 2].map((n) => `GET /later?n=${n} HTTP/1.1\r\n\r\n`).join('') + 'GET /version HTTP/1.1\r\n\r\n',
    );
    await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n');
    for (const n of ['2', '1', '3']) {
      expect(connection.quiet).toBe(true);
      waiting.get(n)?.();
    }
    for (const body of ['later 3', 'later 1', 'later 2', VERSION]) {
      expect(await connection.response()).toEqual(answered(body));
    }
  });

  test('a hundred in one segment', async () => {
    await connection.send('GET /version HTTP/1.1\r\n\r\n'.repeat(100));
    for (let n = 0; n < 100; n += 1) expect(await connection.response()).toEqual(answered(VERSION));
    expect(connection.quiet).toBe(true);
  });
});

describe('bodies', () => {
  test('of a chunked request are kept whole', async () => {
    const request =
      'POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n';
    expect(await exchange(request)).toEqual(answered('POST  abcde'));
  });

  test('Expect: 100-continue gets no interim answer', async () => {
    await connection.send('POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n');
    expect(connection.quiet).toBe(true);
    expect(await exchange('ab')).toEqual(answered('POST  ab'));
  });

  test('Expect: 100-continue does not close the connection after the answer', async () => {
    const request = 'POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab';
    expect(await exchange(request)).toEqual(answered('POST  ab'));
    expect(await exchange(request)).toEqual(answered('POST  ab'));
  });

  test('GET and POST are the same to a call, with and without a body', async () => {
    expect(await exchange('GET /echo HTTP/1.1\r\nContent-Length: 2\r\n\r\nab')).toEqual(answered('GET  ab'));
    expect(await exchange('POST /echo?x HTTP/1.1\r\n\r\n')).toEqual(answered('POST x, '));
  });

  test('of exactly 1 MiB arrive', async () => {
    const body = 'x'.repeat(1024 * 1024);
    const response = await exchange(`POST /echo HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect(response).toEqual(answered(`POST  ${body}`));
  });

  test('announced as longer than 1 MiB close the connection before they are sent', async () => {
    await connection.send('POST /echo HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n');
    expect(await connection.closed()).toBe('');
  });

  test('of chunks beyond 1 MiB close the connection', async () => {
    await connection.send('POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
    for (let n = 0; n < 16; n += 1) await connection.send(chunk);
    expect(connection.quiet).toBe(true);
    await connection.send('1\r\nx\r\n');
    expect(await connection.closed()).toBe('');
  });
});

describe('long URLs', () => {
  test('60,000 bytes work', async () => {
    const name = 'x'.repeat(60000);
    expect(await exchange(`GET /${name} HTTP/1.1\r\n\r\n`)).toEqual(
      answered(`service not found for "${name}"`, 'HTTP/1.1 404 Not Found'),
    );
  });

  test('70,000 bytes close the connection', async () => {
    await connection.send(`GET /${'x'.repeat(70000)} HTTP/1.1\r\n\r\n`);
    expect(await connection.closed()).toBe('');
  });
});

describe('answers', () => {
  test('echo bytes that are not UTF-8 as they came', async () => {
    expect(await exchange('GET /%ff%e4%bd%a0%22 HTTP/1.1\r\n\r\n')).toEqual(
      answered('service not found for "\xff\xe4\xbd\xa0""', 'HTTP/1.1 404 Not Found'),
    );
    expect(await exchange('GET /x?%ff=1&%ff=2 HTTP/1.1\r\n\r\n')).toEqual(
      answered(
        'failed to parse request: ERR_INVALID_PARAMETERS: duplicate parameter: \xff',
        'HTTP/1.1 400 Bad Request',
      ),
    );
  });

  test('the server survives a handler that throws', async () => {
    expect(await exchange('GET /throws HTTP/1.1\r\n\r\n')).toEqual(
      answered('internal error, see the log of this server', 'HTTP/1.1 500 Internal Server Error'),
    );
    expect(await exchange('GET /version HTTP/1.1\r\n\r\n')).toEqual(answered(VERSION));
    expect(server.log.lines.pop()).toMatch(/^E the handler of \/throws failed: oops/);
  });

  test('a client that has closed its side still gets its answer, then the end', async () => {
    await connection.send('GET /version HTTP/1.1\r\n\r\nGET /later?n=1 HTTP/1.1\r\n\r\n');
    connection.finish();
    expect(await connection.response()).toEqual(answered(VERSION));
    waiting.get('1')?.();
    expect(await connection.response()).toEqual(answered('later 1'));
    expect(await connection.closed()).toBe('');
  });

  test('a request whose last bytes come together with the end of its connection is answered, then the end', async () => {
    connection.finish('GET /version HTTP/1.1\r\n\r\n');
    expect(await connection.response()).toEqual(answered(VERSION));
    expect(await connection.closed()).toBe('');
  });

  test('half a request, then the end: closed without a byte', async () => {
    connection.finish('GET /version HTTP/1.1\r\n');
    expect(await connection.closed()).toBe('');
  });

  test('that cannot be sent close the connection, with a log line', async () => {
    await connection.send('GET /broken?a HTTP/1.1\r\n\r\n');
    expect(await connection.closed()).toBe('');
    expect(server.log.lines.pop()).toMatch(/^E the answer to GET \/broken\?a cannot be sent: /);
    expect((await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n')).statusLine).toBe('HTTP/1.1 200 OK');
  });

  test('a client that is gone when its answer is ready disturbs nobody', async () => {
    const gone = await RawConnection.open(server.address);
    await gone.send('GET /later?n=gone HTTP/1.1\r\n\r\n');
    await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n');
    await gone.close();
    await ask(server.address, 'GET /version HTTP/1.1\r\n\r\n');
    waiting.get('gone')?.();
    expect(await exchange('GET /version HTTP/1.1\r\n\r\n')).toEqual(answered(VERSION));
  });
});

describe('built-in calls', () => {
  test('/ lists the calls that are served', async () => {
    const body =
      '{"/":"List all supported calls.","/recentStartTime":"Get the server start time.","/version":"Get the server version."}\n';
    expect(await exchange('GET /?anything=1 HTTP/1.1\r\n\r\n')).toEqual(answered(body));
    expect(await exchange('POST // HTTP/1.1\r\n\r\n')).toEqual(answered(body));
  });

  test('/recentStartTime', async () => {
    expect(await exchange('GET /recentStartTime?x HTTP/1.1\r\n\r\n')).toEqual(
      answered('{"RecentStartTime":"2024-05-01 09:59:58"}\n'),
    );
  });

  test('/version of a collector has two empty strings, as nothing ever fills them in', async () => {
    const collector = await TestServer.start({ role: 'collector' });
    expect(await ask(collector.address, 'GET /version HTTP/1.1\r\n\r\n')).toEqual(
      answered('{"Version":"","GitCommit":""}\n'),
    );
    await collector.close();
  });
});

describe('redirects', () => {
  test('never split the header, and keep bytes that are not UTF-8', async () => {
    const standby = await TestServer.start({
      handlers: { '/meta/cluster': () => ok('reached') },
      redirect: () => parseNode('127.0.0.1:34601'),
    });
    expect(
      await ask(standby.address, 'GET /meta/cluster?a=%ff%0d%0aX:%20y%00&b=%e4%bd%a0 HTTP/1.1\r\n\r\n'),
    ).toEqual({
      statusLine: 'HTTP/1.1 307 Temporary Redirect',
      headers: [
        'Content-Type: text/plain',
        'Content-Length: 0',
        'Location: http://127.0.0.1:34601/meta/cluster?a=\xffX: y',
      ],
      body: Buffer.alloc(0),
    });
    await standby.close();
  });
});

describe('browsers', () => {
  test.each([
    [
      'a name of somebody else',
      'Host: evil.example',
      "the Host 'evil.example' is neither an IP address nor localhost nor onebox.test",
    ],
    [
      'a foreign origin',
      'Origin: http://evil.example',
      "the Origin 'http://evil.example' is not this server",
    ],
    ['a cross-site request', 'Host: localhost\r\nSec-Fetch-Site: cross-site', 'Sec-Fetch-Site is cross-site'],
  ])('%s is refused before any call, even an unknown one', async (_what, headers, reason) => {
    for (const url of ['/throws', '/nosuch', '/x?a=1&a=2']) {
      expect(await exchange(`GET ${url} HTTP/1.1\r\n${headers}\r\n\r\n`)).toEqual(
        answered(`forbidden: ${reason}`, 'HTTP/1.1 403 Forbidden'),
      );
    }
    expect(await exchange('GET /version HTTP/1.1\r\nHost: onebox.test:34601\r\n\r\n')).toEqual(
      answered(VERSION),
    );
  });
});
