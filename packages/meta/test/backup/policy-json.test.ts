import type { Backup } from '../../src/backup/policy';
import {
  parseBackupJson,
  parsePolicyJson,
  writeBackupJson,
  writePolicyJson,
} from '../../src/backup/policy-json';
import { EVERY_DAY } from '../http-fixture';

// The texts are those of reference/cluster-behaviour.md 2.3.
const POLICY =
  '{"policy_name":"p","backup_provider_type":"local_service","app_ids":[1],"app_names":{"1":"stat"},"backup_interval_seconds":86400,"backup_history_count_to_keep":6,"is_disable":0,"start_time":{"hour":24,"minute":0}}';
const BACKUP =
  '{"backup_id":1767225600000,"start_time_ms":1767225600000,"end_time_ms":0,"app_ids":[1],"app_names":{"1":"stat"},"info_status":1}';

test('a policy is stored as upstream stores it', () => {
  const policy = parsePolicyJson('/p', 'p', Buffer.from(POLICY));
  expect(policy).toEqual({
    ...EVERY_DAY,
    name: 'p',
    appIds: [1],
    appNames: new Map([[1, 'stat']]),
    historyCountToKeep: 6,
  });
  expect(writePolicyJson(policy).toString()).toBe(POLICY);
  expect(writePolicyJson({ ...policy, disabled: true }).toString()).toContain('"is_disable":1,');
});

test('a run is stored as upstream stores it', () => {
  const backup: Backup = parseBackupJson('/b', 1767225600000, Buffer.from(BACKUP));
  expect(backup).toMatchObject({
    id: 1767225600000,
    startTimeMs: 1767225600000,
    endTimeMs: 0,
    status: 'alive',
  });
  expect(writeBackupJson(backup).toString()).toBe(BACKUP);
  const deleting = writeBackupJson({ ...backup, status: 'deleting' });
  expect(parseBackupJson('/b', backup.id, deleting).status).toBe('deleting');
});

test('missing members take their defaults', () => {
  expect(parsePolicyJson('/p', 'p', Buffer.from('{}'))).toEqual({
    name: 'p',
    provider: '',
    appIds: [],
    appNames: new Map(),
    intervalSeconds: 0,
    historyCountToKeep: 6,
    disabled: false,
    startTime: { hour: 24, minute: 0 },
  });
});

test.each([
  ['nothing', ''],
  ['another policy', '{"policy_name":"q"}'],
  ['ids that are texts', '{"app_ids":["1"]}'],
  ['a start time that is a text', '{"start_time":"02:00"}'],
  ['an hour that is a text', '{"start_time":{"hour":"2"}}'],
])('%s is not understood', (_what, text) => {
  expect(() => parsePolicyJson('/p', 'p', Buffer.from(text))).toThrow(
    expect.objectContaining({ code: 'ONEBOX_BAD_ZNODE' }) as Error,
  );
});

test('the run of another id is not understood', () => {
  expect(() => parseBackupJson('/b', 5, Buffer.from(BACKUP))).toThrow(
    expect.objectContaining({ code: 'ONEBOX_BAD_ZNODE' }) as Error,
  );
});
