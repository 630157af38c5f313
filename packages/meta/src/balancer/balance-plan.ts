import type { Gpid, Node } from '@onebox/base';
import type { ConfigType } from '@onebox/protocol';
import type { BalanceCounts } from '../cluster-view';
import type { TableView } from '../state/table';

/** The configuration changes a balancer proposal is made of: names of the wire enum `config_type`. */
export type BalanceActionType = Extract<
  keyof typeof ConfigType,
  'CT_ADD_SECONDARY_FOR_LB' | 'CT_DOWNGRADE_TO_SECONDARY' | 'CT_UPGRADE_TO_PRIMARY' | 'CT_REMOVE'
>;

/** One step: the proposal `type` about `node` is sent to `target`. */
export interface BalanceAction {
  readonly type: BalanceActionType;
  readonly target: Node;
  readonly node: Node;
}

export type BalanceKind = 'move_primary' | 'copy_primary' | 'copy_secondary';

/** What shall happen to one partition; at most one proposal per partition in a plan. */
export interface BalanceProposal {
  readonly gpid: Gpid;
  readonly kind: BalanceKind;
  /** The node that gives the role or the replica away, and the one that gets it. */
  readonly from: Node;
  readonly to: Node;
  /** In the order in which they have to be finished. */
  readonly actions: readonly BalanceAction[];
}

/** The result of one balancer run. `counts.total` is -1 while some node has not reported a replica (6.1). */
export interface BalancePlan {
  /** In table order, and in partition order inside a table. */
  readonly proposals: readonly BalanceProposal[];
  readonly counts: BalanceCounts;
}

/** `[meta_server]` flags the balancer reads; names as in config-flags.json. */
export interface BalancerFlags {
  /** `balance_cluster`: even out whole nodes instead of one table after the other. */
  readonly balanceCluster: boolean;
  /** `balancer_in_turn`: stop after the first table with proposals. */
  readonly balancerInTurn: boolean;
  /** `only_primary_balancer`: leave secondaries where they are. */
  readonly onlyPrimaryBalancer: boolean;
  /** `only_move_primary`: never copy a replica to even out primaries. */
  readonly onlyMovePrimary: boolean;
  /** `balance_op_count_per_round`: the most proposals of one `balance_cluster` round. */
  readonly balanceOpCountPerRound: number;
}

/**
 * What the balancer decides from. It is called only when the level allows it, every partition is healthy, every node
 * that holds a partition is alive and no table is in transition (reference/cluster-behaviour.md 6.1).
 */
export interface BalanceInput {
  /** `check` only counts what `balance` would do (level steady); they differ in when later tables and secondaries are looked at. */
  readonly mode: 'check' | 'balance';
  readonly aliveNodes: readonly Node[];
  /** Every table; those that are not AVAILABLE or are bulk loading are left out by the balancer itself. */
  readonly tables: readonly TableView[];
  /** The disk a node reported for its replica by config-sync; undefined while it has not reported it. */
  readonly diskTag: (node: Node, gpid: Gpid) => string | undefined;
  readonly flags: BalancerFlags;
}

/** The plan that moves nothing. */
export const EMPTY_COUNTS: BalanceCounts = { movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: 0 };

/** Counts the proposals of a plan by kind. */
export function countProposals(proposals: readonly BalanceProposal[]): BalanceCounts {
  const of = (kind: BalanceKind): number => proposals.filter((proposal) => proposal.kind === kind).length;
  return {
    movePrimary: of('move_primary'),
    copyPrimary: of('copy_primary'),
    copySecondary: of('copy_secondary'),
    total: proposals.length,
  };
}
