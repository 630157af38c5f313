import type { Config } from './config';
import { configProblem, originText } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { SettingReader, matching, trueOrFalse, wholeNumber } from './setting';

/** A table that the first leader creates on an empty ZooKeeper. */
export interface DefaultTable {
  readonly appName: string;
  readonly appType: string;
  readonly partitionCount: number;
  readonly maxReplicaCount: number;
  readonly stateful: boolean;
}

const PREFIX = 'meta_server.apps.';

/** What such a section may hold. */
export const DEFAULT_TABLE_KEYS: readonly string[] = [
  'app_name',
  'app_type',
  'partition_count',
  'max_replica_count',
  'stateful',
];

/** Upstream's client library refuses other names (reference/cluster-behaviour.md 7.2). */
const TABLE_NAME = matching(/^[0-9A-Za-z._:]+$/, 'letters, digits, and any of . _ :');
const WORD = matching(/^\S+$/, 'one word');

/**
 * The tables of the sections `[meta_server.apps.*]`, in alphabetical order of their sections, which is the order of
 * their ids (reference/cluster-behaviour.md 2.6).
 */
export function readDefaultTables(config: Config): { tables: DefaultTable[]; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const tables: DefaultTable[] = [];
  for (const section of config.sectionNames(PREFIX)) {
    const reader = new SettingReader(config, section);
    const table: DefaultTable = {
      appName: reader.required('app_name', TABLE_NAME, section.slice(PREFIX.length)),
      appType: reader.withDefault('app_type', WORD, 'pegasus'),
      // Upstream takes any positive number; a partition is a znode, a directory and a beacon's worth of work here.
      partitionCount: reader.required('partition_count', wholeNumber(1, 100_000), 4),
      maxReplicaCount: reader.withDefault('max_replica_count', wholeNumber(1, 100), 3),
      stateful: reader.withDefault('stateful', trueOrFalse, true),
    };
    problems.push(...reader.problems, ...nameTaken(config, section, table, tables));
    tables.push(table);
  }
  return { tables, problems };
}

function nameTaken(
  config: Config,
  section: string,
  table: DefaultTable,
  before: readonly DefaultTable[],
): ConfigProblem[] {
  const entry = config.entry(section, 'app_name');
  if (entry === undefined || before.every(({ appName }) => appName !== table.appName)) return [];
  const first = config
    .sectionNames(PREFIX)
    .map((name) => config.entry(name, 'app_name'))
    .find((other) => other?.value === table.appName);
  const place = first === undefined ? '' : ` at ${originText(first.origin)}`;
  return [
    configProblem(
      'ONEBOX_CONFIG_BAD_VALUE',
      entry.origin,
      `table ${table.appName} is already defined${place}`,
      {
        section,
        key: 'app_name',
        allowed: 'each table once',
      },
    ),
  ];
}
