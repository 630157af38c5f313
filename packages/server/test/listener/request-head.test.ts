import { connectionKind } from '../../src/listener/first-bytes';
import { normaliseHead } from '../../src/listener/request-head';

test.each([
  ['GET ', 'http'],
  ['POST /', 'http'],
  ['THFT', 'rpc'],
  ['RDSN', 'rpc'],
  ['HEAD', 'unknown'],
  ['GETX', 'unknown'],
  ['get ', 'unknown'],
  ['GET', undefined],
  ['', undefined],
])('%j is %s', (bytes, kind) => {
  expect(connectionKind(Buffer.from(bytes))).toBe(kind);
});

test.each([
  ['GET / HTTP/1.1\n\n', 'GET / HTTP/1.1\r\n\r\n'],
  ['GET / HTTP/1.1\nA: b\r\nC: d\n\nbody\n\nmore', 'GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\nbody\n\nmore'],
  ['GET / HTTP/9.9\r\nA: b\r\n\r\nx', 'GET / HTTP/1.1\r\nA: b\r\n\r\nx'],
  ['GET / HTTP/1.0\r\nA: b\n\n', 'GET / HTTP/1.0\r\nA: b\r\n\r\n'],
  ['GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\nx\ny', 'GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\nx\ny'],
  ['GET /\n\n', 'GET /\r\n\r\n'],
])('%j becomes %j', (before, after) => {
  expect(normaliseHead(Buffer.from(before))?.toString()).toBe(after);
});

test.each(['GET / HTTP/1.1\n', 'GET / HTTP/1.1\nA: b\n', 'GET / HTTP/1.1\r\nA: b\n', 'GET / HTTP/3.0\r\n'])(
  '%j is not enough to tell',
  (bytes) => {
    expect(normaliseHead(Buffer.from(bytes))).toBeUndefined();
  },
);

test.each([
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\r\nA: b',
  'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na\nb',
  'GET /\r\n\r\n',
  'GET / HTTP/1.1',
  'GET / HTTP/11.1\r\n\r\n',
  `GET / HTTP/1.1\n${'A: b\n'.repeat(2000)}`,
])('%j is left to Node', (bytes) => {
  const buffer = Buffer.from(bytes);
  expect(normaliseHead(buffer)).toBe(buffer);
});
