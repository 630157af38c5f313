import { FLAGS_BY_NAME, flagNamed } from '../flags/flag-table';
import { closestWord } from './closest-word';
import type { Config } from './config';
import { configProblem } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { ONEBOX_KEYS } from './onebox-settings';

/** Sections with free keys that upstream reads and that are no flags (reference/http-api.md 5). */
const FREE_SECTIONS: readonly RegExp[] = [
  /^apps\../,
  /^meta_server\.apps\../,
  /^pegasus\.clusters$/,
  /^duplication-group$/,
  /^threadpool\../,
  /^task\../,
  /^block_service\../,
];

/** Keys that are known and no flags: ours, and those of upstream's templates that its code does not define as flags. */
const OTHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  onebox: ONEBOX_KEYS,
  zookeeper: ['provider'],
  core: ['tool', 'toollets', 'enable_default_app_mimic', 'logging_factory_name'],
  'pegasus.server': ['perf_counter_enable_logging', 'perf_counter_sink', 'prometheus_port'],
};

function keysBySection(): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const [section, keys] of Object.entries(OTHER_KEYS)) known.set(section, new Set(keys));
  for (const { section, name } of FLAGS_BY_NAME) {
    known.set(section, (known.get(section) ?? new Set()).add(name));
  }
  return known;
}

/** Warns of every section and key that nobody reads, with what was probably meant. */
export function findUnknownKeys(config: Config): ConfigProblem[] {
  const known = keysBySection();
  const problems: ConfigProblem[] = [];
  for (const [section, entries] of config.sections) {
    if (FREE_SECTIONS.some((pattern) => pattern.test(section))) continue;
    const keys = known.get(section);
    if (keys === undefined) {
      const origin = config.sectionOrigins.get(section);
      if (origin !== undefined) problems.push(unknownSection(section, origin, [...known.keys()]));
      continue;
    }
    for (const { key, origin } of entries.values()) {
      if (!keys.has(key)) problems.push(unknownKey(section, key, origin, [...keys]));
    }
  }
  return problems;
}

type Origin = ConfigProblem['origin'];

function unknownSection(section: string, origin: Origin, known: readonly string[]): ConfigProblem {
  const closest = closestWord(section, known);
  return configProblem(
    'ONEBOX_CONFIG_UNKNOWN_SECTION',
    origin,
    `[${section}] is not a section of Pegasus or of this product and is ignored`,
    { section, allowed: closest === undefined ? undefined : `[${closest}], if that was meant` },
  );
}

function unknownKey(section: string, key: string, origin: Origin, known: readonly string[]): ConfigProblem {
  const home = flagNamed(key)?.section;
  const closest = home === undefined ? closestWord(key, known) : `[${home}] ${key}`;
  return configProblem(
    'ONEBOX_CONFIG_UNKNOWN_KEY',
    origin,
    `[${section}] ${key} is not a known key and is ignored`,
    {
      section,
      key,
      allowed: closest === undefined ? undefined : `${closest}, if that was meant`,
    },
  );
}
