import { gpidText } from '@onebox/base';
import type { Gpid, Logger, Node } from '@onebox/base';
import type { ProposalSender } from '../configuration/proposal-sender';
import type { TableEvents } from '../metrics';
import type { PartitionConfig } from '../state/partition';
import { isDropped } from '../state/partition-change';
import type { PartitionRef, ServerState } from '../state/server-state';
import { isGuarded } from '../state/table-state';
import type { TableState } from '../state/table-state';
import type { ClusterFacts, CureSettings } from './cluster-facts';
import { cure } from './cure';
import type { CureDecision } from './cure';
import type { DroppedReplica } from './dropped-list';
import type { Proposal, ProposalPurpose } from './proposal';

/** `[meta_server] add_secondary_*`. */
export interface FlowControl {
  readonly enabled: boolean;
  /** The most new secondaries one node gets per tick. */
  readonly maxPerNode: number;
}

export interface PartitionGuardianParts {
  readonly state: ServerState;
  readonly cluster: ClusterFacts;
  readonly sender: ProposalSender;
  /** Read anew for every round, and for every cure outside of one. */
  readonly settings: () => CureSettings;
  readonly flowControl: () => FlowControl;
  /** Whether the effective level allows rounds. */
  readonly mayCure: () => boolean;
  readonly events: Pick<TableEvents, 'onPrimaryRefused'>;
  readonly log: Logger;
}

/** A partition whose members are all dead, and why nobody leads it: what DDD_DIAGNOSE lists. */
export interface DddPartition {
  readonly config: PartitionConfig;
  readonly dropped: readonly DroppedReplica[];
  readonly reason: string;
}

/** What a round over all partitions found. */
export interface GuardianRound {
  readonly partitions: number;
  readonly healthy: number;
  readonly proposed: number;
}

/**
 * Brings partitions to their full set of members, one step at a time: decides by {@link cure}, remembers the proposal
 * and sends it. The next step follows when the replica server's update has been stored.
 */
export class PartitionGuardian {
  private readonly ddd = new Map<string, DddPartition>();

  constructor(private readonly parts: PartitionGuardianParts) {}

  /** One round over every table, in upstream's order of sending (4.3). Undefined when the level forbids it. */
  round(): GuardianRound | undefined {
    if (!this.parts.mayCure()) return undefined;
    this.ddd.clear();
    return this.cureTables(this.parts.state.namedTables());
  }

  /** A round over one table: the eager cure of a new one (docs/architecture.md, "Deviations"). */
  cureTable(table: TableState): void {
    if (this.parts.mayCure()) this.cureTables([table]);
  }

  /**
   * After a change of this partition: its next step at once; new secondaries wait for the tick under flow control. As in
   * upstream no level forbids it: what it leads to is refused below `steady`, and asked for again by the replica server
   * until the level allows it (reference/cluster-behaviour.md 5, "Frozen picture").
   */
  cureOne(partition: PartitionRef): void {
    if (!this.isCurable(partition)) return;
    const { proposal, proposals } = this.decide(partition, this.parts.settings());
    if (proposal === undefined) return;
    if (addsSecondary(proposal) && this.parts.flowControl().enabled) return;
    this.parts.sender.send(partition, proposal, proposals.purpose);
  }

  /** Partitions nobody may safely lead. Negative ids select all tables or all partitions. */
  dddPartitions(filter: Gpid): readonly DddPartition[] {
    return [...this.ddd.values()]
      .filter(({ config: { gpid } }) => {
        const table = filter.appId < 0 || filter.appId === gpid.appId;
        return table && (filter.partitionIndex < 0 || filter.partitionIndex === gpid.partitionIndex);
      })
      .sort(
        (a, b) =>
          a.config.gpid.appId - b.config.gpid.appId ||
          a.config.gpid.partitionIndex - b.config.gpid.partitionIndex,
      );
  }

  private cureTables(tables: readonly TableState[]): GuardianRound {
    let partitions = 0;
    let healthy = 0;
    let proposed = 0;
    const additions: Addition[] = [];
    const settings = this.parts.settings();
    for (const table of tables) {
      if (!isGuarded(table.info)) continue;
      partitions += table.partitions.length;
      for (const index of table.partitions.keys()) {
        const partition = { table, index };
        if (!this.isCurable(partition)) continue;
        const { status, proposal, proposals } = this.decide(partition, settings);
        if (status === 'healthy') healthy += 1;
        if (proposal === undefined) continue;
        if (addsSecondary(proposal)) additions.push({ partition, proposal, purpose: proposals.purpose });
        else {
          this.parts.sender.send(partition, proposal, proposals.purpose);
          proposed += 1;
        }
      }
    }
    proposed += this.sendAdditions(additions);
    return { partitions, healthy, proposed };
  }

  /** Partitions without any secondary come first; with flow control a node gets only so many. */
  private sendAdditions(additions: readonly Addition[]): number {
    const { enabled, maxPerNode } = this.parts.flowControl();
    const perNode = new Map<Node, number>();
    const isUrgent = ({ partition: { table, index } }: Addition): boolean =>
      table.partition(index).secondaries.length === 0;
    const inOrder = [
      ...additions.filter((addition) => isUrgent(addition)),
      ...additions.filter((addition) => !isUrgent(addition)),
    ];
    let sent = 0;
    for (const { partition, proposal, purpose } of inOrder) {
      const running = perNode.get(proposal.node) ?? 0;
      if (enabled && running >= maxPerNode) continue;
      perNode.set(proposal.node, running + 1);
      this.parts.sender.send(partition, proposal, purpose);
      sent += 1;
    }
    return sent;
  }

  private isCurable({ table, index }: PartitionRef): boolean {
    if (!isGuarded(table.info) || table.context(index).turn.taken) return false;
    // A child that is not registered yet has ballot -1 (section 12); a flagged partition is still being recalled.
    const config = table.partition(index);
    return config.ballot >= 0 && !isDropped(config);
  }

  private decide(partition: PartitionRef, settings: CureSettings): CureDecision {
    const { state, cluster, log } = this.parts;
    const { table, index } = partition;
    const config = table.partition(index);
    const context = table.context(index);
    const decision = cure(
      { config, proposals: context.proposals, dropped: context.dropped },
      cluster,
      settings,
    );
    if (decision.proposals !== context.proposals) state.setProposals(partition, decision.proposals);
    if (decision.cursor !== context.dropped.cursor) {
      context.dropped = { ...context.dropped, cursor: decision.cursor };
    }
    if (decision.status === 'healthy' && this.ddd.size === 0) return decision;
    const id = gpidText(config.gpid);
    if (decision.refusedToLead) {
      this.parts.events.onPrimaryRefused(config.gpid);
      this.ddd.set(id, { config, dropped: context.dropped.replicas, reason: decision.reason });
    } else {
      this.ddd.delete(id);
    }
    if (decision.status === 'dead') log.warn(`${id}: no primary, ${decision.reason}`);
    else if (decision.status === 'ill') log.debug(`${id}: ${decision.reason}`);
    return decision;
  }
}

interface Addition {
  readonly partition: PartitionRef;
  readonly proposal: Proposal;
  readonly purpose: ProposalPurpose;
}

function addsSecondary(proposal: Proposal): boolean {
  return proposal.type === 'CT_ADD_SECONDARY' || proposal.type === 'CT_ADD_SECONDARY_FOR_LB';
}
