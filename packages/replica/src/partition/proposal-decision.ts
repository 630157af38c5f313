import type { Node } from '@onebox/base';
import { withoutMember, withPrimary, withPrimaryAsSecondary } from './membership';
import type { Membership } from './membership';
import type { ReplicaStatus } from './replica-status';

/** Changes of a configuration (reference/cluster-behaviour.md 4.2). */
export type ChangeType =
  | 'CT_ASSIGN_PRIMARY'
  | 'CT_UPGRADE_TO_PRIMARY'
  | 'CT_ADD_SECONDARY'
  | 'CT_UPGRADE_TO_SECONDARY'
  | 'CT_DOWNGRADE_TO_SECONDARY'
  | 'CT_DOWNGRADE_TO_INACTIVE'
  | 'CT_REMOVE'
  | 'CT_ADD_SECONDARY_FOR_LB'
  | 'CT_PRIMARY_FORCE_UPDATE_BALLOT';

/** What the meta server asks a replica to do. */
export interface Proposal {
  readonly type: ChangeType;
  /** The node the change is about. */
  readonly node: Node;
  /** The configuration the proposal was made from. */
  readonly membership: Membership;
}

/** What a replica knows when it decides on a proposal; its configuration is already at the proposal's ballot. */
export interface ProposalGround {
  readonly self: Node;
  readonly status: ReplicaStatus;
  readonly ballot: number;
  /** The group as the primary knows it; only looked at while primary. */
  readonly membership: Membership;
  readonly learners: readonly Node[];
}

export type ProposalDecision =
  | { readonly act: 'ignore'; readonly why: string }
  /** Ask the meta server for this configuration; its ballot is still the present one. */
  | { readonly act: 'reconfigure'; readonly type: ChangeType; readonly node: Node; readonly next: Membership }
  | { readonly act: 'learn'; readonly node: Node };

function ignore(why: string): ProposalDecision {
  return { act: 'ignore', why };
}

/** Decides on a proposal (reference/cluster-behaviour.md 4.2). An ignored one is sent again by the meta server. */
export function decideOnProposal(ground: ProposalGround, proposal: Proposal): ProposalDecision {
  const { self, status, ballot, membership } = ground;
  const { type, node } = proposal;
  switch (type) {
    case 'CT_ASSIGN_PRIMARY':
    case 'CT_UPGRADE_TO_PRIMARY':
      if (node !== self) return ignore(`${node} is not this node`);
      if (status === 'PS_PRIMARY') return ignore('primary already');
      if (status === 'PS_ERROR') return ignore('the replica is in error');
      if (type === 'CT_UPGRADE_TO_PRIMARY' && status !== 'PS_SECONDARY') return ignore(`it is ${status}`);
      return { act: 'reconfigure', type, node, next: withPrimary(proposal.membership, self) };
    case 'CT_ADD_SECONDARY':
    case 'CT_ADD_SECONDARY_FOR_LB':
      return addLearner(ground, proposal);
    case 'CT_DOWNGRADE_TO_SECONDARY':
      if (notTheirPrimary(ground, proposal)) return ignore(`it is ${status} at ballot ${ballot}`);
      if (node !== self) return ignore(`${node} is not the primary`);
      return { act: 'reconfigure', type, node, next: withPrimaryAsSecondary(membership) };
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      if (notTheirPrimary(ground, proposal)) return ignore(`it is ${status} at ballot ${ballot}`);
      if (!isMember(membership, node)) return ignore(`${node} is no member`);
      return { act: 'reconfigure', type, node, next: withoutMember(membership, node) };
    case 'CT_UPGRADE_TO_SECONDARY':
    case 'CT_PRIMARY_FORCE_UPDATE_BALLOT':
      return ignore('only replicas ask for this change');
  }
}

function notTheirPrimary({ status, ballot }: ProposalGround, proposal: Proposal): boolean {
  return status !== 'PS_PRIMARY' || ballot !== proposal.membership.ballot;
}

function isMember(membership: Membership, node: Node): boolean {
  return membership.primary === node || membership.secondaries.includes(node);
}

/** A learner that is known is told again to learn: the first message, or the learner, may have got lost. */
function addLearner(ground: ProposalGround, { type, node }: Proposal): ProposalDecision {
  const { status, membership, learners } = ground;
  if (status !== 'PS_PRIMARY') return ignore(`it is ${status}`);
  if (isMember(membership, node)) return ignore(`${node} is a member`);
  if (learners.includes(node)) return { act: 'learn', node };
  const others = membership.secondaries.length + learners.length;
  // One more than the table asks for is allowed only to the balancer, which removes another one afterwards.
  const room = membership.maxReplicaCount - (type === 'CT_ADD_SECONDARY_FOR_LB' ? 0 : 1);
  if (others >= room) return ignore(`${others} secondaries and learners are enough`);
  return { act: 'learn', node };
}
