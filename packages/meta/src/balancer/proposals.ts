import type { Gpid, Node } from '@onebox/base';
import { gpidText } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import type { BalanceAction, BalanceKind, BalanceProposal } from './balance-plan';

/** The steps of each kind, and whom they are sent to (reference/cluster-behaviour.md 6.3). */
function actionsOf(kind: BalanceKind, primary: Node, from: Node, to: Node): readonly BalanceAction[] {
  const swapRoles: readonly BalanceAction[] = [
    { type: 'CT_DOWNGRADE_TO_SECONDARY', target: from, node: from },
    { type: 'CT_UPGRADE_TO_PRIMARY', target: to, node: to },
  ];
  switch (kind) {
    case 'move_primary':
      return swapRoles;
    case 'copy_primary':
      return [
        { type: 'CT_ADD_SECONDARY_FOR_LB', target: from, node: to },
        ...swapRoles,
        { type: 'CT_REMOVE', target: to, node: from },
      ];
    case 'copy_secondary':
      return [
        { type: 'CT_ADD_SECONDARY_FOR_LB', target: primary, node: to },
        { type: 'CT_REMOVE', target: primary, node: from },
      ];
  }
}

/** The proposals collected during one run: at most one for a partition. */
export class Proposals {
  private readonly byPartition = new Map<string, BalanceProposal>();

  get size(): number {
    return this.byPartition.size;
  }

  has(gpid: Gpid): boolean {
    return this.byPartition.has(gpidText(gpid));
  }

  add(kind: BalanceKind, config: PartitionConfig, from: Node, to: Node): void {
    const { gpid, primary = from } = config;
    this.byPartition.set(gpidText(gpid), {
      gpid,
      kind,
      from,
      to,
      actions: actionsOf(kind, primary, from, to),
    });
  }

  /** By table id, then partition index. */
  inOrder(): readonly BalanceProposal[] {
    return [...this.byPartition.values()].sort(
      ({ gpid: a }, { gpid: b }) => a.appId - b.appId || a.partitionIndex - b.partitionIndex,
    );
  }
}
