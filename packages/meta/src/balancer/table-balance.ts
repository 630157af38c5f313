import type { TableView } from '../state/table';
import type { BalanceInput } from './balance-plan';
import { copyPrimaries, copySecondaries } from './copy-replicas';
import { movePrimaries } from './move-primaries';
import { primaryFlow } from './primary-flow';
import type { Proposals } from './proposals';
import type { ReplicaPlacement } from './replica-placement';

/** Evens out the primaries of one table: one widest path, or copies when there is none and copying is allowed. */
export function balancePrimaries(
  table: TableView,
  onlyMovePrimary: boolean,
  placement: ReplicaPlacement,
  proposals: Proposals,
): void {
  const found = primaryFlow(table, placement);
  switch (found.kind) {
    case 'balanced':
      return;
    case 'path':
      movePrimaries(table.info.appId, found.path, found.flow, placement, proposals);
      return;
    case 'blocked':
      if (!onlyMovePrimary) copyPrimaries(table, found.someBelowLow, placement, proposals);
  }
}

/**
 * The default policy: table by table, primaries first (reference/cluster-behaviour.md 6.3). A check goes through
 * everything; a real run stops at the first table with proposals when `balancer_in_turn` is set, and looks at
 * secondaries only when the primaries of all tables are fine.
 *
 * @param tables those the balancer may touch, in id order
 */
export function balanceTableByTable(
  input: BalanceInput,
  tables: readonly TableView[],
  placement: ReplicaPlacement,
  proposals: Proposals,
): void {
  const { balancerInTurn, onlyMovePrimary, onlyPrimaryBalancer } = input.flags;
  const stopsHere = (): boolean => input.mode === 'balance' && balancerInTurn && proposals.size > 0;
  for (const table of tables) {
    balancePrimaries(table, onlyMovePrimary, placement, proposals);
    if (stopsHere()) return;
  }
  if (onlyPrimaryBalancer || (input.mode === 'balance' && proposals.size > 0)) return;
  for (const table of tables) {
    copySecondaries(table, placement, proposals);
    if (stopsHere()) return;
  }
}
