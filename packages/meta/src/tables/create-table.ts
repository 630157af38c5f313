import type { ErrorCode } from '@onebox/base';
import { validateEnvsAtCreation } from '../app-envs';
import { isFollowerRequest, judgeFollowerRequest } from '../duplication/follower-status';
import { LEVEL_ALLOWS } from '../function-level';
import { writePartitionJson } from '../state/partition-json';
import type { TableInfo } from '../state/table';
import { writeTableJson } from '../state/table-json';
import type { TableState } from '../state/table-state';
import { newPartitions } from './new-partition';
import { replicaCountProblem } from './replica-count-limits';
import { fitsInZnode, storeTable, stored, unixSeconds } from './table-operations';
import type { TableOperationParts } from './table-operations';

/**
 * Upstream has no limit. Here the partitions of a table are objects in the memory of one process: nothing a tool asks for may end
 * the leader (docs/compatibility.md).
 */
export const MAX_PARTITIONS = 16_384;

export interface CreateTableRequest {
  readonly appName: string;
  readonly appType: string;
  readonly partitionCount: number;
  readonly replicaCount: number;
  readonly successIfExist: boolean;
  readonly isStateful: boolean;
  readonly envs: ReadonlyMap<string, string>;
  readonly atomicIdempotent: boolean;
}

export interface CreateTableAnswer {
  readonly error: ErrorCode;
  /** 0 unless the table is there. */
  readonly appId: number;
  /** The table that was created; undefined when it existed or was refused. */
  readonly created: TableState | undefined;
}

/** create_app: the checks in upstream's order, then the znodes; answers when all of them are stored (7.2). */
export async function createTable(
  parts: TableOperationParts,
  request: CreateTableRequest,
): Promise<CreateTableAnswer> {
  const refused = (error: ErrorCode, appId = 0): CreateTableAnswer => ({ error, appId, created: undefined });
  if (!LEVEL_ALLOWS[parts.level()].createTable) return refused('ERR_STATE_FREEZED');
  const problem = parameterProblem(parts, request);
  if (problem !== undefined) {
    parts.log.info(`create ${request.appName}: refused, ${problem}`);
    return refused('ERR_INVALID_PARAMETERS');
  }
  const existing = parts.state.tableNamed(request.appName);
  if (existing !== undefined) {
    const error = await whenItExists(parts, existing, request);
    return refused(error, error === 'ERR_OK' ? existing.info.appId : 0);
  }
  const info = newTable(parts, request);
  if (!fitsInZnode(info)) {
    parts.log.info(`create ${request.appName}: refused, its name and envs are too long for a znode`);
    return refused('ERR_INVALID_PARAMETERS');
  }
  const created = await storeNewTable(parts, info);
  return { error: 'ERR_OK', appId: created.info.appId, created };
}

function parameterProblem(parts: TableOperationParts, request: CreateTableRequest): string | undefined {
  const { partitionCount } = request;
  if (partitionCount <= 0 || partitionCount > MAX_PARTITIONS)
    return `it cannot have ${partitionCount} partitions`;
  return replicaCountProblem(parts, request.replicaCount) ?? validateEnvsAtCreation(request.envs);
}

async function whenItExists(
  parts: TableOperationParts,
  table: TableState,
  request: CreateTableRequest,
): Promise<ErrorCode> {
  const { info } = table;
  switch (info.status) {
    case 'AS_CREATING':
    case 'AS_RECALLING':
      return 'ERR_BUSY_CREATING';
    case 'AS_DROPPING':
      return 'ERR_BUSY_DROPPING';
    default: {
      if (!request.successIfExist) {
        return isFollowerRequest(request.envs) ? follow(parts, table, request.envs) : 'ERR_APP_EXIST';
      }
      const same =
        info.appType === request.appType &&
        info.partitionCount === request.partitionCount &&
        info.maxReplicaCount === request.replicaCount &&
        info.isStateful === request.isStateful &&
        sameEnvs(info.envs, request.envs);
      return same ? 'ERR_OK' : 'ERR_INVALID_PARAMETERS';
    }
  }
}

/** The leading cluster of a duplication asks for its follower again, or marks it. */
async function follow(
  parts: TableOperationParts,
  table: TableState,
  envs: ReadonlyMap<string, string>,
): Promise<ErrorCode> {
  return table.turn.during(async () => {
    const verdict = judgeFollowerRequest(table.info.envs, envs);
    if (typeof verdict === 'string') return verdict;
    await storeTable(parts, { ...table.info, envs: verdict }, 'AS_AVAILABLE');
    parts.chronicle.tableChanged(table.info, 'envs: follows a table of another cluster');
    parts.state.updateInfo(table, { envs: verdict });
    return 'ERR_OK';
  });
}

function sameEnvs(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function newTable(parts: TableOperationParts, request: CreateTableRequest): TableInfo {
  return {
    status: 'AS_CREATING',
    appType: request.appType,
    appName: request.appName,
    appId: parts.state.nextAppId(),
    partitionCount: request.partitionCount,
    envs: new Map(request.envs),
    isStateful: request.isStateful,
    maxReplicaCount: request.replicaCount,
    expireSecond: 0,
    createSecond: unixSeconds(parts.clock),
    dropSecond: 0,
    duplicating: false,
    initPartitionCount: request.partitionCount,
    isBulkLoading: false,
    atomicIdempotent: request.atomicIdempotent,
  };
}

/** Puts a table into ZooKeeper with all its partitions; nothing is checked. @param info its status is AS_CREATING */
export async function storeNewTable(parts: TableOperationParts, info: TableInfo): Promise<TableState> {
  const { state, store, paths, log } = parts;
  const partitions = newPartitions(info);
  const table = state.add(info, partitions);
  await table.turn.during(() =>
    stored(parts, `table ${info.appName}`, () =>
      store.createMany([
        { path: paths.table(info.appId), data: writeTableJson(info, 'AS_AVAILABLE') },
        ...partitions.map((config) => ({
          path: paths.partition(config.gpid),
          data: writePartitionJson(config, parts.addressOf),
        })),
      ]),
    ),
  );
  parts.chronicle.tableCreated(info, partitions);
  state.updateInfo(table, { status: 'AS_AVAILABLE' });
  log.info(`table ${info.appName} created: id ${info.appId}, ${info.partitionCount} partitions`);
  return table;
}
