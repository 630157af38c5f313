import { ENVS_CHECKED_AT_CREATION, ENV_RULES } from './env-rules';
import { parseEnvInteger } from './env-integer';

/** Checks one env. @returns upstream's hint when it is refused, or undefined when it is not. */
export function validateEnv(key: string, value: string): string | undefined {
  const rule = ENV_RULES.get(key);
  if (rule === undefined) return `app_env '${key}' is not supported`;
  switch (rule.type) {
    case 'bool':
      return /^(true|false)$/i.test(value) ? undefined : `invalid value '${value}', should be a boolean`;
    case 'int32':
    case 'int64': {
      const parsed = parseEnvInteger(rule.type, value);
      if (parsed === undefined) {
        return `invalid value '${value}', should be an ${rule.type === 'int32' ? 32 : 64} bits integer`;
      }
      return rule.accepts(parsed) ? undefined : `invalid value '${value}', should be '${rule.limit}'`;
    }
    case 'text':
      return rule.check(value);
  }
}

/** Checks pairs in the order given. @returns the hint of the first refused one, or undefined when all are fine. */
export function validateEnvs(pairs: Iterable<readonly [key: string, value: string]>): string | undefined {
  for (const [key, value] of pairs) {
    const hint = validateEnv(key, value);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** Checks the envs of a create_app request, which upstream answers without a hint; the text is for the log. */
export function validateEnvsAtCreation(
  envs: Iterable<readonly [key: string, value: string]>,
): string | undefined {
  return validateEnvs([...envs].filter(([key]) => ENVS_CHECKED_AT_CREATION.includes(key)));
}
