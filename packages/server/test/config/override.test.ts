import { applyOverrides, parseOverrides, writeOverrides } from '../../src/config/override';
import { parseIni } from '../../src/config/parse-ini';

test.each([
  ['replication.lb_interval_ms=5', 'replication', 'lb_interval_ms', '5'],
  ['task..default.rpc_timeout_milliseconds=1000', 'task..default', 'rpc_timeout_milliseconds', '1000'],
  ['meta_server.apps.temp.partition_count=16', 'meta_server.apps.temp', 'partition_count', '16'],
  ['block_service.x.args=a=b.c=d', 'block_service.x', 'args', 'a=b.c=d'],
  [' zookeeper . hosts_list = h:1,h:2 ', 'zookeeper', 'hosts_list', 'h:1,h:2'],
  ['zookeeper.hosts_list=', 'zookeeper', 'hosts_list', ''],
])('--set %s is understood', (text, section, key, value) => {
  expect(parseOverrides([text])).toEqual({
    overrides: [{ section, key, value, origin: { kind: 'override', text } }],
    problems: [],
  });
});

test.each([
  '',
  'lb_interval_ms',
  'lb_interval_ms=5',
  'replication.lb_interval_ms',
  '.k=v',
  's.=v',
  's.k=a\nb',
  '[s].k=v',
  's;.k=v',
])('--set %j is refused', (text) => {
  const { overrides, problems } = parseOverrides([text]);
  expect(overrides).toEqual([]);
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    [
      'ONEBOX_CONFIG_BAD_OVERRIDE',
      `--set ${text}: '${text}' is not an override; allowed: section.key=value on one line, for example replication.config_sync_interval_ms=3000`,
    ],
  ]);
});

test('the same key twice is refused', () => {
  const { overrides, problems } = parseOverrides(['a.k=1', 'a.k=2']);
  expect(overrides.map(({ value }) => value)).toEqual(['1']);
  expect(problems.map(({ message }) => message)).toEqual([
    '--set a.k=2: [a] k is already set by --set a.k=1; allowed: each key once',
  ]);
});

const TEXT = `; head
[a]
  k = 1   ; the first
  ; about nothing

; about b
[b]\r
x = 2\r
`;

test('overrides are written in place: comments, layout and line ends stay', () => {
  const { overrides } = parseOverrides(['a.k=one;two', 'a.new=3', 'b.x=4', 'c.d.y=5']);
  expect(writeOverrides(TEXT, overrides)).toBe(`; head
[a]
  k = one^;two ; the first
  new = 3
  ; about nothing

; about b
[b]\r
x = 4\r

[c.d]
y = 5
`);
});

test('a written configuration reads as the overridden one', () => {
  const { overrides } = parseOverrides(['a.k=x#y', 'a.new=p=q', 'b.x=', 'c.d.y=5']);
  const applied = applyOverrides(parseIni(TEXT, 'f'), overrides);
  const written = parseIni(writeOverrides(TEXT, overrides), 'f');
  const values = (config: typeof applied) =>
    [...config.sections].map(([name, entries]) => [
      name,
      [...entries.values()].map(({ key, value }) => [key, value]),
    ]);
  expect(values(written)).toEqual(values(applied));
  expect(written.problems).toEqual([]);
  expect(applied.entry('a', 'k')?.origin).toEqual({ kind: 'override', text: 'a.k=x#y' });
  expect(applied.sectionOrigins.get('c.d')).toEqual({ kind: 'override', text: 'c.d.y=5' });
});
