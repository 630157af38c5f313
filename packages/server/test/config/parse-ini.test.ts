import { parseIni } from '../../src/config/parse-ini';
import type { Config } from '../../src/config/config';

/** The values alone, as plain objects. */
function values(config: Config): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...config.sections].map(([name, entries]) => [
      name,
      Object.fromEntries([...entries].map(([key, entry]) => [key, entry.value])),
    ]),
  );
}

test.each([
  ['nothing', '', {}],
  [
    'sections, keys, comments and blank lines',
    '; one\n[a]\n\nk = v # two\n  x=y\n# three\n[b]\n',
    { a: { k: 'v', x: 'y' }, b: {} },
  ],
  ['CRLF line ends', '[a]\r\nk = v\r\n', { a: { k: 'v' } }],
  ['a byte order mark', '\uFEFF[a]\nk = v', { a: { k: 'v' } }],
  ['a value with "="', '[a]\nargs = x=1, y=2', { a: { args: 'x=1, y=2' } }],
  ['an empty value', '[a]\nk =\n', { a: { k: '' } }],
  ['";" and "#" behind "^" as themselves', '[a]\nk = p^;q^#r ; s', { a: { k: 'p;q#r' } }],
  ['a "^" in front of an escaped character', '[a]\nk = x^^;y', { a: { k: 'x^;y' } }],
  ['a comment right behind a value', '[a]\nk = v;w', { a: { k: 'v' } }],
  ['blanks around everything', ' \t[ a b ] \n\t k\t=\t v w \t', { 'a b': { k: 'v w' } }],
  [
    'section names with dots',
    '[task..default]\nk = v\n[meta_server.apps.temp]\n',
    { 'task..default': { k: 'v' }, 'meta_server.apps.temp': {} },
  ],
  ['a comment behind a header', '[a] ; the first\nk = v', { a: { k: 'v' } }],
])('an ini file with %s is read', (_what, text, expected) => {
  const config = parseIni(text, 'config.ini');
  expect(values(config)).toEqual(expected);
  expect(config.problems).toEqual([]);
});

test('every entry remembers its line', () => {
  const config = parseIni('; comment\n[a]\n\nk = v\n', 'config.ini');
  expect(config.entry('a', 'k')).toEqual({
    key: 'k',
    value: 'v',
    origin: { kind: 'file', file: 'config.ini', line: 4 },
  });
  expect(config.sectionOrigins.get('a')).toEqual({ kind: 'file', file: 'config.ini', line: 2 });
});

test('sections of a prefix come in alphabetical order, which gives default tables their ids', () => {
  const config = parseIni('[meta_server.apps.temp]\n[meta_server]\n[meta_server.apps.stat]\n', 'config.ini');
  expect(config.sectionNames('meta_server.apps.')).toEqual([
    'meta_server.apps.stat',
    'meta_server.apps.temp',
  ]);
});

test('the first of two equal keys counts, and what follows a broken header belongs nowhere', () => {
  const config = parseIni('[a]\nk = 1\nk = 2\n[a]\nx = 3\n[b\ny = 4\n[c]\nz = 5\n', 'config.ini');
  expect(values(config)).toEqual({ a: { k: '1', x: '3' }, c: { z: '5' } });
  expect(config.problems.map(({ message }) => message)).toEqual([
    'config.ini:3: [a] k is already set at config.ini:2; allowed: each key once in its section',
    'config.ini:4: [a] is already at config.ini:1; allowed: each section once',
    "config.ini:6: '[b' is not a section header; allowed: [section] alone on its line",
  ]);
});
