import type { Gpid, Node } from '@onebox/base';
import { NOTHING_DROPPED } from '../guardian/dropped-list';
import type { DroppedList, ReplicaProgress } from '../guardian/dropped-list';
import { NO_PROPOSALS } from '../guardian/proposal';
import type { ProposalQueue } from '../guardian/proposal';
import type { ChangeType } from './partition-change';
import { Turn } from './turn';

/** How far a replica is with its manual compaction, as its node reported it. */
export type ReportedCompaction = 'idle' | 'queuing' | 'running' | 'finished';

/** A replica as its node reported it by config-sync. */
export interface ServingReplica extends ReplicaProgress {
  readonly compaction: ReportedCompaction;
  readonly diskTag: string;
}

/** A change of the configuration that is on its way to ZooKeeper. */
export interface PendingChange {
  /** `SET_MAX_REPLICA_COUNT` has no name on the wire: replica servers never hear of it as a change. */
  readonly type: ChangeType | 'SET_MAX_REPLICA_COUNT';
  /** The node it is about; undefined when it is about the partition as a whole. */
  readonly node: Node | undefined;
}

/** What the leader remembers of a partition besides its configuration; never stored (reference/cluster-behaviour.md 4.1). */
export class PartitionContext {
  /** Held while the configuration is being changed: the partition's stage. */
  readonly turn = new Turn();
  pending: PendingChange | undefined;
  proposals: ProposalQueue = NO_PROPOSALS;
  dropped: DroppedList = NOTHING_DROPPED;
  /** What members reported. */
  readonly serving = new Map<Node, ServingReplica>();

  constructor(readonly gpid: Gpid) {}
}
