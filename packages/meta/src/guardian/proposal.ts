import type { Node } from '@onebox/base';
import type { ChangeType } from '../state/partition-change';

/** What the leader may ask a replica server to do. */
export type ProposalType = Extract<
  ChangeType,
  | 'CT_ASSIGN_PRIMARY'
  | 'CT_UPGRADE_TO_PRIMARY'
  | 'CT_ADD_SECONDARY'
  | 'CT_ADD_SECONDARY_FOR_LB'
  | 'CT_DOWNGRADE_TO_SECONDARY'
  | 'CT_DOWNGRADE_TO_INACTIVE'
  | 'CT_REMOVE'
>;

const PROPOSAL_TYPES: ReadonlySet<string> = new Set<ProposalType>([
  'CT_ASSIGN_PRIMARY',
  'CT_UPGRADE_TO_PRIMARY',
  'CT_ADD_SECONDARY',
  'CT_ADD_SECONDARY_FOR_LB',
  'CT_DOWNGRADE_TO_SECONDARY',
  'CT_DOWNGRADE_TO_INACTIVE',
  'CT_REMOVE',
]);

export function isProposalType(type: ChangeType): type is ProposalType {
  return PROPOSAL_TYPES.has(type);
}

/** A step the leader wants: it is sent to `target` and is about `node` (reference/cluster-behaviour.md 4.2). */
export interface Proposal {
  readonly type: ProposalType;
  readonly target: Node;
  readonly node: Node;
}

export function proposalText(proposal: Proposal): string {
  return `${proposal.type} of ${proposal.node}, sent to ${proposal.target}`;
}

/** How far a learner was when it last reported, to notice one that gave up. */
export interface LearnerProgress {
  /** A learner that was seen learning and is now inactive or in error: the proposal is given up. */
  readonly failed: boolean;
}

/** Who wants a proposal and why; for people who read the event log. */
export interface ProposalPurpose {
  readonly origin: 'cure' | 'balancer' | 'death' | 'request';
  readonly reason: string;
}

/** The proposals of a partition that are not finished yet; the first one is under way. Memory only. */
export interface ProposalQueue {
  readonly actions: readonly Proposal[];
  /** The balancer's (or an operator's) batch, or the one step the guardian chose. */
  readonly origin: 'cure' | 'balancer';
  readonly purpose: ProposalPurpose;
  /** Undefined until the node of the first proposal reported itself as a learner. */
  readonly learner: LearnerProgress | undefined;
}

export const NO_PROPOSALS: ProposalQueue = {
  actions: [],
  origin: 'cure',
  purpose: { origin: 'cure', reason: '' },
  learner: undefined,
};

/** @param reason why the guardian chose this step */
export function cureProposal(proposal: Proposal, reason: string): ProposalQueue {
  return { actions: [proposal], origin: 'cure', purpose: { origin: 'cure', reason }, learner: undefined };
}

export function balancerProposals(actions: readonly Proposal[], purpose: ProposalPurpose): ProposalQueue {
  return { actions, origin: 'balancer', purpose, learner: undefined };
}

/** After any finished configuration change of the partition the first proposal is done with (4.1). */
export function withoutFirst(queue: ProposalQueue): ProposalQueue {
  return { ...queue, actions: queue.actions.slice(1), learner: undefined };
}

/** The node that the primary is being asked to add, which learns until it is a member or gives up. */
export function learnerOf({ actions: [first], learner }: ProposalQueue): Node | undefined {
  const adds = first?.type === 'CT_ADD_SECONDARY' || first?.type === 'CT_ADD_SECONDARY_FOR_LB';
  return adds && learner?.failed !== true ? first.node : undefined;
}
