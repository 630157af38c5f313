import type { ConfigOrigin, ConfigProblem } from './config-problem';

/** One `key = value` of an ini file or of an override. */
export interface ConfigEntry {
  readonly key: string;
  /** Trimmed; comments removed, `^;` and `^#` resolved. */
  readonly value: string;
  readonly origin: ConfigOrigin;
}

/** A read configuration, before any meaning is given to its values. */
export interface Config {
  /** The name that messages show. */
  readonly file: string;
  /** In the order of the file. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>;
  /** Where each section was opened. */
  readonly sectionOrigins: ReadonlyMap<string, ConfigOrigin>;
  /** What was wrong with the text itself: syntax and duplicates. */
  readonly problems: readonly ConfigProblem[];
  entry(section: string, key: string): ConfigEntry | undefined;
  /** The value of a key; undefined when it is not written. */
  text(section: string, key: string): string | undefined;
  /** The sections whose name starts with `prefix`, sorted by name (byte order), as upstream enumerates them. */
  sectionNames(prefix: string): string[];
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>;

/** A {@link Config} over sections that were read somewhere. */
export function configOf(
  file: string,
  sections: Sections,
  sectionOrigins: ReadonlyMap<string, ConfigOrigin>,
  problems: readonly ConfigProblem[],
): Config {
  const entry = (section: string, key: string) => sections.get(section)?.get(key);
  return {
    file,
    sections,
    sectionOrigins,
    problems,
    entry,
    text: (section, key) => entry(section, key)?.value,
    sectionNames: (prefix) =>
      [...sections.keys()]
        .filter((name) => name.startsWith(prefix))
        .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  };
}
