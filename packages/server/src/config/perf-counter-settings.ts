import type { Config } from './config';
import type { ConfigProblem } from './config-problem';
import { SettingReader, matching, wholeNumber } from './setting';

/** Where a server puts its perf counters besides answering for them. */
export type CounterSink =
  | { readonly kind: 'prometheus'; readonly port: number }
  | { readonly kind: 'falcon'; readonly host: string; readonly port: number; readonly path: string };

/** What `[pegasus.server]` says about perf counters: keys that releases up to 2.5 read, and that master does not know. */
export interface PerfCounterSettings {
  /** Pegasus milliseconds. */
  readonly updateIntervalMs: number;
  /** As written: `prometheus`, `falcon`, or nothing; up to 2.4 upper case is another word (reference/metrics.md 4.12). */
  readonly sinkWord: string;
  readonly sink: CounterSink | undefined;
}

const PORT = wholeNumber(1, 65535);

/** The keys, which are no flags of master. */
export const PERF_COUNTER_KEYS: readonly string[] = [
  'perf_counter_enable_logging',
  'perf_counter_update_interval_seconds',
  'perf_counter_sink',
  'prometheus_port',
  'falcon_host',
  'falcon_port',
  'falcon_path',
];

/** Reads them; what belongs to a sink only if it is chosen. The defaults are 2.5's. */
export function readPerfCounterSettings(config: Config): {
  settings: PerfCounterSettings;
  problems: ConfigProblem[];
} {
  const reader = new SettingReader(config, 'pegasus.server');
  const seconds = reader.withDefault('perf_counter_update_interval_seconds', wholeNumber(1, 86_400), 10);
  const sinkWord = reader.withDefault(
    'perf_counter_sink',
    matching(/^(prometheus|falcon|)$/i, 'prometheus, falcon or nothing'),
    '',
  );
  const settings = { updateIntervalMs: seconds * 1000, sinkWord, sink: readSink(reader, sinkWord) };
  return { settings, problems: [...reader.problems] };
}

function readSink(reader: SettingReader, word: string): CounterSink | undefined {
  switch (word.toLowerCase()) {
    case 'prometheus':
      return { kind: 'prometheus', port: reader.withDefault('prometheus_port', PORT, 9091) };
    case 'falcon':
      return {
        kind: 'falcon',
        host: reader.withDefault(
          'falcon_host',
          matching(/^[\w.:-]+$/, 'a host name or an address'),
          '127.0.0.1',
        ),
        port: reader.withDefault('falcon_port', PORT, 1988),
        path: reader.withDefault(
          'falcon_path',
          matching(/^\/[\x21-\x7e]*$/, 'a path such as /v1/push'),
          '/v1/push',
        ),
      };
    default:
      return undefined;
  }
}
