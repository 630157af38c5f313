import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig } from '../../src/config/check-config';
import { renderInstanceConfig } from '../../src/config/instance-config';
import { parseIni } from '../../src/config/parse-ini';
import { FLAGS_BY_NAME } from '../../src/flags/flag-table';
import { TEMPLATE, VALUES } from './template-values';

test('the template gives a configuration without a single problem', () => {
  const { text, settings, defaultTables, problems } = renderInstanceConfig(TEMPLATE, VALUES, []);
  expect(problems).toEqual([]);
  expect(checkConfig(parseIni(text, 'config.ini')).problems).toEqual([]);
  expect(settings).toEqual({
    clusterName: 'onebox',
    instance: 'meta1',
    profile: 'documented',
    timeScale: 0.1,
    bind: '127.0.0.1',
    advertise: '127.0.0.1',
    hostPortsOnThft: false,
    metaCount: 3,
    replicaCount: 3,
  });
  expect(defaultTables).toEqual([
    { appName: 'stat', appType: 'pegasus', partitionCount: 4, maxReplicaCount: 3, stateful: true },
    { appName: 'temp', appType: 'pegasus', partitionCount: 8, maxReplicaCount: 3, stateful: true },
  ]);
});

test("the template sets what upstream's onebox sets, and leaves the rest at the code's defaults", () => {
  interface Stated {
    readonly name: string;
    readonly onebox: string | number | boolean | null;
  }
  const stated = JSON.parse(
    readFileSync(join(__dirname, '../data/config-flags.json'), 'utf8'),
  ) as readonly Stated[];
  const expected = new Map(
    stated
      .filter(({ onebox }) => onebox !== null)
      .map(({ name, onebox }) => [name, String(onebox).replaceAll('@LOCAL_HOSTNAME@', '127.0.0.1')]),
  );
  const { flags } = renderInstanceConfig(TEMPLATE, VALUES, []);
  for (const { name, default: value } of FLAGS_BY_NAME) {
    const text = String(flags.find(name)?.value ?? value);
    expect([name, text]).toEqual([name, expected.get(name) ?? String(value)]);
  }
});

test('every default that the template shows behind a comment mark is the real one', () => {
  const shown = [...TEMPLATE.text.matchAll(/^; ([a-z_0-9]+) = (\S+)$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  const defaults = new Map(FLAGS_BY_NAME.map((flag) => [flag.name, String(flag.default)]));
  expect(shown.length).toBeGreaterThan(10);
  expect(shown).toEqual(shown.map(([name]) => [name, defaults.get(name ?? '')]));
});

test('an override goes on top, into the text and into the values', () => {
  const { text, flags, settings, problems } = renderInstanceConfig(TEMPLATE, VALUES, [
    'replication.fd_grace_seconds=30',
    'onebox.time_scale=0.5',
    'meta_server.apps.extra.app_name=extra',
    'meta_server.apps.extra.partition_count=2',
  ]);
  expect(problems).toEqual([]);
  expect(flags.get('fd_grace_seconds')).toBe(30);
  expect(settings.timeScale).toBe(0.5);
  const read = checkConfig(parseIni(text, 'config.ini'));
  expect(read.problems).toEqual([]);
  expect(read.flags.get('fd_grace_seconds')).toBe(30);
  expect(read.settings).toEqual(settings);
  expect(read.defaultTables.map(({ appName }) => appName)).toEqual(['extra', 'stat', 'temp']);
});
