import type { Node } from '@onebox/base';
import type { ConfigType } from '@onebox/protocol';
import { MAX_LAST_DROPS, PARTITION_FLAG_DROPPED, members } from './partition';
import type { PartitionConfig } from './partition';

/** Names of the wire enum `config_type`. */
export type ChangeType = keyof typeof ConfigType;

/** Changes of members or roles that concern one node; the others have functions of their own. */
export type MemberChangeType = Extract<
  ChangeType,
  | 'CT_ASSIGN_PRIMARY'
  | 'CT_UPGRADE_TO_PRIMARY'
  | 'CT_UPGRADE_TO_SECONDARY'
  | 'CT_DOWNGRADE_TO_SECONDARY'
  | 'CT_DOWNGRADE_TO_INACTIVE'
  | 'CT_REMOVE'
  | 'CT_PRIMARY_FORCE_UPDATE_BALLOT'
>;

const MEMBER_CHANGES: ReadonlySet<string> = new Set<MemberChangeType>([
  'CT_ASSIGN_PRIMARY',
  'CT_UPGRADE_TO_PRIMARY',
  'CT_UPGRADE_TO_SECONDARY',
  'CT_DOWNGRADE_TO_SECONDARY',
  'CT_DOWNGRADE_TO_INACTIVE',
  'CT_REMOVE',
  'CT_PRIMARY_FORCE_UPDATE_BALLOT',
]);

export function isMemberChange(type: ChangeType): type is MemberChangeType {
  return MEMBER_CHANGES.has(type);
}

/** Whether a change brings its node into the configuration, takes it out, or leaves the members alone. */
export function membershipEffect(type: ChangeType): 'adds' | 'removes' | 'none' {
  switch (type) {
    case 'CT_ASSIGN_PRIMARY':
    case 'CT_UPGRADE_TO_SECONDARY':
      return 'adds';
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      return 'removes';
    default:
      return 'none';
  }
}

/**
 * The configuration after one member change: always ballot + 1 (reference/cluster-behaviour.md 4.2).
 * Undefined when the node's role does not fit the change.
 */
export function afterMemberChange(
  config: PartitionConfig,
  type: MemberChangeType,
  node: Node,
): PartitionConfig | undefined {
  const isPrimary = config.primary === node;
  const isSecondary = config.secondaries.includes(node);
  const others = config.secondaries.filter((secondary) => secondary !== node);
  const next = (change: Partial<PartitionConfig>): PartitionConfig => ({
    ...config,
    ...change,
    ballot: config.ballot + 1,
  });
  switch (type) {
    case 'CT_ASSIGN_PRIMARY':
      if (config.primary !== undefined || isSecondary) return undefined;
      return next({ primary: node, lastDrops: without(config.lastDrops, node) });
    case 'CT_UPGRADE_TO_PRIMARY':
      if (config.primary !== undefined || !isSecondary) return undefined;
      return next({ primary: node, secondaries: others });
    case 'CT_UPGRADE_TO_SECONDARY':
      if (isPrimary || isSecondary) return undefined;
      return next({
        secondaries: [...config.secondaries, node],
        lastDrops: without(config.lastDrops, node),
      });
    case 'CT_DOWNGRADE_TO_SECONDARY':
      if (!isPrimary) return undefined;
      return next({ primary: undefined, secondaries: [...config.secondaries, node] });
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      if (!isPrimary && !isSecondary) return undefined;
      return next({
        primary: isPrimary ? undefined : config.primary,
        secondaries: others,
        lastDrops: withDrop(config.lastDrops, node),
      });
    case 'CT_PRIMARY_FORCE_UPDATE_BALLOT':
      return isPrimary ? next({}) : undefined;
  }
}

/** drop_app: ballot + 1, no members left, the newest three of them (primary last) in last_drops, flag 1 (7.3). */
export function afterDropPartition(config: PartitionConfig): PartitionConfig {
  const leaving = config.primary === undefined ? config.secondaries : [...config.secondaries, config.primary];
  return {
    ...config,
    ballot: config.ballot + 1,
    primary: undefined,
    secondaries: [],
    lastDrops: leaving.reduce<readonly Node[]>(withDrop, config.lastDrops),
    flags: config.flags | PARTITION_FLAG_DROPPED,
  };
}

/** recall_app: only the flag goes; members come back by the guardian, each with a ballot of its own (7.3). */
export function afterRecallPartition(config: PartitionConfig): PartitionConfig {
  return { ...config, flags: config.flags & ~PARTITION_FLAG_DROPPED };
}

/** set_max_replica_count: ballot + 1; adding and removing members is left to the guardian (7.5). */
export function afterMaxReplicaCount(config: PartitionConfig, maxReplicaCount: number): PartitionConfig {
  return { ...config, ballot: config.ballot + 1, maxReplicaCount };
}

export function isDropped(config: PartitionConfig): boolean {
  return (config.flags & PARTITION_FLAG_DROPPED) !== 0;
}

/**
 * Whether two configurations say the same, as upstream compares them to recognise a repeated request: the order of
 * secondaries and last_drops do not count.
 */
export function sameConfig(a: PartitionConfig, b: PartitionConfig): boolean {
  return (
    a.ballot === b.ballot &&
    a.maxReplicaCount === b.maxReplicaCount &&
    a.lastCommittedDecree === b.lastCommittedDecree &&
    sameMembers(a, b)
  );
}

/** Whether two configurations have the same primary and the same secondaries, in any order. */
export function sameMembers(a: PartitionConfig, b: PartitionConfig): boolean {
  return (
    a.primary === b.primary &&
    a.secondaries.length === b.secondaries.length &&
    a.secondaries.every((node) => b.secondaries.includes(node))
  );
}

export function isMember(config: PartitionConfig, node: Node): boolean {
  return members(config).includes(node);
}

function without(drops: readonly Node[], node: Node): readonly Node[] {
  return drops.filter((drop) => drop !== node);
}

function withDrop(drops: readonly Node[], node: Node): readonly Node[] {
  return [...without(drops, node), node].slice(-MAX_LAST_DROPS);
}
