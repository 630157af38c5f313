import { checkConfig } from './check-config';
import type { CheckedConfig } from './check-config';
import type { ConfigProblem } from './config-problem';
import { applyOverrides, parseOverrides, writeOverrides } from './override';
import { parseIni } from './parse-ini';
import { renderTemplate } from './placeholders';
import type { PlaceholderValues } from './placeholders';

/** One instance's `config.ini`, and what it says. */
export interface InstanceConfig extends CheckedConfig {
  readonly text: string;
}

/**
 * Renders a template into the `config.ini` of one instance: placeholders filled, `--set` overrides in place, comments
 * and layout kept. Problems name the template's lines and the overrides, so that they can be corrected where they were
 * written; with an error among them the text must not be used.
 *
 * @param template.file the name that messages show, e.g. `onebox.ini`
 * @param overrides texts of the form `section.key=value`
 */
export function renderInstanceConfig(
  template: { readonly file: string; readonly text: string },
  values: PlaceholderValues,
  overrides: readonly string[],
): InstanceConfig {
  const rendered = renderTemplate(template.text, values, template.file);
  const parsed = parseOverrides(overrides);
  const checked = checkConfig(applyOverrides(parseIni(rendered.text, template.file), parsed.overrides));
  const problems: ConfigProblem[] = [...rendered.problems, ...checked.problems, ...parsed.problems];
  return { ...checked, problems, text: writeOverrides(rendered.text, parsed.overrides) };
}
