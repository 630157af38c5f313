import { INVALID_REQUEST_STRUCTURE, badRequest, decodeBodyFields } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import { envsWritten } from './env-writer';
import type { EnvWriter } from './env-writer';

const FIELDS = { app_name: 'string', scenario: 'string' } as const;

/** The env itself also knows `prefer_write`; this call refuses it. */
const SCENARIOS: readonly string[] = ['bulk_load', 'normal'];

/** `/meta/app/usage_scenario`: sets the env `rocksdb.usage_scenario` (reference/http-api.md 3.20). */
export function metaUsageScenario(write: EnvWriter, request: HttpRequest): HttpResponse {
  const fields = decodeBodyFields(request.body, FIELDS);
  if (fields === undefined) return badRequest(INVALID_REQUEST_STRUCTURE);
  if (fields.app_name === '') return badRequest('app_name should not be empty');
  if (!SCENARIOS.includes(fields.scenario))
    return badRequest("scenario should ony be 'normal' or 'bulk_load'");
  return envsWritten(write(fields.app_name, new Map([['rocksdb.usage_scenario', fields.scenario]])));
}
