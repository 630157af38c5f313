import type { Node } from '@onebox/base';
import type { RpcClient } from '@onebox/protocol';
import type { DuplicationClusters } from '@onebox/server';
import type { TableOperationParts } from '../tables/table-operations';
import { Duplications } from './duplications';
import { FollowerTable } from './follower-table';

/** The duplications of a leader. Its name there is `dup_cluster_name` or, usually, `cluster_name`. */
export function duplicationsOf(
  operations: TableOperationParts,
  parts: {
    readonly rpcClient: Pick<RpcClient, 'call'>;
    readonly duplicationClusters: DuplicationClusters;
    readonly metaServers: readonly Node[];
  },
): Duplications {
  const { flags } = operations;
  const { rpcClient, duplicationClusters: clusters, metaServers } = parts;
  const ownName = flags.get('dup_cluster_name') || flags.get('cluster_name');
  return new Duplications({
    operations,
    follower: new FollowerTable({ rpcClient, clusters, ownName, ownMetas: metaServers.join(',') }),
    around: { ownName, clusters, ignoresIds: flags.get('dup_ignore_other_cluster_ids') },
  });
}
