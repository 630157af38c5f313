import fc from 'fast-check';
import { ok } from '../../src/http/http-call';
import { MASTER } from '../../src/profile/master';
import { RawConnection } from '../golden/raw-http';
import { TestServer } from './test-server';

let server: TestServer;
beforeAll(async () => {
  const handlers = { '/meta/cluster': () => ok('cluster'), '/meta/app': () => ok('app') };
  server = await TestServer.start({ profile: MASTER, handlers });
});
afterAll(() => server.close());

const REQUEST = 'GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

/** What a client may send: pieces of requests, frames of the RPC side, and noise. */
const PIECE = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('GET ', 'POST ', 'GET', 'PUT ', 'THFT', 'RDSN', '_RAW', 'get ') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '/',
      '/version',
      '/meta/app?name=',
      '//meta///cluster/',
      '*',
      'http://h/version',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ' HTTP/1.1',
      ' HTTP/9.9',
      ' HTTP/1.0',
      ' HTTP/',
      '\r\n',
      '\r\n\r\n',
      '\n',
      '\n\n',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'Content-Length: 4\r\n',
      'Content-Length: -1\r\n',
      'Content-Length: 99999999999\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Expect: 100-continue\r\n',
      'Connection: close\r\n',
      'Host: evil.example\r\n',
      '4\r\nabcd\r\n0\r\n\r\n',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(REQUEST, REQUEST.repeat(3)) },
  {
    weight: 2,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 12 })
      .map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
);
/** The pieces of each inner list arrive together. */
const CONVERSATION = fc.array(fc.array(PIECE, { minLength: 1, maxLength: 6 }), { maxLength: 4 });

/** A response of this server, or the end of what it sent. */
const RESPONSES =
  /^(?:HTTP\/1\.1 (?:200 OK|307 Temporary Redirect|400 Bad Request|403 Forbidden|404 Not Found|500 Internal Server Error)\r\nContent-Type: text\/plain\r\nContent-Length: \d+\r\n(?:Location: [^\r\n]*\r\n)?\r\n[^]*)?$/;

test('whatever bytes a client sends, it gets whole answers or none, and the next client is served', async () => {
  await fc.assert(
    fc.asyncProperty(CONVERSATION, async (segments) => {
      const client = await RawConnection.open(server.address);
      for (const pieces of segments) await client.send(pieces.join(''));
      client.finish();
      const received = await client.closed();
      expect(received.startsWith('got ') || RESPONSES.test(received)).toBe(true);

      const next = await RawConnection.open(server.address);
      await next.send(REQUEST);
      expect((await next.response()).statusLine).toBe('HTTP/1.1 200 OK');
      await next.close();
    }),
    { numRuns: 400 },
  );
  expect(server.log.lines.filter((line) => line.startsWith('E '))).toEqual([]);
});
