import { gpidText } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import type { Proposal } from '../guardian/proposal';
import type { ChangeType } from '../state/partition-change';

/** Why something is done about a partition: in words, and the event that led to it. */
export interface Why {
  readonly reason: string;
  /** The id of an event. */
  readonly cause?: string;
}

/** An event, and which one of this leader's it was: to see which of two came later. */
interface Told {
  readonly id: string;
  readonly order: number;
}

interface ToldProposal {
  readonly proposal: Proposal;
  readonly reason: string;
  readonly id: string;
}

/** What concerned one partition since its last change. */
interface Trace {
  last: Told;
  proposals: ToldProposal[];
}

/**
 * What led to what: for each partition the event that last concerned it and the proposals that are not answered yet, for each
 * node when it was last seen alive and dead. The memory of one leader; before anything else its election is the cause.
 */
export class PartitionCauses {
  private readonly traces = new Map<string, Trace>();
  private readonly alive = new Map<Node, Told>();
  private readonly dead = new Map<Node, Told>();
  private origin: Told | undefined;
  private count = 0;

  /** @param id the event everything of this leader begins with */
  beginWith(id: string): void {
    this.origin = this.told(id);
  }

  nodeAlive(node: Node, id: string): void {
    this.alive.set(node, this.told(id));
  }

  nodeDead(node: Node, id: string): void {
    this.dead.set(node, this.told(id));
  }

  /** An event changed the partition, or begins something with it: what was proposed before is history. */
  concerned(gpid: Gpid, id: string): void {
    this.traces.set(gpidText(gpid), { last: this.told(id), proposals: [] });
  }

  /** The death of a node, which is why it is taken out. */
  ofDeath(node: Node): string | undefined {
    return this.dead.get(node)?.id;
  }

  /**
   * A proposal follows from what last happened to the partition, or from its node's return when that came later. A promotion follows from
   * the change that took the primary away.
   */
  ofProposal(gpid: Gpid, { type, node }: Proposal): string | undefined {
    const changed = this.traces.get(gpidText(gpid))?.last;
    if (type === 'CT_UPGRADE_TO_PRIMARY' && changed !== undefined && changed !== this.origin)
      return changed.id;
    const last = changed ?? this.origin;
    const alive = this.alive.get(node);
    return alive !== undefined && alive.order > (last?.order ?? 0) ? alive.id : last?.id;
  }

  wasProposed(gpid: Gpid, { type, target, node }: Proposal): boolean {
    return this.proposalsOf(gpid).some(
      ({ proposal }) => proposal.type === type && proposal.target === target && proposal.node === node,
    );
  }

  proposed(gpid: Gpid, proposal: Proposal, reason: string, id: string): void {
    const told = { proposal, reason, id };
    const trace = this.traces.get(gpidText(gpid));
    if (trace !== undefined) trace.proposals.push(told);
    else this.traces.set(gpidText(gpid), { last: this.origin ?? this.told(id), proposals: [told] });
  }

  /** A replica server asks for a change: the wire does not say why, but it answers the newest proposal it fits. */
  ofUpdate(gpid: Gpid, type: ChangeType, node: Node): Why | undefined {
    const fitting = this.proposalsOf(gpid).filter(
      ({ proposal }) => proposal.node === node && changesThatAnswer(proposal).includes(type),
    );
    const newest = fitting.at(-1);
    return newest === undefined ? undefined : { reason: newest.reason, cause: newest.id };
  }

  private proposalsOf(gpid: Gpid): readonly ToldProposal[] {
    return this.traces.get(gpidText(gpid))?.proposals ?? [];
  }

  private told(id: string): Told {
    this.count += 1;
    return { id, order: this.count };
  }
}

/** What a replica server asks for when it does what was proposed (reference/cluster-behaviour.md 4.2). */
function changesThatAnswer({ type }: Proposal): readonly ChangeType[] {
  switch (type) {
    case 'CT_ADD_SECONDARY':
    case 'CT_ADD_SECONDARY_FOR_LB':
      return ['CT_UPGRADE_TO_SECONDARY'];
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      return ['CT_DOWNGRADE_TO_INACTIVE', 'CT_REMOVE'];
    default:
      return [type];
  }
}
