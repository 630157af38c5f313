import type { Node } from '@onebox/base';
import { chooseAmongDropped } from './all-dead';
import { chooseSecondary } from './choose-secondary';
import { leastLoaded } from './cluster-facts';
import type { ClusterFacts, CureSettings, PartitionFacts } from './cluster-facts';
import { balancerProposals, cureProposal, NO_PROPOSALS } from './proposal';
import type { Proposal, ProposalQueue } from './proposal';
import { whyInvalid } from './proposal-validity';

/** What is to be done about one partition now. */
export interface CureDecision {
  /** `dead`: nobody can lead it by itself; `ill`: something is missing, too much or under way. */
  readonly status: 'healthy' | 'ill' | 'dead';
  readonly reason: string;
  /** To be sent now; always the first of `proposals`. */
  readonly proposal: Proposal | undefined;
  /** The queue afterwards. */
  readonly proposals: ProposalQueue;
  /** The cursor of the dropped list afterwards. */
  readonly cursor: number;
  /** Set when all members are dead and nobody may safely lead: for DDD_DIAGNOSE. */
  readonly refusedToLead: boolean;
}

/**
 * Decides the next step of a partition: pure, sends nothing (reference/cluster-behaviour.md 4.3, 4.4). The order is the
 * queue, the missing primary, a missing secondary, a redundant one.
 */
export function cure(partition: PartitionFacts, cluster: ClusterFacts, settings: CureSettings): CureDecision {
  const { config, proposals, dropped } = partition;
  const [first] = proposals.actions;
  if (first !== undefined && whyInvalid(first, proposals, config, cluster) === undefined) {
    return {
      status: 'ill',
      reason: 'a proposal is under way',
      proposal: first,
      proposals,
      cursor: dropped.cursor,
      refusedToLead: false,
    };
  }
  const rest: CureDecision = {
    status: 'ill',
    reason: '',
    proposal: undefined,
    proposals: NO_PROPOSALS,
    cursor: dropped.cursor,
    refusedToLead: false,
  };
  if (config.primary === undefined) return { ...rest, ...missingPrimary(partition, cluster) };
  if (!cluster.isAlive(config.primary)) return { ...rest, reason: 'the dead primary is being taken out' };
  const replicaCount = config.secondaries.length + 1;
  if (replicaCount < config.maxReplicaCount) {
    return { ...rest, ...missingSecondary(partition, config.primary, cluster, settings) };
  }
  if (replicaCount > config.maxReplicaCount)
    return { ...rest, ...redundantSecondary(partition, config.primary, cluster) };
  return { ...rest, status: 'healthy', reason: 'complete' };
}

function propose(
  type: Proposal['type'],
  node: Node,
  target: Node,
  reason: string,
): Pick<CureDecision, 'reason' | 'proposal' | 'proposals'> {
  const proposal: Proposal = { type, target, node };
  return { reason, proposal, proposals: cureProposal(proposal, reason) };
}

function missingPrimary({ config, ...rest }: PartitionFacts, cluster: ClusterFacts): Partial<CureDecision> {
  const { appId } = config.gpid;
  const fewerPrimaries = (a: Node, b: Node): number => cluster.compareForPrimary(a, b, appId);
  if (config.secondaries.length > 0) {
    const alive = config.secondaries.filter((node) => cluster.isAlive(node));
    const node = leastLoaded(alive, fewerPrimaries);
    if (node === undefined) return { status: 'dead', reason: 'no secondary is alive' };
    return propose('CT_UPGRADE_TO_PRIMARY', node, node, `no primary; ${node} is promoted`);
  }
  if (config.lastDrops.length === 0) {
    const node = leastLoaded(cluster.aliveNodes, fewerPrimaries);
    if (node === undefined) return { reason: 'new, but no node is alive' };
    return propose('CT_ASSIGN_PRIMARY', node, node, `new; ${node} gets it`);
  }
  const choice = chooseAmongDropped({ config, ...rest }, cluster);
  if (choice.node === undefined) return { status: 'dead', reason: choice.reason, refusedToLead: true };
  if (!cluster.isAlive(choice.node)) {
    return { status: 'dead', reason: `waiting for ${choice.node}, the only node that can lead` };
  }
  return { status: 'dead', ...propose('CT_ASSIGN_PRIMARY', choice.node, choice.node, choice.reason) };
}

function missingSecondary(
  partition: PartitionFacts,
  primary: Node,
  cluster: ClusterFacts,
  settings: CureSettings,
): Partial<CureDecision> {
  const { node, cursor, reason } = chooseSecondary(partition, cluster, settings);
  return node === undefined
    ? { cursor, reason }
    : { cursor, ...propose('CT_ADD_SECONDARY', node, primary, reason) };
}

/** REMOVE of the secondary whose node has the most partitions (4.4c). */
function redundantSecondary(
  { config }: PartitionFacts,
  primary: Node,
  cluster: ClusterFacts,
): Partial<CureDecision> {
  const node = leastLoaded(
    config.secondaries,
    (a, b) => cluster.partitionCount(b) - cluster.partitionCount(a),
  );
  if (node === undefined) return { reason: 'the replica count allows no replica at all' };
  const proposal: Proposal = { type: 'CT_REMOVE', target: primary, node };
  const reason = `one replica too many; ${node} has the most partitions`;
  return { reason, proposal, proposals: balancerProposals([proposal], { origin: 'cure', reason }) };
}
