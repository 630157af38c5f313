import type { Gpid } from '@onebox/base';
import type { BalanceProposal } from '../balancer';
import type { PartitionConfig } from '../state/partition';
import type { TableView } from '../state/table';

/** Whether a balancer round moved something, or only counted what it would move (reference/cluster-behaviour.md 6.1). */
export type BalanceMode = 'check' | 'balance';

/** What happens to the leader's tables and partitions that its metrics count (reference/metrics.md 3.5). */
export interface TableEvents {
  /** The table owns its name from now on: created, recalled, restored, or found in ZooKeeper. */
  onTableEntered(table: TableView): void;
  /** The table's znode says that it is dropped. */
  onTableLeft(table: TableView): void;
  /** A change of the configuration, ballot included, was accepted and is in memory. */
  onConfigurationChanged(before: PartitionConfig, after: PartitionConfig): void;
  /** No node may safely lead the partition: it needs an operator (DDD). */
  onPrimaryRefused(gpid: Gpid): void;
  /** A balancer round ended with this plan. */
  onBalanced(proposals: readonly BalanceProposal[], mode: BalanceMode): void;
}
