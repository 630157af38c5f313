import { dumpSorted, ok } from '@onebox/server';
import type { HttpResponse } from '@onebox/server';
import { ENV_RULES } from '../app-envs';
import type { EnvRule } from '../app-envs';

/** Upstream calls its integers unsigned, although it reads signed ones. */
const TYPE_NAMES: Readonly<Record<EnvRule['type'], string>> = {
  bool: 'bool',
  int32: 'unsigned int32',
  int64: 'unsigned int64',
  text: 'string',
};

/**
 * `/envs/list`: the table envs a client can set. Every meta answers it itself, with or without a leader, and ignores all
 * parameters (reference/http-api.md 3.23).
 */
export function envsList(): HttpResponse {
  const envs = [...ENV_RULES].map(([name, { type, limit, sample }]) => {
    const env = { limitation: limit, sample, type: TYPE_NAMES[type] };
    return [name, env] as const;
  });
  return ok(dumpSorted(Object.fromEntries(envs), 2));
}
