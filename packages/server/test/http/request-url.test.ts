import { bytesFromText, textFromBytes } from '../../src/http/byte-text';
import { UrlFailure } from '../../src/http/percent-decoding';
import { parseRequestUrl, type UrlPieces } from '../../src/http/request-url';

function parse(url: string, pieces?: UrlPieces): { path: string; args: [string, string][] } | string {
  const parsed = parseRequestUrl(url, pieces);
  return parsed instanceof UrlFailure ? parsed.reason : { path: parsed.path, args: [...parsed.args] };
}

const PARTIAL = 'ERR_INVALID_PARAMETERS: Encountered partial escape sequence at end of string';
const notHex = (rest: string): string =>
  `ERR_INVALID_PARAMETERS: The characters ${rest} do not form a hex value. Please escape it or pass a valid hex value`;
const duplicate = (name: string): string => `ERR_INVALID_PARAMETERS: duplicate parameter: ${name}`;

describe('the path of a request', () => {
  test.each([
    ['/', ''],
    ['///', ''],
    ['/version', 'version'],
    ['//meta///apps/', 'meta/apps'],
    ['/meta/apps////', 'meta/apps'],
    ['/Meta/Apps', 'Meta/Apps'],
    ['/meta%2Fapps', 'meta/apps'],
    ['/%2f%2Fmeta%2f', 'meta'],
    ['/%20meta%09/apps%0d%0a/', 'meta/apps'],
    ['/%0ameta', '\nmeta'],
    ['/%20/%09/x', 'x'],
    ['/a+b', 'a+b'],
    ['/a%2Bb', 'a+b'],
    ['/a%25b', 'a%b'],
    ['/meta%00/apps', 'meta'],
    ['/%00', ''],
    ['/a%3Fb', 'a?b'],
    ['/a%23b', 'a#b'],
    ['/a;b', 'a;b'],
    ['/%E4%BD%A0', '你'],
    ['http://host:1/meta/apps', 'meta/apps'],
    ['HTTP://u:p@[::1]:1/x', 'x'],
    ['http://host', ''],
    ['/version#meta', 'version'],
  ])('%s is %j', (url, path) => {
    expect(parse(url)).toEqual({ path, args: [] });
  });
});

describe('the parameters of a request', () => {
  test.each<[string, [string, string][]]>([
    ['', []],
    ['&', []],
    ['&&detail&', [['detail', '']]],
    ['detail', [['detail', '']]],
    ['detail=', [['detail', '']]],
    ['detail=false', [['detail', 'false']]],
    [
      'name=temp&detail',
      [
        ['name', 'temp'],
        ['detail', ''],
      ],
    ],
    ['name=a=b', [['name', 'a=b']]],
    ['=', [['', '']]],
    ['=x', [['', 'x']]],
    [
      'name=a%26detail',
      [
        ['name', 'a'],
        ['detail', ''],
      ],
    ],
    ['name%3Da', [['name', 'a']]],
    ['name=a%3Db', [['name', 'a=b']]],
    ['name=a+b', [['name', 'a+b']]],
    ['name=a%20b', [['name', 'a b']]],
    ['%20name=a%20', [['name', 'a']]],
    ['name%20=%20a', [['name ', ' a']]],
    ['%0aname=a%0d%0a', [['\nname', 'a']]],
    ['%20%09', []],
    ['name=a%00b&detail', [['name', 'a']]],
    ['%00name=a', []],
    ['name=a/b?c', [['name', 'a/b?c']]],
    ['name=%E4%BD%A0', [['name', '你']]],
    ['detail&detail', [['detail', '']]],
    ['detail=1&detail', [['detail', '1']]],
    ['a=1#b=2', [['a', '1']]],
    [
      'NAME=1&name=2',
      [
        ['NAME', '1'],
        ['name', '2'],
      ],
    ],
    [
      '__proto__=1&constructor',
      [
        ['__proto__', '1'],
        ['constructor', ''],
      ],
    ],
  ])('?%s is %j', (query, args) => {
    expect(parse(`/x?${query}`)).toEqual({ path: 'x', args });
  });

  test('an absolute URL without a path still has them', () => {
    expect(parse('http://host?a=1')).toEqual({ path: '', args: [['a', '1']] });
  });

  test('a question mark behind the hash begins nothing', () => {
    expect(parse('/x#y?a=1')).toEqual({ path: 'x', args: [] });
  });
});

describe('a URL that cannot be parsed', () => {
  test.each([
    ['/x?name=a&name=b', duplicate('name')],
    ['/x?name=a&name=a', duplicate('name')],
    ['/x?detail&detail=1', duplicate('detail')],
    ['/x?detail&detail=', duplicate('detail')],
    ['/x?=&=', duplicate('')],
    ['/x?a=1%26a=2', duplicate('a')],
    ['/x?%20a=1&a=2', duplicate('a')],
    ['/x?a%', PARTIAL],
    ['/x?a%2', PARTIAL],
    ['/x?a%z', PARTIAL],
    ['/x%', PARTIAL],
    ['/x?a=%41%', PARTIAL],
    ['/version%2', notHex('2')],
    ['/version%z', notHex('z')],
    ['/version%zz/a', notHex('zz/a')],
    ['/version%2g', notHex('2g')],
    ['/%41%g2tail', notHex('g2tail')],
    ['/version%%', notHex('%')],
    ['/x?name=a%zzbcd&x=1', notHex('zzbcd&x=1')],
    ['/x?a=%%41', notHex('%41')],
    ['/x?a=% 1', notHex(' 1')],
    ['/x?a=%+1', notHex('+1')],
    ['/x%zz?b=%yy', notHex('zz')],
    ['/x%2#y', notHex('2')],
  ])('%s says why', (url, reason) => {
    expect(parse(url)).toBe(reason);
  });
});

describe('G20 and G24 keep the pieces as they are', () => {
  test.each<[string, string, [string, string][]]>([
    [
      '/meta/apps?detail&',
      'meta/apps',
      [
        ['detail', ''],
        ['', ''],
      ],
    ],
    ['/x?%20a=1', 'x', [[' a', '1']]],
    ['/%20x//y', ' x/y', []],
    ['/x%00y?a%00=b%00', 'x\0y', [['a\0', 'b\0']]],
  ])('%s', (url, path, args) => {
    expect(parse(url, 'kept')).toEqual({ path, args });
  });
});

describe('bytes that are not UTF-8', () => {
  test('survive from the URL to the answer', () => {
    const parsed = parseRequestUrl('/%ff%41%c3%28?%80=%e4%bd%a0%ed%a0%80%f5');
    if (parsed instanceof UrlFailure) throw new Error(parsed.reason);
    expect(bytesFromText(parsed.path)).toEqual(Buffer.from([0xff, 0x41, 0xc3, 0x28]));
    const [name, value] = [...parsed.args][0] ?? ['', ''];
    expect(bytesFromText(name)).toEqual(Buffer.of(0x80));
    expect(bytesFromText(value)).toEqual(Buffer.from([0xe4, 0xbd, 0xa0, 0xed, 0xa0, 0x80, 0xf5]));
    expect(value.startsWith('你')).toBe(true);
  });

  test('cut off in the middle of a character survive, too', () => {
    expect(bytesFromText(textFromBytes('\xe4\xbd'))).toEqual(Buffer.of(0xe4, 0xbd));
    expect(bytesFromText(textFromBytes('a\xf0\x9f\x98'))).toEqual(Buffer.of(0x61, 0xf0, 0x9f, 0x98));
  });

  test('make two different names two different texts', () => {
    expect(textFromBytes('\xff')).not.toBe(textFromBytes('\xfe'));
  });

  test('a text with a foreign surrogate is still sent', () => {
    expect(bytesFromText('a\ud800b')).toEqual(Buffer.from('a\ufffdb', 'utf8'));
  });
});

/** Small, fast and seeded: the run can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test('no URL makes the parser throw, and what it gives is normalised and loses no byte', () => {
  const random = mulberry32(20240501);
  const pieces = [
    '/',
    '?',
    '&',
    '=',
    '%',
    '%2',
    '%2F',
    '%26',
    '%3d',
    '%00',
    '%ff',
    '%0a',
    '%20',
    '#',
    'a',
    'Z',
    '9',
  ];
  for (let round = 0; round < 20000; round += 1) {
    let url = random() < 0.95 ? '/' : 'http://h';
    const length = Math.floor(random() * 14);
    for (let at = 0; at < length; at += 1) {
      url +=
        random() < 0.8
          ? (pieces[Math.floor(random() * pieces.length)] ?? '')
          : String.fromCharCode(1 + Math.floor(random() * 255));
    }
    const parsed = parseRequestUrl(url);
    if (parsed instanceof UrlFailure) {
      expect(parsed.reason).toMatch(
        /^ERR_INVALID_PARAMETERS: (Encountered|The characters|duplicate parameter: )/,
      );
      continue;
    }
    expect(parsed.path).not.toMatch(/^\/|\/\/|\/$|\0/);
    const bytes = bytesFromText(parsed.path).toString('latin1');
    expect(textFromBytes(bytes)).toBe(parsed.path);
    for (const [name, value] of parsed.args) expect(`${name}${value}`).not.toMatch(/[\0&]/);
  }
});

test('every pair of bytes comes through decoding unchanged', () => {
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0x40; second < 0x100; second += 7) {
      const bytes = String.fromCharCode(first, second);
      expect(bytesFromText(textFromBytes(bytes)).toString('latin1')).toBe(bytes);
    }
  }
});
