import { INVALID_REQUEST_STRUCTURE, badRequest, decodeBodyFields } from '@onebox/server';
import type { BodyFields, HttpRequest, HttpResponse } from '@onebox/server';
import { compactionEnvs } from '../compaction';
import type { CompactionRequest } from '../compaction';
import { envsWritten } from './env-writer';
import type { EnvWriter } from './env-writer';

const FIELDS = {
  app_name: 'string',
  type: 'string',
  target_level: 'int32',
  bottommost_level_compaction: 'string',
  max_concurrent_running_count: 'int32',
  trigger_time: 'string',
} as const;

/**
 * `/meta/app/start_compaction`: sets the envs that make replica servers compact a table (reference/http-api.md 3.19, whose
 * order and spelling the checks have). Integers that are left out are random upstream; here they are -1 and 0.
 *
 * @param nowSecond unix seconds: when a compaction that runs once is asked for, whatever the request says
 */
export function metaStartCompaction(
  write: EnvWriter,
  nowSecond: () => number,
  request: HttpRequest,
): HttpResponse {
  const fields = decodeBodyFields(request.body, FIELDS);
  if (fields === undefined) return badRequest(INVALID_REQUEST_STRUCTURE);
  const compaction = readCompaction(fields, nowSecond);
  if (typeof compaction === 'string') return badRequest(compaction);
  return envsWritten(write(fields.app_name, compactionEnvs(compaction)));
}

function readCompaction(
  fields: BodyFields<typeof FIELDS>,
  nowSecond: () => number,
): CompactionRequest | string {
  const { type, bottommost_level_compaction: bottommost, trigger_time: triggerTime } = fields;
  const targetLevel = fields.target_level ?? -1;
  const maxRunningCount = fields.max_concurrent_running_count ?? 0;
  if (fields.app_name === '') return 'app_name should not be empty';
  if (type !== 'once' && type !== 'periodic') return "type should ony be 'once' or 'periodic'";
  if (targetLevel < -1) return 'target_level should be >= -1';
  if (bottommost !== 'skip' && bottommost !== 'force')
    return "bottommost_level_compaction should ony be 'skip' or 'force'";
  if (maxRunningCount < 0) return 'max_running_count should be >= 0';
  if (type === 'periodic' && triggerTime === '')
    return 'trigger_time should not be empty when type is periodic';
  return {
    type,
    targetLevel,
    bottommost,
    maxRunningCount,
    triggerTime: type === 'once' ? String(nowSecond()) : triggerTime,
  };
}
