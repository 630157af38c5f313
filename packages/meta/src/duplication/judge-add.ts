import type { ErrorCode } from '@onebox/base';
import type { DuplicationClusters } from '@onebox/server';
import type { TableInfo } from '../state/table';
import type { DuplicationInfo } from './duplication';

export interface AddRequest {
  readonly appName: string;
  readonly remote: string;
  /** The table's own name unless it is said. */
  readonly remoteAppName: string;
  /** 0: as many as the table has. */
  readonly remoteReplicaCount: number;
  readonly withCheckpoint: boolean;
}

/** What adding a duplication looks at besides its request. */
export interface AddSurroundings {
  /** This cluster's name in duplication. */
  readonly ownName: string;
  readonly clusters: DuplicationClusters;
  /** `dup_ignore_other_cluster_ids`: clusters need no id. */
  readonly ignoresIds: boolean;
  /** The table that owns the name. */
  readonly table: Pick<TableInfo, 'status'> | undefined;
}

export interface Refusal {
  readonly error: ErrorCode;
  readonly hint: string;
}

/** Why no duplication may be added, in the order of upstream's checks and in its words (reference/cluster-behaviour.md 8.1). */
export function judgeAdd(request: AddRequest, around: AddSurroundings): Refusal | undefined {
  const { remote, appName, remoteReplicaCount } = request;
  const invalid = (hint: string): Refusal => ({ error: 'ERR_INVALID_PARAMETERS', hint });
  if (remote === around.ownName) return invalid('illegal operation: adding duplication to itself');
  const idProblem = around.ignoresIds ? undefined : clusterIdProblem(around.clusters, remote);
  if (idProblem !== undefined)
    return invalid(`get_duplication_cluster_id(${remote}) failed, error: ${idProblem}`);
  if (!around.clusters.metas.has(remote))
    return invalid(`failed to find cluster[${remote}] address in config [pegasus.clusters]`);
  if (remoteReplicaCount < 0)
    return invalid(`invalid remote_replica_count(${remoteReplicaCount}) which should never be negative`);
  if (around.table === undefined) return { error: 'ERR_APP_NOT_EXIST', hint: `app ${appName} was not found` };
  if (around.table.status !== 'AS_AVAILABLE') {
    const status = `app_status::${around.table.status}`;
    return {
      error: 'ERR_APP_NOT_EXIST',
      hint: `app status was not AS_AVAILABLE: name=${appName}, status=${status}`,
    };
  }
  return undefined;
}

function clusterIdProblem({ ids }: DuplicationClusters, remote: string): string | undefined {
  if (remote === '') return 'ERR_INVALID_PARAMETERS: cluster_name is empty';
  if (ids.size === 0) return 'ERR_OBJECT_NOT_FOUND: `duplication-group` is not configured';
  return ids.has(remote) ? undefined : `ERR_OBJECT_NOT_FOUND: failed to get cluster id for ${remote}`;
}

/** One table of the other cluster is fed by one table of this one. */
export function judgeSharedTarget(
  { remote, remoteAppName }: Pick<AddRequest, 'remote' | 'remoteAppName'>,
  others: Iterable<{ readonly appName: string; readonly infos: readonly DuplicationInfo[] }>,
): Refusal | undefined {
  for (const { appName, infos } of others) {
    if (!infos.some((info) => info.remote === remote && info.remoteAppName === remoteAppName)) continue;
    return {
      error: 'ERR_INVALID_PARAMETERS',
      hint:
        `illegal operation: another app(${appName}) is also duplicated to the same remote app` +
        `(cluster=${remote}, app=${remoteAppName})`,
    };
  }
  return undefined;
}
