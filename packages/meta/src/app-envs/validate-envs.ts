import type { ProfileVariants } from '@onebox/server';
import { ENVS_CHECKED_AT_CREATION, ENV_RULES } from './env-rules';
import type { EnvRule } from './env-rules';
import { parseEnvInteger } from './env-integer';

/** What generations check differently (reference/http-api.md 3.19, 3.23, cluster-behaviour.md 7.4). */
export type EnvChecks = Pick<ProfileVariants, 'envHints' | 'uncheckedEnvs' | 'unsupportedEnvs'>;

const MASTER: EnvChecks = { envHints: 'master', uncheckedEnvs: [], unsupportedEnvs: [] };

/** Checks one env. @returns upstream's hint when it is refused, or undefined when it is not. */
export function validateEnv(key: string, value: string, checks: EnvChecks = MASTER): string | undefined {
  const rule = checks.unsupportedEnvs.includes(key) ? undefined : ENV_RULES.get(key);
  const older = checks.envHints === 'older';
  if (rule === undefined) return `app_env ${older ? `"${key}"` : `'${key}'`} is not supported`;
  if (checks.uncheckedEnvs.some((beginning) => key.startsWith(beginning))) return undefined;
  const hint = refusal(rule, value);
  return hint !== undefined && older ? (olderHint(key, rule, value) ?? hint) : hint;
}

function refusal(rule: EnvRule, value: string): string | undefined {
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

/** The words of 2.4 and 2.5, where the reference knows them. */
function olderHint(key: string, rule: EnvRule, value: string): string | undefined {
  if (rule.type === 'bool') return `invalid string ${value}, should be "true" or "false"`;
  return key === 'replica.slow_query_threshold' ? 'Slow query threshold must be >= 20ms' : undefined;
}

/** Checks pairs in the order given. @returns the hint of the first refused one, or undefined when all are fine. */
export function validateEnvs(
  pairs: Iterable<readonly [key: string, value: string]>,
  checks: EnvChecks = MASTER,
): string | undefined {
  for (const [key, value] of pairs) {
    const hint = validateEnv(key, value, checks);
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
