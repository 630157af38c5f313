import { configProblem } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { escapeIni, iniLines, splitComment } from './ini-line';

/** What stands for a placeholder: `META_PORT` for `@META_PORT@`. */
export type PlaceholderValues = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /@([A-Z][A-Z0-9_]*)@/g;

/**
 * Puts values in the place of `@NAME@`, line by line: line numbers, layout and comments stay, and comments keep their
 * placeholders. A value may not hold a line break. A placeholder without a value is an error and stays as it is.
 *
 * @param file the name that messages show
 */
export function renderTemplate(
  text: string,
  values: PlaceholderValues,
  file: string,
): { text: string; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const lines = iniLines(text).map((raw, index) => {
    const origin = { kind: 'file', file, line: index + 1 } as const;
    const { content, comment } = splitComment(raw);
    const filled = content.replace(PLACEHOLDER, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? String(values[name]) : undefined;
      if (value === undefined) {
        const known = Object.keys(values)
          .sort()
          .map((known) => `@${known}@`)
          .join(', ');
        problems.push(
          configProblem('ONEBOX_CONFIG_UNKNOWN_PLACEHOLDER', origin, `${whole} has no value`, {
            key: name,
            allowed: known,
          }),
        );
        return whole;
      }
      if (/[\r\n]/.test(value)) {
        problems.push(
          configProblem('ONEBOX_CONFIG_BAD_VALUE', origin, `the value of ${whole} has a line break`, {
            key: name,
            allowed: 'a value on one line',
          }),
        );
        return whole;
      }
      return escapeIni(value);
    });
    return filled + comment;
  });
  return { text: lines.join('\n'), problems };
}
