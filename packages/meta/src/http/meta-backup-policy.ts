import { MultiColumnTable, badRequest, notFound, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import { startTimeText } from '../backup';
import type { ClusterView } from '../cluster-view';

/**
 * `/meta/backup_policy[?name=<policy>]`: the backup policies, by name (reference/http-api.md 3.15). One that does not exist
 * is left out.
 */
export function metaBackupPolicy(view: ClusterView, request: HttpRequest): HttpResponse {
  const policies = view.backupPolicies();
  if (policies === undefined) return notFound('cold_backup_disabled');
  if ([...request.args.keys()].some((name) => name !== 'name')) return badRequest('Invalid parameter');
  const wanted = request.args.get('name');
  const table = new MultiColumnTable('name', [
    'backup_provider_type',
    'backup_interval',
    'app_ids',
    'start_time',
    'status',
    'backup_history_count',
  ]);
  for (const policy of policies) {
    if (wanted !== undefined && policy.name !== wanted) continue;
    table.row(
      policy.name,
      policy.provider,
      policy.intervalSeconds,
      JSON.stringify(policy.appIds),
      startTimeText(policy.startTime),
      policy.disabled ? 'disabled' : 'enabled',
      policy.historyCountToKeep,
    );
  }
  return ok(table.toJson());
}
