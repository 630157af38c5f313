import type { Node } from '@onebox/base';
import { roleOf } from '../partition/membership';
import type { Membership } from '../partition/membership';
import { refusalOf } from '../partition/replica-status';
import type { Standing } from '../partition/replica-status';

/** What a replica knows when it reads its configuration in a config-sync answer. */
export interface SyncGround {
  readonly self: Node;
  readonly standing: Standing;
  /** It was not yet seen in another role than primary by a config-sync of this process (4.6). */
  readonly initializing: boolean;
  /** It waits for the meta server's answer to a change of its own. */
  readonly reconfiguring: boolean;
}

export type SyncDecision =
  /** The answer is older than what this replica knows. */
  | 'outdated'
  | 'keep'
  | 'adopt'
  /** Primary before and after a restart: the ballot is moved, so that nothing from before counts any more (4.6). */
  | 'force-ballot'
  /** It cannot be what the configuration says: ask to be removed. */
  | 'leave'
  /** The same, but there is a primary whose task that is. */
  | 'wait-for-removal';

/** What a configuration in a config-sync answer means for the replica it is about (reference/cluster-behaviour.md 3.5, 4.6). */
export function decideOnSync(ground: SyncGround, membership: Membership): SyncDecision {
  const { self, standing, initializing, reconfiguring } = ground;
  if (membership.ballot < standing.ballot) return 'outdated';
  if (reconfiguring) return 'keep';
  const status = roleOf(membership, self);
  // A primary holds the truth about its group; only the meta server's own changes, such as max_replica_count, overtake it.
  if (standing.status === 'PS_PRIMARY' && membership.ballot === standing.ballot) return 'keep';
  const transient = standing.status === 'PS_INACTIVE' && standing.transient;
  if (transient && initializing && status === 'PS_PRIMARY') return 'force-ballot';
  if (refusalOf(standing, { status, ballot: membership.ballot }) === undefined) return 'adopt';
  if (standing.status !== 'PS_INACTIVE' && standing.status !== 'PS_ERROR') return 'keep';
  const nobodyElse = membership.primary === undefined || membership.primary === self;
  return nobodyElse ? 'leave' : 'wait-for-removal';
}
