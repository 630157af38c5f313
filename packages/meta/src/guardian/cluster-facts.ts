import { compareNodes } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import type { DroppedList } from './dropped-list';
import type { ProposalQueue } from './proposal';

/** What a cure may know about the nodes of the cluster. */
export interface ClusterFacts {
  readonly aliveNodes: readonly Node[];
  isAlive(node: Node): boolean;
  /** Whether the node has sent a config-sync since this leader started or the node came back. */
  hasReported(node: Node): boolean;
  /** Whether an operator keeps new secondaries away from the node. */
  isBlackListed(node: Node): boolean;
  partitionCount(node: Node): number;
  compareForPrimary(a: Node, b: Node, appId: number): number;
  compareForSecondary(a: Node, b: Node, appId: number): number;
}

/** A partition as a cure sees it. */
export interface PartitionFacts {
  readonly config: PartitionConfig;
  readonly proposals: ProposalQueue;
  readonly dropped: DroppedList;
}

/** When a cure runs and by which settings. */
export interface CureSettings {
  /** Pegasus ms of the clock. */
  readonly nowMs: number;
  /** `replica_assign_delay_ms_for_dropouts`, Pegasus ms. */
  readonly replicaAssignDelayMs: number;
  /** The fewest replicas a write needs, for a table of this replica count. */
  minReplicaCountFor2pc(maxReplicaCount: number): number;
}

/** The least of some nodes; ties go to the first address. */
export function leastLoaded(nodes: readonly Node[], compare: (a: Node, b: Node) => number): Node | undefined {
  return [...nodes].sort((a, b) => compare(a, b) || compareNodes(a, b))[0];
}
