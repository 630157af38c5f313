import type { ErrorCode } from '@onebox/base';

/** The envs by which a table knows that it follows one of another cluster (reference/cluster-behaviour.md 7.4). */
export const MASTER_CLUSTER = 'duplication.master_cluster';
export const MASTER_METAS = 'duplication.master_metas';
export const MASTER_APP_NAME = 'duplication.master_app_name';
export const FOLLOWER_APP_STATUS = 'duplication.follower_app_status';

/** The leading cluster asks for its follower again and again, and marks it when it has seen that it is there. */
export type FollowerStatus = 'creating' | 'created';

type Envs = ReadonlyMap<string, string>;

/** Whether a create_app comes from a cluster that duplicates to this one. */
export function isFollowerRequest(envs: Envs): boolean {
  return envs.has(MASTER_CLUSTER);
}

/**
 * What a repeated create_app of a leading cluster does to the follower that exists: nothing, which is fine; the envs it has
 * afterwards; or an error. Without this a leading cluster whose first answer was lost could never go on.
 */
export function judgeFollowerRequest(mine: Envs, asked: Envs): ErrorCode | Envs {
  if (mine.get(MASTER_CLUSTER) !== asked.get(MASTER_CLUSTER)) return 'ERR_APP_EXIST';
  const [from, to] = [mine.get(FOLLOWER_APP_STATUS), asked.get(FOLLOWER_APP_STATUS)];
  // Clusters before 2.6 do not say.
  if (to === undefined) return 'ERR_APP_EXIST';
  if (from === undefined) return 'ERR_INVALID_STATE';
  if (!isFollowerStatus(from) || !isFollowerStatus(to)) return 'ERR_INVALID_PARAMETERS';
  if (from === to) return 'ERR_OK';
  return from === 'created' ? 'ERR_APP_EXIST' : new Map(mine).set(FOLLOWER_APP_STATUS, to);
}

function isFollowerStatus(text: string): text is FollowerStatus {
  return text === 'creating' || text === 'created';
}
