import type { ErrorCode } from '@onebox/base';
import { AppStatus, PatternMatchType, configurationListAppsResponse, make } from '@onebox/protocol';
import type { ConfigurationListAppsRequest, ConfigurationListAppsResponse } from '@onebox/protocol';
import type { ClusterView } from '../cluster-view';
import { toAppInfo } from './app-info';

/**
 * Answers RPC_CM_LIST_APPS: tables in id order, all statuses for AS_INVALID, filtered by name when a pattern and a kind
 * of match are both given. A kind the servers do not know is ERR_NOT_IMPLEMENTED with a hint (rpc-protocol.md 4.3).
 */
export function listApps(
  view: ClusterView,
  request: ConfigurationListAppsRequest,
): ConfigurationListAppsResponse {
  const { status, app_name_pattern: pattern, match_type: matchType } = request;
  const tables = view.tables();
  const filters = pattern !== undefined && matchType !== undefined;
  const matches = filters ? nameMatcher(pattern, matchType) : () => true;
  // As upstream: the kind of match only matters once there is a name to compare.
  if (matches === undefined && tables.length > 0)
    return answer('ERR_NOT_IMPLEMENTED', {
      hint_message: unsupportedMatch(matchType ?? PatternMatchType.PMT_INVALID),
    });
  const chosen = tables
    .map(({ info }) => info)
    .filter((info) => matches?.(info.appName) ?? true)
    .filter((info) => status === AppStatus.AS_INVALID || status === AppStatus[info.status]);
  return answer('ERR_OK', {
    infos: chosen.map((info) => ({
      ...toAppInfo(info),
      // Stored as -1 for default tables, which tools cannot use.
      init_partition_count: info.initPartitionCount < 0 ? info.partitionCount : info.initPartitionCount,
    })),
  });
}

function answer(err: ErrorCode, more: Partial<ConfigurationListAppsResponse>): ConfigurationListAppsResponse {
  return make(configurationListAppsResponse, { err, ...more });
}

/** Whether a table's name is asked for; undefined for a kind of match that servers do not know. */
export function nameMatcher(
  pattern: string,
  type: PatternMatchType,
): ((name: string) => boolean) | undefined {
  switch (type) {
    case PatternMatchType.PMT_MATCH_ALL:
      return () => true;
    case PatternMatchType.PMT_MATCH_EXACT:
      return (name) => name === pattern;
    case PatternMatchType.PMT_MATCH_ANYWHERE:
      return (name) => name.includes(pattern);
    case PatternMatchType.PMT_MATCH_PREFIX:
      return (name) => name.startsWith(pattern);
    case PatternMatchType.PMT_MATCH_POSTFIX:
      return (name) => name.endsWith(pattern);
    case PatternMatchType.PMT_INVALID:
    case PatternMatchType.PMT_MATCH_REGEX:
      return undefined;
  }
}

/** The hint of the ERR_NOT_IMPLEMENTED for such a kind. */
export function unsupportedMatch(type: PatternMatchType): string {
  const word = type === PatternMatchType.PMT_MATCH_REGEX ? 'regex' : 'invalid';
  return `match_type is not supported: val=${type}, str=${word}`;
}
