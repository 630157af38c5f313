import type { Node } from '@onebox/base';
import { parseNode } from '@onebox/base';
import type { BalancerFlags } from '../src/balancer';
import type { PartitionConfig } from '../src/state/partition';
import type { TableInfo, TableView } from '../src/state/table';

export const FLAGS: BalancerFlags = {
  balanceCluster: false,
  balancerInTurn: false,
  onlyPrimaryBalancer: false,
  onlyMovePrimary: false,
  balanceOpCountPerRound: 10,
};

export const servers = (count: number): Node[] =>
  Array.from({ length: count }, (_unused, index) => parseNode(`127.0.0.1:${34801 + index}`));

/** A table from its members: `'1 2 3'` is a partition led by R1 with R2 and R3 behind. */
export function table(appId: number, rows: readonly string[], info: Partial<TableInfo> = {}): TableView {
  const nodes = servers(9);
  const partitions = rows.map((row, partitionIndex): PartitionConfig => {
    const [primary, ...secondaries] = row.split(' ').map((digit) => nodes[Number(digit) - 1] as Node);
    return {
      gpid: { appId, partitionIndex },
      ballot: 3,
      maxReplicaCount: secondaries.length + 1,
      primary,
      secondaries,
      lastDrops: [],
      lastCommittedDecree: 0,
      flags: 0,
    };
  });
  return {
    info: {
      status: 'AS_AVAILABLE',
      appType: 'pegasus',
      appName: `table${appId}`,
      appId,
      partitionCount: rows.length,
      envs: new Map(),
      isStateful: true,
      maxReplicaCount: partitions[0]?.maxReplicaCount ?? 3,
      expireSecond: 0,
      createSecond: 0,
      dropSecond: 0,
      duplicating: false,
      initPartitionCount: -1,
      isBulkLoading: false,
      atomicIdempotent: false,
      ...info,
    },
    partitions,
  };
}

/** After R1 died and came back: it leads nothing and is last everywhere (scenario 15). */
export const TEMP_AFTER_RETURN = ['2 3 1', '2 3 1', '3 2 1', '2 3 1', '3 2 1', '3 2 1', '2 3 1', '3 2 1'];
export const STAT_AFTER_RETURN = ['2 3 1', '3 2 1', '2 3 1', '3 2 1'];
