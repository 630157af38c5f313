import { compareNodes } from '@onebox/base';
import type { Node } from '@onebox/base';
import {
  AppEnvOperation,
  AppStatus,
  MetaFunctionLevel,
  NodeStatus,
  RPC,
  createAppOptions,
  dropAppOptions,
  make,
  wireNode,
} from '@onebox/protocol';
import type { AppInfo, PartitionConfiguration } from '@onebox/protocol';
import { MetaRefusal } from './meta-admin';
import type { MetaAdmin } from './meta-admin';
import { checkTableName } from './table-name';

/** A table as tools list it. Times are unix seconds, 0 when they do not apply. */
export interface ListedTable {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly partitionCount: number;
  readonly maxReplicaCount: number;
  readonly createSecond: number;
  readonly dropSecond: number;
  readonly expireSecond: number;
  readonly envs: Readonly<Record<string, string>>;
}

export interface ListedPartition {
  readonly index: number;
  readonly ballot: number;
  readonly maxReplicaCount: number;
  readonly primary: Node | undefined;
  readonly secondaries: readonly Node[];
}

/** The health words of the real shell's `ls -d`, counted over partitions (reference/cluster-behaviour.md 4.7). */
export interface TableHealth {
  readonly fullyHealthy: number;
  readonly unhealthy: number;
  readonly writeUnhealthy: number;
  readonly readUnhealthy: number;
}

export const FUNCTION_LEVELS = {
  stopped: MetaFunctionLevel.fl_stopped,
  blind: MetaFunctionLevel.fl_blind,
  freezed: MetaFunctionLevel.fl_freezed,
  steady: MetaFunctionLevel.fl_steady,
  lively: MetaFunctionLevel.fl_lively,
} as const;

export type FunctionLevelName = keyof typeof FUNCTION_LEVELS;

/** A partition with a primary can be written when at least this many replicas are there: fixed, not a flag (4.7). */
const WRITABLE_FROM = 2;

export function tableHealth(partitions: readonly ListedPartition[]): TableHealth {
  let fullyHealthy = 0;
  let writeUnhealthy = 0;
  let readUnhealthy = 0;
  for (const { primary, secondaries, maxReplicaCount } of partitions) {
    const replicas = (primary === undefined ? 0 : 1) + secondaries.length;
    if (primary === undefined) {
      readUnhealthy += 1;
      writeUnhealthy += 1;
    } else if (replicas >= maxReplicaCount) fullyHealthy += 1;
    else if (replicas < WRITABLE_FROM) writeUnhealthy += 1;
  }
  return { fullyHealthy, unhealthy: partitions.length - fullyHealthy, writeUnhealthy, readUnhealthy };
}

/** The table operations of the real tools, over the RPCs they use. All refusals are {@link MetaRefusal}s. */
export class TableAdmin {
  constructor(private readonly meta: MetaAdmin) {}

  /** Creates a table and gives its id. The answer comes before any partition has a primary (7.2). */
  async create(
    name: string,
    options: {
      readonly partitionCount: number;
      readonly replicaCount: number;
      readonly envs: Readonly<Record<string, string>>;
      readonly successIfExists: boolean;
    },
  ): Promise<number> {
    checkTableName(name);
    const request = {
      app_name: name,
      options: make(createAppOptions, {
        partition_count: options.partitionCount,
        replica_count: options.replicaCount,
        success_if_exist: options.successIfExists,
        app_type: 'pegasus',
        is_stateful: true,
        envs: Object.entries(options.envs),
      }),
    };
    // The server refuses what it cannot make without a word.
    const meanings = {
      ERR_INVALID_PARAMETERS: {
        says: options.successIfExists
          ? 'a table of that name is another one, or what is asked for is not allowed'
          : `${options.partitionCount} partitions, ${options.replicaCount} replicas or an env are not allowed`,
        nextStep:
          'Partitions: 1 or more. Replicas: [meta_server] min_ to max_allowed_replica_count, 1 to 5 unless configured. Envs: those of docs/compatibility.md.',
      },
    };
    const what = `creating table '${name}'`;
    return (await this.meta.demand(what, RPC.RPC_CM_CREATE_APP, request, meanings)).appid;
  }

  /** Every table, dropped ones included, in id order. */
  async list(): Promise<readonly ListedTable[]> {
    const answer = await this.meta.demand('listing the tables', RPC.RPC_CM_LIST_APPS, {
      status: AppStatus.AS_INVALID,
    });
    return answer.infos.map(listedTable).sort((a, b) => a.id - b.id);
  }

  /** The partitions of an available table, in order. */
  async partitions(name: string): Promise<readonly ListedPartition[]> {
    const answer = await this.meta.demand(
      `asking for table '${name}'`,
      RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX,
      { app_name: name, partition_indices: [] },
    );
    return answer.partitions.map(listedPartition).sort((a, b) => a.index - b.index);
  }

  /** @param reserveSeconds how long it can be recalled; undefined: the server's `hold_seconds_for_dropped_app` */
  async drop(name: string, reserveSeconds: number | undefined): Promise<void> {
    await this.meta.demand(`dropping table '${name}'`, RPC.RPC_CM_DROP_APP, {
      app_name: name,
      options: make(dropAppOptions, { success_if_not_exist: false, reserve_seconds: reserveSeconds }),
    });
  }

  /** @param newName empty: the old name */
  async recall(id: number, newName: string): Promise<ListedTable> {
    if (newName !== '') checkTableName(newName);
    const request = { app_id: id, new_app_name: newName };
    const answer = await this.meta.demand(`recalling table ${id}`, RPC.RPC_CM_RECALL_APP, request, {
      ERR_APP_NOT_EXIST: {
        says: 'no dropped table has this id',
        nextStep: 'See `onebox app list`: what was dropped is kept for a while only.',
      },
      ERR_INVALID_PARAMETERS: {
        says: 'there is a table of that name by now',
        nextStep: `Give it another one: \`onebox app recall ${id} NEWNAME\`.`,
      },
    });
    return listedTable(answer.info);
  }

  async rename(oldName: string, newName: string): Promise<void> {
    checkTableName(newName);
    await this.meta.demand(`renaming table '${oldName}'`, RPC.RPC_CM_RENAME_APP, {
      old_app_name: oldName,
      new_app_name: newName,
    });
  }

  /** Sets all pairs or none. */
  async setEnvs(name: string, envs: Readonly<Record<string, string>>): Promise<void> {
    await this.meta.demand(`setting envs of table '${name}'`, RPC.RPC_CM_UPDATE_APP_ENV, {
      app_name: name,
      op: AppEnvOperation.APP_ENV_OP_SET,
      keys: Object.keys(envs),
      values: Object.values(envs),
    });
  }

  /** Gives the server's report of what it deleted. */
  async deleteEnvs(name: string, keys: readonly string[]): Promise<string> {
    const answer = await this.meta.demand(`deleting envs of table '${name}'`, RPC.RPC_CM_UPDATE_APP_ENV, {
      app_name: name,
      op: AppEnvOperation.APP_ENV_OP_DEL,
      keys: [...keys],
    });
    return answer.hint_message;
  }

  /** @param prefix only keys below `prefix.`; empty: all. Gives the server's report. */
  async clearEnvs(name: string, prefix: string): Promise<string> {
    const answer = await this.meta.demand(`clearing envs of table '${name}'`, RPC.RPC_CM_UPDATE_APP_ENV, {
      app_name: name,
      op: AppEnvOperation.APP_ENV_OP_CLEAR,
      clear_prefix: prefix,
    });
    return answer.hint_message;
  }

  async maxReplicaCount(name: string): Promise<number> {
    const answer = await this.meta.demand(
      `asking for the replica count of table '${name}'`,
      RPC.RPC_CM_GET_MAX_REPLICA_COUNT,
      { app_name: name },
    );
    return answer.max_replica_count;
  }

  /** Gives the count that held before, and the server's hint. */
  async setMaxReplicaCount(name: string, count: number): Promise<{ old: number; hint: string }> {
    const answer = await this.meta.demand(
      `setting the replica count of table '${name}'`,
      RPC.RPC_CM_SET_MAX_REPLICA_COUNT,
      { app_name: name, max_replica_count: count },
    );
    return { old: answer.old_max_replica_count, hint: answer.hint_message };
  }

  /** The name the cluster has in its servers' configuration. */
  async clusterName(): Promise<string> {
    const { keys, values } = await this.meta.demand('asking for the cluster', RPC.RPC_CM_CLUSTER_INFO, {});
    return values[keys.indexOf('cluster_name')] ?? '';
  }

  /** Replica servers the leader counts as alive, in node order. */
  async aliveNodes(): Promise<readonly Node[]> {
    const answer = await this.meta.demand('listing the nodes', RPC.RPC_CM_LIST_NODES, {
      status: NodeStatus.NS_ALIVE,
    });
    return answer.infos
      .map((info) => wireNode(info.hp_node, info.node))
      .filter((node) => node !== undefined)
      .sort(compareNodes);
  }

  /** The effective function level; with `next`, what it was before it was set. */
  async functionLevel(next?: FunctionLevelName): Promise<FunctionLevelName> {
    const answer = await this.meta.demand('asking for the function level', RPC.RPC_CM_CONTROL_META, {
      level: next === undefined ? MetaFunctionLevel.fl_invalid : FUNCTION_LEVELS[next],
    });
    const found = Object.entries(FUNCTION_LEVELS).find(([, value]) => value === answer.old_level);
    if (found === undefined)
      throw new MetaRefusal('ERR_UNKNOWN', `unknown level ${answer.old_level}`, 'the function level', {
        ERR_UNKNOWN: { nextStep: 'Set one that is known: `onebox level steady`.' },
      });
    return found[0] as FunctionLevelName;
  }
}

/** A table as the wire has it, in our words. */
export function listedTable(info: AppInfo): ListedTable {
  const status = Object.entries(AppStatus).find(([, value]) => value === info.status)?.[0] ?? 'AS_INVALID';
  return {
    id: info.app_id,
    name: info.app_name,
    type: info.app_type,
    status: status.replace(/^AS_/, ''),
    partitionCount: info.partition_count,
    maxReplicaCount: info.max_replica_count,
    createSecond: info.create_second,
    dropSecond: info.drop_second,
    expireSecond: info.expire_second,
    envs: Object.fromEntries(info.envs),
  };
}

/** A partition as the wire has it, in our words. */
export function listedPartition(config: PartitionConfiguration): ListedPartition {
  return {
    index: config.pid.partitionIndex,
    ballot: config.ballot,
    maxReplicaCount: config.max_replica_count,
    primary: wireNode(config.hp_primary, config.primary),
    secondaries: config.secondaries
      .map((address, i) => wireNode(config.hp_secondaries?.[i], address))
      .filter((node) => node !== undefined),
  };
}
