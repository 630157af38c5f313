import type { Node } from '@onebox/base';
import { parseNode } from '@onebox/base';
import { splitList } from '@onebox/server';
import type { Flags } from '@onebox/server';
import type { BalancerFlags } from './balancer';
import type { FunctionLevel } from './cluster-view';
import { functionLevelNamed } from './function-level';
import type { FreezeThresholds } from './function-level';
import type { FlowControl } from './guardian/partition-guardian';
import type { FailureDetectorSettings } from './liveness/failure-detector';

type ReadFlags = Pick<Flags, 'get'>;

const SECOND_MS = 1000;

/** `meta_function_level_on_start`; steady when the text names no level. */
export function levelOnStart(flags: ReadFlags): FunctionLevel {
  return functionLevelNamed(flags.get('meta_function_level_on_start')) ?? 'steady';
}

export function freezeThresholds(flags: ReadFlags): FreezeThresholds {
  return {
    minLiveNodeCountForUnfreeze: flags.get('min_live_node_count_for_unfreeze'),
    nodeLivePercentageThresholdForUpdate: flags.get('node_live_percentage_threshold_for_update'),
  };
}

export function failureDetectorSettings(flags: ReadFlags): FailureDetectorSettings {
  const whiteList = splitList(flags.get('replica_white_list')).map(parseNode);
  return {
    checkIntervalMs: flags.get('fd_check_interval_seconds') * SECOND_MS,
    graceMs: flags.get('fd_grace_seconds') * SECOND_MS,
    whiteList: flags.get('enable_white_list') ? new Set<Node>(whiteList) : undefined,
  };
}

export function flowControl(flags: ReadFlags): FlowControl {
  return {
    enabled: flags.get('add_secondary_enable_flow_control'),
    maxPerNode: flags.get('add_secondary_max_count_for_one_node'),
  };
}

export function balancerFlags(flags: ReadFlags): BalancerFlags {
  return {
    balanceCluster: flags.get('balance_cluster'),
    balancerInTurn: flags.get('balancer_in_turn'),
    onlyPrimaryBalancer: flags.get('only_primary_balancer'),
    onlyMovePrimary: flags.get('only_move_primary'),
    balanceOpCountPerRound: flags.get('balance_op_count_per_round'),
  };
}
