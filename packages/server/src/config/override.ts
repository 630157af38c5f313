import { configOf } from './config';
import type { Config, ConfigEntry } from './config';
import { configProblem, originText } from './config-problem';
import type { ConfigOrigin, ConfigProblem } from './config-problem';
import { escapeIni, iniLines, readIniLine, splitComment, trimBlanks } from './ini-line';

/** One `--set section.key=value`. */
export interface Override {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly origin: ConfigOrigin;
}

/**
 * Reads the texts behind `--set`. The value is what follows the first `=`; the key is what follows the last dot before
 * it, because section names contain dots (`task..default.rpc_timeout_milliseconds=5000`).
 */
export function parseOverrides(texts: readonly string[]): {
  overrides: Override[];
  problems: ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  const overrides = new Map<string, Override>();
  for (const text of texts) {
    const override = parseOverride(text);
    if (override === undefined) {
      problems.push(
        configProblem(
          'ONEBOX_CONFIG_BAD_OVERRIDE',
          { kind: 'override', text },
          `'${text}' is not an override`,
          {
            allowed: 'section.key=value on one line, for example replication.config_sync_interval_ms=3000',
          },
        ),
      );
      continue;
    }
    const name = `[${override.section}] ${override.key}`;
    const first = overrides.get(name);
    if (first === undefined) {
      overrides.set(name, override);
      continue;
    }
    problems.push(
      configProblem(
        'ONEBOX_CONFIG_DUPLICATE_KEY',
        override.origin,
        `${name} is already set by ${originText(first.origin)}`,
        { section: override.section, key: override.key, allowed: 'each key once' },
      ),
    );
  }
  return { overrides: [...overrides.values()], problems };
}

function parseOverride(text: string): Override | undefined {
  const equals = text.indexOf('=');
  const dot = text.lastIndexOf('.', equals);
  if (equals < 0 || dot < 0 || /[\r\n]/.test(text)) return undefined;
  const section = trimBlanks(text.slice(0, dot));
  const key = trimBlanks(text.slice(dot + 1, equals));
  if (section === '' || key === '' || /[[\];#]/.test(section + key)) return undefined;
  return { section, key, value: trimBlanks(text.slice(equals + 1)), origin: { kind: 'override', text } };
}

/** The configuration with the overrides in force; each overridden entry remembers that it came from one. */
export function applyOverrides(config: Config, overrides: readonly Override[]): Config {
  const sections = new Map<string, Map<string, ConfigEntry>>();
  for (const [name, entries] of config.sections) sections.set(name, new Map(entries));
  const origins = new Map(config.sectionOrigins);
  for (const { section, key, value, origin } of overrides) {
    const entries = sections.get(section) ?? new Map<string, ConfigEntry>();
    sections.set(section, entries.set(key, { key, value, origin }));
    if (!origins.has(section)) origins.set(section, origin);
  }
  return configOf(config.file, sections, origins, config.problems);
}

/**
 * The text of a configuration with the overrides in place: a line is replaced behind its `=` and keeps its comment, a
 * new key goes below the last key of its section, a new section to the end.
 */
export function writeOverrides(text: string, overrides: readonly Override[]): string {
  let lines = iniLines(text);
  for (const override of overrides) lines = writeOverride(lines, override);
  return lines.join('\n');
}

function writeOverride(lines: readonly string[], { section, key, value }: Override): string[] {
  let current: string | undefined;
  let lastOfSection: number | undefined;
  for (const [at, raw] of lines.entries()) {
    const line = readIniLine(raw);
    if (line.kind === 'section') current = line.name;
    if (current !== section || line.kind === 'blank') continue;
    if (line.kind === 'entry' && line.key === key) return lines.with(at, replaceValue(raw, value));
    lastOfSection = at;
  }
  const added = `${key} = ${escapeIni(value)}`;
  if (lastOfSection === undefined) {
    const end = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    return [...end, '', `[${section}]`, added, ''];
  }
  const indent = /^[ \t]*/.exec(lines[lastOfSection] ?? '')?.[0] ?? '';
  return lines.toSpliced(lastOfSection + 1, 0, indent + added);
}

function replaceValue(raw: string, value: string): string {
  const { content, comment } = splitComment(raw);
  const head = content.slice(0, content.indexOf('=') + 1);
  const tail = comment !== '' ? ` ${comment}` : raw.endsWith('\r') ? '\r' : '';
  return `${head} ${escapeIni(value)}${tail}`;
}
