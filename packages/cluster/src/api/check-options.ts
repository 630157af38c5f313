import { badOption } from './bad-option';

/** What a value has to be. */
export interface Rule {
  /** In words: `a text`. */
  readonly is: string;
  readonly fits: (value: unknown) => boolean;
}

/** A rule for each member of some options: one without it does not compile. */
export type Rules<O> = { readonly [K in keyof Required<O>]: Rule };

/**
 * Whether what came from JavaScript is what the types say. A member that there is not is refused, too: it may be one that is misspelt,
 * and leaving it aside would do something else than was asked for.
 *
 * @param needed members that must be there
 * @throws OneboxError ONEBOX_BAD_OPTION with the name of the member
 */
export function checkOptions<O>(
  options: unknown,
  rules: Rules<O>,
  needed: readonly (keyof O & string)[] = [],
): void {
  const known: Readonly<Record<string, Rule>> = rules;
  const names = Object.keys(known).join(', ');
  const given = options === undefined && needed.length === 0 ? {} : options;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw badOption('options', `an object with ${names} is wanted, not ${shown(options)}`);
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined) throw badOption(name, `there is no such option; there are ${names}`);
    if (value !== undefined) checkValue(name, value, rule);
  }
  for (const name of needed)
    checkValue(name, (given as Readonly<Record<string, unknown>>)[name], rules[name]);
}

/** The same for one value. @param name as the documentation calls it */
export function checkValue(name: string, value: unknown, rule: Rule): void {
  if (!rule.fits(value)) throw badOption(name, `it must be ${rule.is}, not ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date that is none';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
