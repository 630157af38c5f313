import { parseIni } from '../../src/config/parse-ini';
import { PERF_COUNTER_KEYS, readPerfCounterSettings } from '../../src/config/perf-counter-settings';
import { findUnknownKeys } from '../../src/config/known-sections';

const read = (...lines: string[]) =>
  readPerfCounterSettings(parseIni(['[pegasus.server]', ...lines].join('\n'), 'config.ini'));

test('nothing is exposed by default', () => {
  expect(read()).toEqual({
    settings: { updateIntervalMs: 10_000, sinkWord: '', sink: undefined },
    problems: [],
  });
  expect(read('perf_counter_sink =')).toEqual(read());
});

test('a sink has 2.5’s defaults', () => {
  expect(read('perf_counter_sink = prometheus').settings.sink).toEqual({ kind: 'prometheus', port: 9091 });
  expect(read('perf_counter_sink = FALCON').settings.sink).toEqual({
    kind: 'falcon',
    host: '127.0.0.1',
    port: 1988,
    path: '/v1/push',
  });
  const { settings } = read(
    'perf_counter_update_interval_seconds = 3',
    'perf_counter_sink = falcon',
    'falcon_host = agent',
    'falcon_port = 1989',
    'falcon_path = /push',
  );
  expect(settings).toEqual({
    updateIntervalMs: 3000,
    sinkWord: 'falcon',
    sink: { kind: 'falcon', host: 'agent', port: 1989, path: '/push' },
  });
});

test.each([
  [['perf_counter_sink = graphite'], 'perf_counter_sink = graphite', 'prometheus, falcon or nothing'],
  [
    ['perf_counter_update_interval_seconds = 0'],
    'perf_counter_update_interval_seconds = 0',
    'a whole number from 1 to 86400',
  ],
  [
    ['perf_counter_sink = prometheus', 'prometheus_port = 65536'],
    'prometheus_port = 65536',
    'a whole number from 1 to 65535',
  ],
  [['perf_counter_sink = falcon', 'falcon_port = x'], 'falcon_port = x', 'a whole number from 1 to 65535'],
  [['perf_counter_sink = falcon', 'falcon_host = a b'], 'falcon_host = a b', 'a host name or an address'],
  [['perf_counter_sink = falcon', 'falcon_path = push'], 'falcon_path = push', 'a path such as /v1/push'],
])('%p is an error', (lines, what, allowed) => {
  expect(read(...lines).problems.map(({ message }) => message)).toEqual([
    `config.ini:${lines.length + 1}: [pegasus.server] ${what} is not allowed; allowed: ${allowed}`,
  ]);
});

test('what belongs to a sink that is not chosen is not looked at', () => {
  expect(read('prometheus_port = -2909', 'falcon_port = 0').problems).toEqual([]);
});

test('its keys are known', () => {
  const lines = PERF_COUNTER_KEYS.map((key) => `${key} = 1`);
  expect(findUnknownKeys(parseIni(['[pegasus.server]', ...lines].join('\n'), 'config.ini'))).toEqual([]);
});
