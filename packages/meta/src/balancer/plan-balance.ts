import type { BalanceInput, BalancePlan } from './balance-plan';
import { EMPTY_COUNTS, countProposals } from './balance-plan';
import { balanceWholeCluster } from './cluster-balance';
import { Proposals } from './proposals';
import { ReplicaPlacement } from './replica-placement';
import { balanceTableByTable } from './table-balance';

/**
 * Decides what the greedy balancer would do, or does (reference/cluster-behaviour.md 6). Pure: the guardian queues
 * the proposals and shows the counts.
 */
export function planBalance(input: BalanceInput): BalancePlan {
  const known = input.tables.filter((table) => table.info.status !== 'AS_DROPPED');
  const placement = new ReplicaPlacement(input.aliveNodes, known, input.diskTag);
  if (!placement.allReported()) return { proposals: [], counts: { ...EMPTY_COUNTS, total: -1 } };
  if (placement.nodes.length === 0) return { proposals: [], counts: EMPTY_COUNTS };

  const tables = known
    .filter(({ info }) => info.status === 'AS_AVAILABLE' && !info.isBulkLoading)
    .sort((a, b) => a.info.appId - b.info.appId);
  const proposals = new Proposals();
  if (!input.flags.balanceCluster) balanceTableByTable(input, tables, placement, proposals);
  // Upstream counts nothing in a check under this policy.
  else if (input.mode === 'balance') balanceWholeCluster(input, tables, placement, proposals);
  const planned = proposals.inOrder();
  return { proposals: planned, counts: countProposals(planned) };
}
