import { FakeClock, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { ClusterFacts, CureSettings, PartitionFacts } from '../src/guardian/cluster-facts';
import { NOTHING_DROPPED } from '../src/guardian/dropped-list';
import { NodeLoads } from '../src/guardian/node-loads';
import { NO_PROPOSALS } from '../src/guardian/proposal';
import type { PartitionConfig } from '../src/state/partition';
import type { TableInfo } from '../src/state/table';

/** Replica server `index`, 1-based, as a onebox numbers them. */
export function node(index: number): Node {
  return parseNode(`127.0.0.1:${34800 + index}`);
}

export const [R1, R2, R3, R4] = [node(1), node(2), node(3), node(4)];

export function config(change: Partial<PartitionConfig> = {}): PartitionConfig {
  return {
    gpid: { appId: 2, partitionIndex: 0 },
    ballot: 0,
    maxReplicaCount: 3,
    primary: undefined,
    secondaries: [],
    lastDrops: [],
    lastCommittedDecree: 0,
    flags: 0,
    ...change,
  };
}

/** A partition at rest: 3/3, ballot 3, led by R1. */
export const HEALTHY = config({ ballot: 3, primary: R1, secondaries: [R2, R3] });

export function table(change: Partial<TableInfo> = {}): TableInfo {
  return {
    status: 'AS_AVAILABLE',
    appType: 'pegasus',
    appName: 'temp',
    appId: 2,
    partitionCount: 8,
    envs: new Map(),
    isStateful: true,
    maxReplicaCount: 3,
    expireSecond: 0,
    createSecond: 1767225600,
    dropSecond: 0,
    duplicating: false,
    initPartitionCount: -1,
    isBulkLoading: false,
    atomicIdempotent: false,
    ...change,
  };
}

export function facts(change: Partial<PartitionFacts>): PartitionFacts {
  return { config: config(), proposals: NO_PROPOSALS, dropped: NOTHING_DROPPED, ...change };
}

/** A cluster in which these nodes are alive and have reported, with these partitions. */
export function cluster(
  alive: readonly Node[],
  more: {
    readonly partitions?: readonly PartitionConfig[];
    readonly silent?: readonly Node[];
    readonly blackListed?: readonly Node[];
  } = {},
): ClusterFacts & { readonly loads: NodeLoads } {
  const loads = new NodeLoads();
  for (const partition of more.partitions ?? []) loads.count(partition, 1);
  return {
    loads,
    aliveNodes: alive,
    isAlive: (known) => alive.includes(known),
    hasReported: (known) => alive.includes(known) && !(more.silent ?? []).includes(known),
    isBlackListed: (known) => (more.blackListed ?? []).includes(known),
    partitionCount: (known) => loads.partitionCount(known),
    compareForPrimary: (a, b, appId) => loads.compareForPrimary(a, b, appId),
    compareForSecondary: (a, b, appId) => loads.compareForSecondary(a, b, appId),
  };
}

export const MINUTE_MS = 60_000;

/** min.ini's settings, at a moment. */
export function settings(nowMs: number, minReplicaCount = 1): CureSettings {
  return {
    nowMs,
    replicaAssignDelayMs: 10 * MINUTE_MS,
    minReplicaCountFor2pc: () => minReplicaCount,
  };
}

export function moment(monotonicMs: number): { monotonicMs: number; unixMs: number } {
  return { monotonicMs, unixMs: new FakeClock().unixMs() + monotonicMs };
}
