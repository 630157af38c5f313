import { configOf } from './config';
import type { Config, ConfigEntry } from './config';
import { configProblem, originText } from './config-problem';
import type { ConfigOrigin, ConfigProblem } from './config-problem';
import { iniLines, readIniLine } from './ini-line';

/**
 * Reads a configuration in Pegasus' ini dialect. Never throws: what is wrong with the text is in `problems`, and
 * the rest is read as far as it goes. A section (as upstream) or a key that appears twice is an error; the first key counts.
 *
 * @param file the name that messages show
 */
export function parseIni(text: string, file: string): Config {
  const reader = new IniReader();
  iniLines(text).forEach((line, index) => reader.read(line, { kind: 'file', file, line: index + 1 }));
  return configOf(file, reader.sections, reader.sectionOrigins, reader.problems);
}

class IniReader {
  readonly sections = new Map<string, Map<string, ConfigEntry>>();
  readonly sectionOrigins = new Map<string, ConfigOrigin>();
  readonly problems: ConfigProblem[] = [];
  private place: { in: 'section'; name: string } | { in: 'nothing' } | { in: 'broken section' } = {
    in: 'nothing',
  };

  read(raw: string, origin: ConfigOrigin): void {
    const line = readIniLine(raw);
    switch (line.kind) {
      case 'blank':
        return;
      case 'section':
        return this.open(line.name, origin);
      case 'entry':
        return this.add({ key: line.key, value: line.value, origin });
      case 'mistake':
        if (line.header) this.place = { in: 'broken section' };
        this.problems.push(
          configProblem('ONEBOX_CONFIG_SYNTAX', origin, line.what, { allowed: line.allowed }),
        );
    }
  }

  private open(name: string, origin: ConfigOrigin): void {
    this.place = { in: 'section', name };
    const first = this.sectionOrigins.get(name);
    if (first === undefined) {
      this.sections.set(name, new Map());
      this.sectionOrigins.set(name, origin);
      return;
    }
    this.problems.push(
      configProblem(
        'ONEBOX_CONFIG_DUPLICATE_SECTION',
        origin,
        `[${name}] is already at ${originText(first)}`,
        {
          section: name,
          allowed: 'each section once',
        },
      ),
    );
  }

  private add(entry: ConfigEntry): void {
    // Behind a broken header a key belongs nowhere, and one message is enough.
    if (this.place.in === 'broken section') return;
    if (this.place.in === 'nothing') {
      this.problems.push(
        configProblem('ONEBOX_CONFIG_SYNTAX', entry.origin, `${entry.key} stands before the first section`, {
          key: entry.key,
          allowed: 'keys below a [section]',
        }),
      );
      return;
    }
    const { name } = this.place;
    const first = this.sections.get(name)?.get(entry.key);
    if (first === undefined) {
      this.sections.get(name)?.set(entry.key, entry);
      return;
    }
    this.problems.push(
      configProblem(
        'ONEBOX_CONFIG_DUPLICATE_KEY',
        entry.origin,
        `[${name}] ${entry.key} is already set at ${originText(first.origin)}`,
        { section: name, key: entry.key, allowed: 'each key once in its section' },
      ),
    );
  }
}
