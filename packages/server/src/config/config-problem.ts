import { OneboxError } from '@onebox/base';

/** What can be wrong with a configuration. Unknown keys and sections only warn; everything else stops a start. */
export type ConfigProblemCode =
  | 'ONEBOX_CONFIG_SYNTAX'
  | 'ONEBOX_CONFIG_DUPLICATE_KEY'
  | 'ONEBOX_CONFIG_DUPLICATE_SECTION'
  | 'ONEBOX_CONFIG_BAD_VALUE'
  | 'ONEBOX_CONFIG_BAD_OVERRIDE'
  | 'ONEBOX_CONFIG_UNKNOWN_PLACEHOLDER'
  | 'ONEBOX_CONFIG_UNKNOWN_KEY'
  | 'ONEBOX_CONFIG_UNKNOWN_SECTION';

const WARNINGS: ReadonlySet<ConfigProblemCode> = new Set([
  'ONEBOX_CONFIG_UNKNOWN_KEY',
  'ONEBOX_CONFIG_UNKNOWN_SECTION',
]);

/** Where a piece of configuration was written. */
export type ConfigOrigin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  /** An override; `text` is what stood behind `--set`. */
  | { readonly kind: 'override'; readonly text: string }
  /** Written nowhere: the code default of a flag of this file. */
  | { readonly kind: 'default'; readonly file: string };

/** One mistake in a configuration, as a value: collected, shown all together, never thrown one at a time. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  readonly severity: 'error' | 'warning';
  /** The whole sentence for people: place, key, what is wrong, what is allowed. */
  readonly message: string;
  readonly origin: ConfigOrigin;
  readonly section: string | undefined;
  readonly key: string | undefined;
  /** What would have been right, in words; undefined when there is nothing to add to the message. */
  readonly allowed: string | undefined;
}

/** The place in the form compilers use: `onebox.ini:12`, or the override itself. */
export function originText(origin: ConfigOrigin): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.file}:${origin.line}`;
    case 'override':
      return `--set ${origin.text}`;
    case 'default':
      return origin.file;
  }
}

/** Makes a problem; `what` is a clause without a full stop that names the key itself. */
export function configProblem(
  code: ConfigProblemCode,
  origin: ConfigOrigin,
  what: string,
  about: { section?: string; key?: string; allowed?: string } = {},
): ConfigProblem {
  const allowed = about.allowed === undefined ? '' : `; allowed: ${about.allowed}`;
  return {
    code,
    severity: WARNINGS.has(code) ? 'warning' : 'error',
    message: `${originText(origin)}: ${what}${allowed}`,
    origin,
    section: about.section,
    key: about.key,
    allowed: about.allowed,
  };
}

function isError(problem: ConfigProblem): boolean {
  return problem.severity === 'error';
}

/**
 * Throws when there is at least one error among the problems; warnings pass.
 *
 * @throws OneboxError ONEBOX_CONFIG_INVALID with every error's message on its own line and the problems as data.
 */
export function refuseErrors(problems: readonly ConfigProblem[]): void {
  const errors = problems.filter(isError);
  if (errors.length === 0) return;
  throw new OneboxError('ONEBOX_CONFIG_INVALID', errors.map((problem) => problem.message).join('\n'), {
    nextStep: `Correct ${errors.length === 1 ? 'this line' : `these ${errors.length} lines`} and try again.`,
    data: { problems: errors.map(({ code, message, section, key }) => ({ code, message, section, key })) },
  });
}
