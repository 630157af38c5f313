import { FLAGS_BY_NAME, flagNamed } from '../flags/flag-table';
import { closestWord, examplesOf } from './closest-word';
import type { Config } from './config';
import { configProblem } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { DEFAULT_TABLE_KEYS } from './default-tables';
import { ONEBOX_KEYS } from './onebox-settings';
import { PERF_COUNTER_KEYS } from './perf-counter-settings';

/** Sections with free keys that upstream reads and that are no flags (reference/http-api.md 5). */
const FREE_SECTIONS: readonly RegExp[] = [
  /^pegasus\.clusters$/,
  /^duplication-group$/,
  /^threadpool\../,
  /^task\../,
  /^block_service\../,
];

/** Families of sections whose keys are no flags. */
const KEYS_OF_FAMILIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^apps\../, ['type', 'name', 'arguments', 'ports', 'pools', 'run', 'count', 'delay_seconds']],
  [/^meta_server\.apps\../, DEFAULT_TABLE_KEYS],
];

/** Keys that are known and no flags: ours, and those of upstream's templates that its code does not define as flags. */
const OTHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  onebox: ONEBOX_KEYS,
  zookeeper: ['provider'],
  core: ['tool', 'toollets', 'enable_default_app_mimic', 'logging_factory_name'],
  'pegasus.server': PERF_COUNTER_KEYS,
};

function keysBySection(): ReadonlyMap<string, readonly string[]> {
  const known = new Map(Object.entries(OTHER_KEYS).map(([section, keys]) => [section, [...keys]]));
  for (const { section, name } of FLAGS_BY_NAME) known.set(section, [...(known.get(section) ?? []), name]);
  return known;
}

/** Warns of every section and key that nobody reads, with what was probably meant. */
export function findUnknownKeys(config: Config): ConfigProblem[] {
  const known = keysBySection();
  const problems: ConfigProblem[] = [];
  for (const [section, entries] of config.sections) {
    if (FREE_SECTIONS.some((pattern) => pattern.test(section))) continue;
    const family = KEYS_OF_FAMILIES.find(([pattern]) => pattern.test(section))?.[1];
    const keys = family ?? known.get(section);
    if (keys === undefined) {
      const origin = config.sectionOrigins.get(section);
      if (origin !== undefined) problems.push(unknownSection(section, origin, [...known.keys()]));
      continue;
    }
    for (const { key, origin } of entries.values()) {
      if (!keys.includes(key)) problems.push(unknownKey(section, key, origin, keys));
    }
  }
  return problems;
}

type Origin = ConfigProblem['origin'];

function unknownSection(section: string, origin: Origin, known: readonly string[]): ConfigProblem {
  return configProblem(
    'ONEBOX_CONFIG_UNKNOWN_SECTION',
    origin,
    `[${section}] is not a section of Pegasus or of this product and is ignored`,
    { section, allowed: meantOrExamples(section, known, (name) => `[${name}]`, 'sections') },
  );
}

function unknownKey(section: string, key: string, origin: Origin, known: readonly string[]): ConfigProblem {
  const home = flagNamed(key)?.section;
  const allowed =
    home === undefined
      ? meantOrExamples(key, known, (name) => name, 'keys')
      : `[${home}] ${key}, if that was meant`;
  return configProblem(
    'ONEBOX_CONFIG_UNKNOWN_KEY',
    origin,
    `[${section}] ${key} is not a known key and is ignored`,
    { section, key, allowed },
  );
}

function meantOrExamples(
  text: string,
  known: readonly string[],
  show: (name: string) => string,
  what: 'keys' | 'sections',
): string {
  const closest = closestWord(text, known);
  if (closest !== undefined) return `${show(closest)}, if that was meant`;
  const examples = examplesOf(text, known);
  const shown = examples.map(show).join(', ');
  return examples.length === known.length ? shown : `${known.length} ${what}, such as ${shown}`;
}
