import type { ErrorCode } from '@onebox/base';
import { MetaGroup, RPC, createAppOptions, make, queryCfgRequest, wireNode } from '@onebox/protocol';
import type { PartitionConfiguration, RpcClient } from '@onebox/protocol';
import type { DuplicationClusters } from '@onebox/server';
import type { TableInfo } from '../state/table';
import type { DuplicationInfo } from './duplication';
import { FOLLOWER_APP_STATUS, MASTER_APP_NAME, MASTER_CLUSTER, MASTER_METAS } from './follower-status';
import type { FollowerStatus } from './follower-status';

/** Pegasus ms for each meta server of the other cluster. */
const ANSWER_WITHIN_MS = 5000;

export interface FollowerTableParts {
  readonly rpcClient: Pick<RpcClient, 'call'>;
  readonly clusters: DuplicationClusters;
  /** What the follower is told about this cluster. */
  readonly ownName: string;
  readonly ownMetas: string;
}

/** The table of another cluster that a table of this one is duplicated to. Everything rejects when that cluster is not reached. */
export class FollowerTable {
  private readonly groups = new Map<string, MetaGroup>();

  constructor(private readonly parts: FollowerTableParts) {}

  /** Asks for the table, or marks it as created; the other cluster takes the same request again (reference/cluster-behaviour.md 8.2). */
  async create(dup: DuplicationInfo, table: TableInfo, status: FollowerStatus): Promise<ErrorCode> {
    const envs = new Map(table.envs)
      .set(MASTER_CLUSTER, this.parts.ownName)
      .set(MASTER_METAS, this.parts.ownMetas)
      .set(MASTER_APP_NAME, table.appName)
      .set(FOLLOWER_APP_STATUS, status);
    const request = {
      app_name: dup.remoteAppName,
      options: make(createAppOptions, {
        partition_count: table.partitionCount,
        replica_count: dup.remoteReplicaCount,
        success_if_exist: false,
        app_type: table.appType,
        is_stateful: table.isStateful,
        envs: [...envs],
      }),
    };
    const { err } = await this.group(dup.remote).ask(RPC.RPC_CM_CREATE_APP, request, ANSWER_WITHIN_MS);
    return err;
  }

  /** ERR_OK when every partition has a primary and, where it can have them, a secondary. */
  async check(dup: DuplicationInfo, table: TableInfo): Promise<ErrorCode> {
    const request = make(queryCfgRequest, { app_name: dup.remoteAppName });
    const group = this.group(dup.remote);
    const answer = await group.ask(RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, request, ANSWER_WITHIN_MS);
    if (answer.err !== 'ERR_OK') return answer.err;
    return followerHealth(table.partitionCount, answer.partitions);
  }

  private group(remote: string): MetaGroup {
    const known = this.groups.get(remote);
    if (known !== undefined) return known;
    const made = new MetaGroup(this.parts.clusters.metas.get(remote) ?? [], this.parts.rpcClient);
    this.groups.set(remote, made);
    return made;
  }
}

/** What upstream calls each way in which a follower is not there yet. */
export function followerHealth(
  partitionCount: number,
  partitions: readonly PartitionConfiguration[],
): ErrorCode {
  if (partitions.length !== partitionCount) return 'ERR_INCONSISTENT_STATE';
  for (const { primary, hp_primary, secondaries, hp_secondaries, max_replica_count } of partitions) {
    if (wireNode(hp_primary, primary) === undefined) return 'ERR_INACTIVE_STATE';
    const followers = Math.max(secondaries.length, hp_secondaries?.length ?? 0);
    if (followers === 0 && max_replica_count > 1) return 'ERR_NOT_ENOUGH_MEMBER';
  }
  return 'ERR_OK';
}
