import { DEFAULT_CLUSTER } from '../state-directory/cluster-name';
import type { ListedDuplication } from './duplication-admin';
import type { ListedTable } from './table-admin';

/** What stands in a duplication's way on the other cluster, for programs, for people, and what to do about it. */
export interface DuplicationObstacle {
  readonly reason: 'unreachable' | 'table-exists' | 'left-over' | 'no-table' | 'too-few-servers';
  readonly message: string;
  readonly nextStep: string;
}

/** What the other cluster shows of itself to everybody. */
export interface RemoteView {
  /** The available table of the follower's name. */
  readonly table: Pick<ListedTable, 'envs'> | undefined;
  readonly aliveNodes: number;
}

/** What is duplicated. */
export interface DuplicationSource {
  readonly table: string;
  /** The cluster, as `--name` says it. */
  readonly cluster: string;
  /** The cluster, as it is called in duplication. */
  readonly ownName: string;
}

/**
 * Why a duplication does not get on; undefined when nothing is in its way. Meta servers do not tell: in DS_PREPARE the leader asks
 * for the follower with every sync and keeps the refusal to itself (reference/cluster-behaviour.md 8.2). So this compares what the
 * other cluster has with what it must have. A paused duplication waits for nobody.
 *
 * @param view undefined: no meta server of the other cluster leads, or answers
 */
export function duplicationObstacle(
  dup: ListedDuplication,
  source: DuplicationSource,
  view: RemoteView | undefined,
): DuplicationObstacle | undefined {
  const { remote, remoteTable, remoteReplicaCount, status } = dup;
  const isPreparing = status === 'DS_PREPARE';
  if (!isPreparing && status !== 'DS_LOG') return undefined;
  if (view === undefined) {
    return {
      reason: 'unreachable',
      message: `no meta server of ${remote} leads, or none answers`,
      nextStep: `Start it (\`onebox start --name ${remote}\`), or see where [pegasus.clusters] says it is.`,
    };
  }
  if (!isPreparing) return view.table === undefined ? noTable(dup) : undefined;
  if (view.table !== undefined) return inTheWay(dup, source, view.table.envs);
  if (view.aliveNodes >= remoteReplicaCount) return undefined;
  return {
    reason: 'too-few-servers',
    message: `${remote} has ${view.aliveNodes} replica servers alive, and its table '${remoteTable}' wants ${remoteReplicaCount} replicas`,
    nextStep: `Start more there, or remove this duplication and add it again with --remote-replicas ${Math.max(1, view.aliveNodes)}.`,
  };
}

/** A table that the leader did not ask for is refused as ERR_APP_EXIST; so is one that an earlier duplication had finished making. */
function inTheWay(
  { dupId, remote, remoteTable }: ListedDuplication,
  { table, cluster, ownName }: DuplicationSource,
  envs: Readonly<Record<string, string>>,
): DuplicationObstacle | undefined {
  const isOurs = envs['duplication.master_cluster'] === ownName;
  if (isOurs && envs['duplication.follower_app_status'] === 'creating') return undefined;
  const here = cluster === DEFAULT_CLUSTER ? '' : ` --name ${cluster}`;
  const other = remoteTable === `${table}_copy` ? `${table}_copy2` : `${table}_copy`;
  return {
    reason: isOurs ? 'left-over' : 'table-exists',
    message: isOurs
      ? `${remote} has a table '${remoteTable}' that is left of an earlier duplication`
      : `${remote} has a table '${remoteTable}' already, which does not follow this cluster`,
    nextStep:
      `Drop it there (\`onebox app drop ${remoteTable} --name ${remote}\`), or choose another name: ` +
      `\`onebox dup remove ${table} ${dupId}${here}\`, \`onebox dup add ${table} ${remote} --remote-table ${other}${here}\`.`,
  };
}

function noTable(dup: ListedDuplication): DuplicationObstacle {
  const { remote, remoteTable, remoteReplicaCount, partitions } = dup;
  return {
    reason: 'no-table',
    message: `${remote} has no table '${remoteTable}'`,
    nextStep: `Create it there: \`onebox app create ${remoteTable} -p ${partitions.length} -r ${remoteReplicaCount} --name ${remote}\`.`,
  };
}
