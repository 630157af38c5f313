import type { PartitionConfig } from '../state/partition';
import { isMember } from '../state/partition-change';
import type { ClusterFacts } from './cluster-facts';
import type { Proposal, ProposalQueue } from './proposal';

/**
 * Why the first queued proposal makes no sense any more; undefined while it does and is to be sent again
 * (reference/cluster-behaviour.md 4.3, step 1).
 */
export function whyInvalid(
  proposal: Proposal,
  queue: ProposalQueue,
  config: PartitionConfig,
  cluster: Pick<ClusterFacts, 'isAlive'>,
): string | undefined {
  const { type, target, node } = proposal;
  if (!cluster.isAlive(target)) return `its target ${target} is not alive`;
  if (!cluster.isAlive(node)) return `its node ${node} is not alive`;
  if (queue.learner?.failed === true) return `${node} gave up learning`;
  const isSecondary = config.secondaries.includes(node);
  const fits = (): boolean => {
    switch (type) {
      case 'CT_ASSIGN_PRIMARY':
        return node === target && config.primary === undefined && !isSecondary;
      case 'CT_UPGRADE_TO_PRIMARY':
        return node === target && config.primary === undefined && isSecondary;
      case 'CT_ADD_SECONDARY':
      case 'CT_ADD_SECONDARY_FOR_LB':
        return config.primary === target && !isMember(config, node);
      case 'CT_DOWNGRADE_TO_INACTIVE':
      case 'CT_REMOVE':
        return config.primary === target && isMember(config, node);
      case 'CT_DOWNGRADE_TO_SECONDARY':
        return node === target && config.primary === target;
    }
  };
  return fits() ? undefined : 'the roles do not fit it any more';
}
