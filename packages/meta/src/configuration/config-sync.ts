import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, Logger, Node } from '@onebox/base';
import type { FunctionLevel } from '../cluster-view';
import { LEVEL_ALLOWS } from '../function-level';
import { findDropped, recordReport } from '../guardian/dropped-list';
import type { ReplicaProgress } from '../guardian/dropped-list';
import type { NodeTable } from '../liveness/node-table';
import { isMember } from '../state/partition-change';
import type { ReportedCompaction } from '../state/partition-context';
import type { PartitionRef, ServerState } from '../state/server-state';

/** The states of a replica a report tells apart. */
export type ReportedStatus = 'learning' | 'inactive' | 'error' | 'other';

/** One replica a node holds, as it reports it. */
export interface ReportedReplica extends ReplicaProgress {
  readonly gpid: Gpid;
  readonly status: ReportedStatus;
  readonly diskTag: string;
  readonly compaction: ReportedCompaction;
}

export interface SyncAnswer {
  readonly error: ErrorCode;
  /** The partitions the node is a member of. */
  readonly partitions: readonly PartitionRef[];
  /** Indices, in the report, of replicas the node may delete. */
  readonly garbage: readonly number[];
}

export interface ConfigSyncParts {
  readonly state: ServerState;
  readonly nodes: NodeTable;
  readonly level: () => FunctionLevel;
  readonly unixMs: () => number;
  readonly log: Logger;
}

/**
 * Config-sync: a node reports every replica it holds and learns in which partitions it is a member
 * (reference/cluster-behaviour.md 3.5).
 */
export class ConfigSync {
  constructor(private readonly parts: ConfigSyncParts) {}

  /** @param reported every replica the node holds; undefined when it did not say */
  sync(node: Node, reported: readonly ReportedReplica[] | undefined): SyncAnswer {
    const { state, nodes, log } = this.parts;
    if (!nodes.knows(node)) {
      log.info(`config-sync: ${node} is unknown, it has sent no beacon yet`);
      return { error: 'ERR_OBJECT_NOT_FOUND', partitions: [], garbage: [] };
    }
    const partitions = state.partitionsOf(node);
    const busy = partitions.find((partition) => concerns(partition, node));
    if (busy !== undefined) {
      log.info(
        `config-sync: ${node} shall ask again, ${gpidText(busy.table.context(busy.index).gpid)} changes`,
      );
      return { error: 'ERR_BUSY', partitions: [], garbage: [] };
    }
    if (reported === undefined) return { error: 'ERR_OK', partitions, garbage: [] };
    nodes.markReported(node);
    const useless = [...reported.keys()].filter((index) => {
      const replica = reported[index];
      return replica !== undefined && !this.takeIn(node, replica);
    });
    const garbage = LEVEL_ALLOWS[this.parts.level()].replicaGarbageCollection ? useless : [];
    if (garbage.length > 0) log.info(`config-sync: ${node} may delete ${garbage.length} replicas`);
    return { error: 'ERR_OK', partitions, garbage };
  }

  /** Learns from one reported replica. @returns whether it is worth keeping */
  private takeIn(node: Node, replica: ReportedReplica): boolean {
    const { state, log, unixMs } = this.parts;
    const partition = state.find(replica.gpid);
    if (partition === undefined) {
      // Deleting data of a table nobody knows could destroy the last copy of it: an operator has to look.
      log.warn(`config-sync: ${node} holds ${gpidText(replica.gpid)}, which is unknown here`);
      return true;
    }
    const { info } = partition.table;
    if (info.status === 'AS_DROPPED') {
      return info.expireSecond === 0 || info.expireSecond * 1000 > unixMs();
    }
    return info.status === 'AS_AVAILABLE' ? this.takeInAvailable(partition, node, replica) : true;
  }

  private takeInAvailable(partition: PartitionRef, node: Node, replica: ReportedReplica): boolean {
    const { table, index } = partition;
    const context = table.context(index);
    if (isMember(table.partition(index), node)) {
      this.parts.state.setServing(partition, node, replica);
      return true;
    }
    this.trackLearner(partition, node, replica);
    this.parts.state.setDropped(partition, recordReport(context.dropped, node, replica));
    return replica.status === 'learning' || findDropped(context.dropped, node) !== undefined;
  }

  /** A learner that was seen learning and is down now has failed: its proposal shall not be repeated for ever. */
  private trackLearner({ table, index }: PartitionRef, node: Node, replica: ReportedReplica): void {
    const context = table.context(index);
    const [current] = context.proposals.actions;
    if (current === undefined || current.node !== node) return;
    if (current.type !== 'CT_ADD_SECONDARY' && current.type !== 'CT_ADD_SECONDARY_FOR_LB') return;
    if (replica.status === 'learning') {
      context.proposals = { ...context.proposals, learner: { failed: false } };
    } else if (replica.status !== 'other' && context.proposals.learner !== undefined) {
      context.proposals = { ...context.proposals, learner: { failed: true } };
    }
  }
}

/** Whether a change on its way to ZooKeeper makes what is known of this node's role old at this very moment. */
function concerns({ table, index }: PartitionRef, node: Node): boolean {
  const context = table.context(index);
  if (!context.turn.taken) return false;
  return table.partition(index).primary === node || context.pending?.node === node;
}
