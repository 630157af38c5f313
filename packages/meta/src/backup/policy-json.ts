import { JsonFields } from '../state/json-fields';
import { DEFAULT_HISTORY_COUNT, idSet } from './policy';
import type { Backup, Policy } from './policy';
import { ANY_TIME } from './start-time';

const ALIVE = 1;
const DELETING = 2;

/** The JSON of a policy's znode, in upstream's key order (reference/cluster-behaviour.md 2.3). */
export function writePolicyJson(policy: Policy): Buffer {
  const { hour, minute } = policy.startTime;
  return Buffer.from(
    JSON.stringify({
      policy_name: policy.name,
      backup_provider_type: policy.provider,
      app_ids: policy.appIds,
      app_names: namesObject(policy.appNames),
      backup_interval_seconds: policy.intervalSeconds,
      backup_history_count_to_keep: policy.historyCountToKeep,
      is_disable: policy.disabled ? 1 : 0,
      start_time: { hour, minute },
    }),
  );
}

/** Reads a policy's znode. @throws OneboxError ONEBOX_BAD_ZNODE */
export function parsePolicyJson(path: string, name: string, data: Buffer): Policy {
  const fields = JsonFields.parse(path, data);
  if (fields.text('policy_name', name) !== name) throw fields.bad('policy_name', `the znode's name, ${name}`);
  const startTime = fields.object('start_time');
  return {
    name,
    provider: fields.text('backup_provider_type', ''),
    appIds: idSet(fields.integers('app_ids')),
    appNames: namesOf(fields),
    intervalSeconds: fields.integer('backup_interval_seconds', 0),
    historyCountToKeep: fields.integer('backup_history_count_to_keep', DEFAULT_HISTORY_COUNT),
    disabled: fields.flag('is_disable', false),
    startTime:
      startTime === undefined
        ? ANY_TIME
        : { hour: startTime.integer('hour', 0), minute: startTime.integer('minute', 0) },
  };
}

/** The JSON of a run: its znode, and the file `backup_info` in the block service. */
export function writeBackupJson(backup: Backup): Buffer {
  return Buffer.from(
    JSON.stringify({
      backup_id: backup.id,
      start_time_ms: backup.startTimeMs,
      end_time_ms: backup.endTimeMs,
      app_ids: backup.appIds,
      app_names: namesObject(backup.appNames),
      info_status: backup.status === 'alive' ? ALIVE : DELETING,
    }),
  );
}

/** Reads the znode of a run. @throws OneboxError ONEBOX_BAD_ZNODE */
export function parseBackupJson(path: string, id: number, data: Buffer): Backup {
  const fields = JsonFields.parse(path, data);
  if (fields.integer('backup_id', id) !== id) throw fields.bad('backup_id', `the znode's name, ${id}`);
  return {
    id,
    startTimeMs: fields.integer('start_time_ms', id),
    endTimeMs: fields.integer('end_time_ms', 0),
    appIds: idSet(fields.integers('app_ids')),
    appNames: namesOf(fields),
    status: fields.integer('info_status', ALIVE) === DELETING ? 'deleting' : 'alive',
  };
}

/** Keys of a JavaScript object that are integers come in ascending order, which is the order of upstream's map. */
function namesObject(names: ReadonlyMap<number, string>): Record<string, string> {
  return Object.fromEntries([...names].map(([id, name]) => [String(id), name]));
}

function namesOf(fields: JsonFields): ReadonlyMap<number, string> {
  return new Map([...fields.textMap('app_names')].map(([id, name]) => [Number(id), name]));
}
