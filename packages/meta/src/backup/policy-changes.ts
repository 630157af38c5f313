import type {
  ConfigurationAddBackupPolicyRequest,
  ConfigurationModifyBackupPolicyRequest,
} from '@onebox/protocol';
import type { HintedAnswer } from '../tables/hinted-answer';
import { DEFAULT_HISTORY_COUNT, idSet } from './policy';
import type { Policy } from './policy';
import { ANY_TIME, parseStartTime } from './start-time';

/** What the checks of a policy need to know of the cluster. */
export interface PolicyGround {
  /** `cold_backup_checkpoint_reserve_minutes`. */
  readonly checkpointReserveMinutes: number;
  /** The name of a table, a dropped one too; undefined when there is none. */
  tableName(appId: number): string | undefined;
  hasPolicy(name: string): boolean;
  hasProvider(name: string): boolean;
}

const LEAST_INTERVAL_SECONDS = 86_400;

function intervalProblem(seconds: number, { checkpointReserveMinutes }: PolicyGround): string | undefined {
  if (seconds <= checkpointReserveMinutes * 60) {
    return `backup interval must be larger than cold_backup_checkpoint_reserve_minutes=${checkpointReserveMinutes}`;
  }
  return seconds < LEAST_INTERVAL_SECONDS ? 'backup interval must be >= 86400 (1 day)' : undefined;
}

function nameProblem(name: string, ground: PolicyGround): string | undefined {
  if (name.includes('backup_info')) return 'policy name is reserved';
  // The name becomes the label of a metric, and part of metric names.
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    return "policy name should match regex '[a-zA-Z_:][a-zA-Z0-9_:]*' when act as a metric name in prometheus";
  }
  // Prometheus keeps labels that begin with two underscores for itself.
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.startsWith('__')) {
    return "policy name should match regex '[a-zA-Z_][a-zA-Z0-9_]*' when act as a metric label in prometheus";
  }
  return ground.hasPolicy(name) ? 'policy name is already exist' : undefined;
}

/** A new policy, or why not: the checks in the order of reference/cluster-behaviour.md 10.3. */
export function newPolicy(
  request: ConfigurationAddBackupPolicyRequest,
  ground: PolicyGround,
): { readonly policy: Policy } | { readonly refusal: HintedAnswer } {
  const refuse = (hint: string): { refusal: HintedAnswer } => ({
    refusal: { error: 'ERR_INVALID_PARAMETERS', hint },
  });
  const interval = intervalProblem(request.backup_interval_seconds, ground);
  if (interval !== undefined) return refuse(interval);
  const appNames = new Map<number, string>();
  for (const appId of request.app_ids) {
    const name = ground.tableName(appId);
    if (name === undefined) return refuse(`invalid app ${appId}`);
    appNames.set(appId, name);
  }
  const naming = nameProblem(request.policy_name, ground);
  if (naming !== undefined) return refuse(`invalid policy name: '${request.policy_name}', ${naming}`);
  if (!ground.hasProvider(request.backup_provider_type)) {
    return refuse(`invalid backup_provider_type: ${request.backup_provider_type}`);
  }
  const { backup_history_count_to_keep: historyCount } = request;
  return {
    policy: {
      name: request.policy_name,
      provider: request.backup_provider_type,
      appIds: idSet(request.app_ids),
      appNames,
      intervalSeconds: request.backup_interval_seconds,
      historyCountToKeep: historyCount > 0 ? historyCount : DEFAULT_HISTORY_COUNT,
      disabled: false,
      startTime: parseStartTime(request.start_time) ?? ANY_TIME,
    },
  };
}

export interface PolicyChange extends HintedAnswer {
  /** The policy as it shall be stored; undefined when nothing changes. */
  readonly changed: Policy | undefined;
}

/**
 * What a modification makes of a policy. As upstream, what is wrong (unknown tables, too short an interval, no time) is left
 * out and the rest is done, even when disabling is refused.
 *
 * @param running whether a backup of it is under way
 */
export function modifiedPolicy(
  policy: Policy,
  request: ConfigurationModifyBackupPolicyRequest,
  ground: PolicyGround,
  running: boolean,
): PolicyChange {
  let next = policy;
  let changed = false;
  const change = (part: Partial<Policy>): void => {
    next = { ...next, ...part };
    changed = true;
  };
  const { answer, disabled } = enablement(policy, request, running);
  if (disabled !== undefined) change({ disabled });
  for (const appId of request.add_appids ?? []) {
    const name = ground.tableName(appId);
    if (name === undefined) continue;
    const appNames = next.appNames.has(appId) ? next.appNames : new Map(next.appNames).set(appId, name);
    change({ appIds: idSet([...next.appIds, appId]), appNames });
  }
  for (const removed of request.removal_appids ?? []) {
    if (removed > 0) change({ appIds: next.appIds.filter((appId) => appId !== removed) });
  }
  const { new_backup_interval_sec: intervalSeconds, backup_history_count_to_keep: historyCount } = request;
  if (intervalSeconds !== undefined && intervalProblem(intervalSeconds, ground) === undefined) {
    change({ intervalSeconds });
  }
  if (historyCount !== undefined && historyCount > 0) change({ historyCountToKeep: historyCount });
  const startTime = request.start_time === undefined ? undefined : parseStartTime(request.start_time);
  if (startTime !== undefined) change({ startTime });
  return { ...answer, changed: changed ? next : undefined };
}

/** What `is_disable` of a modification means; `disabled` is the new value, when there is one. */
function enablement(
  policy: Policy,
  { is_disable: wanted, force_disable: force }: ConfigurationModifyBackupPolicyRequest,
  running: boolean,
): { readonly answer: HintedAnswer; readonly disabled?: boolean } {
  const done: HintedAnswer = { error: 'ERR_OK', hint: '' };
  if (wanted === undefined) return { answer: done };
  if (!wanted) {
    return policy.disabled
      ? { answer: done, disabled: false }
      : { answer: { error: 'ERR_OK', hint: 'policy is already enabled' } };
  }
  if (running && force !== true) return { answer: { error: 'ERR_BUSY', hint: '' } };
  return running || !policy.disabled ? { answer: done, disabled: true } : { answer: done };
}
