import type { Node } from '@onebox/base';
import type { Proposal } from '../guardian/proposal';
import type { PartitionConfig } from '../state/partition';

/** What the leader does about one partition of a node that died. */
export type DeathReaction =
  /** The meta itself takes the dead primary out (DOWNGRADE_TO_INACTIVE). */
  | { readonly kind: 'remove primary' }
  /** The primary is asked to take the dead secondary out. */
  | { readonly kind: 'propose'; readonly proposal: Proposal }
  | { readonly kind: 'nothing'; readonly why: string };

/**
 * Decides the reaction, which comes at once and at every level; that a level refuses what follows is decided where it is
 * asked for (reference/cluster-behaviour.md 4.2, 4.5, 5).
 */
export function reactionToDeath(
  config: PartitionConfig,
  node: Node,
  now: { readonly writing: boolean },
): DeathReaction {
  if (config.primary === node) return { kind: 'remove primary' };
  if (!config.secondaries.includes(node)) return { kind: 'nothing', why: 'it is no member' };
  if (config.primary === undefined)
    return { kind: 'nothing', why: 'there is no primary that could remove it' };
  if (now.writing) return { kind: 'nothing', why: 'another change is being written' };
  return {
    kind: 'propose',
    proposal: { type: 'CT_DOWNGRADE_TO_INACTIVE', target: config.primary, node },
  };
}
