import { checkConfig, inFileOrder } from './check-config';
import type { CheckedConfig } from './check-config';
import { configProblem, originText } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { splitList } from './list-value';
import { applyOverrides, parseOverrides, writeOverrides } from './override';
import { parseIni } from './parse-ini';
import { renderTemplate } from './placeholders';
import type { PlaceholderValues } from './placeholders';

/** One instance's `config.ini`, and what it says. */
export interface InstanceConfig extends CheckedConfig {
  readonly text: string;
}

/** What is decided when a cluster is created: a template and `--set` can only repeat it. */
const DECIDED_KEYS = [
  ['onebox', 'cluster_name', 'CLUSTER_NAME'],
  ['onebox', 'instance', 'INSTANCE'],
  ['onebox', 'meta_count', 'META_COUNT'],
  ['onebox', 'replica_count', 'REPLICA_COUNT'],
  ['meta_server', 'server_list', 'META_SERVER_LIST'],
] as const;

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
  const unfilled = new Set(rendered.problems.map(({ origin }) => originText(origin)));
  const problems = inFileOrder([
    ...rendered.problems,
    // What is wrong with a line whose placeholder has no value is told once.
    ...checked.problems.filter(({ origin }) => !unfilled.has(originText(origin))),
    ...contradictions(checked, values),
    ...parsed.problems,
  ]);
  return { ...checked, problems, text: writeOverrides(rendered.text, parsed.overrides) };
}

function contradictions({ config, problems }: CheckedConfig, values: PlaceholderValues): ConfigProblem[] {
  return DECIDED_KEYS.flatMap(([section, key, placeholder]) => {
    const entry = config.entry(section, key);
    const decided = values[placeholder];
    const told = problems.some((problem) => problem.section === section && problem.key === key);
    if (entry === undefined || decided === undefined || told) return [];
    if (splitList(entry.value).join() === splitList(String(decided)).join()) return [];
    return configProblem(
      'ONEBOX_CONFIG_BAD_VALUE',
      entry.origin,
      `[${section}] ${key} = ${entry.value} is not what this cluster has`,
      { section, key, allowed: `${decided}, or @${placeholder}@ in the template` },
    );
  });
}
