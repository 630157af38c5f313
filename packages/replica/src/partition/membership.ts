import type { Gpid, Node } from '@onebox/base';
import type { ReplicaStatus } from './replica-status';

/** The configuration of a partition, as the meta server decided it: a change makes a new value with ballot + 1. */
export interface Membership {
  readonly gpid: Gpid;
  readonly ballot: number;
  readonly maxReplicaCount: number;
  readonly primary: Node | undefined;
  /** In the order in which they were added. */
  readonly secondaries: readonly Node[];
  /** Kept by the meta server alone; a replica server hands back what it got. */
  readonly lastDrops: readonly Node[];
  readonly lastCommittedDecree: number;
  readonly flags: number;
}

/** What a node is in a configuration; inactive when it is no member. */
export function roleOf(membership: Membership, node: Node): ReplicaStatus {
  if (membership.primary === node) return 'PS_PRIMARY';
  return membership.secondaries.includes(node) ? 'PS_SECONDARY' : 'PS_INACTIVE';
}

/** `node` becomes primary, and is a secondary no more. */
export function withPrimary(membership: Membership, node: Node): Membership {
  return {
    ...membership,
    primary: node,
    secondaries: membership.secondaries.filter((secondary) => secondary !== node),
  };
}

/** `node` is appended to the secondaries. */
export function withSecondary(membership: Membership, node: Node): Membership {
  const others = membership.secondaries.filter((secondary) => secondary !== node);
  return { ...membership, secondaries: [...others, node] };
}

/** The primary gives its role away and stays a member. */
export function withPrimaryAsSecondary(membership: Membership): Membership {
  const { primary } = membership;
  return primary === undefined ? membership : withSecondary({ ...membership, primary: undefined }, primary);
}

/** `node` is no member any more. */
export function withoutMember(membership: Membership, node: Node): Membership {
  return {
    ...membership,
    primary: membership.primary === node ? undefined : membership.primary,
    secondaries: membership.secondaries.filter((secondary) => secondary !== node),
  };
}
