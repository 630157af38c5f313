import { gpidText } from '@onebox/base';
import { LEVEL_ALLOWS } from '../function-level';
import { eachLimited } from '../state/each-limited';
import { afterMaxReplicaCount } from '../state/partition-change';
import type { TableInfo } from '../state/table';
import type { TableState } from '../state/table-state';
import { FROZEN, doesNotExist, notAvailable } from './hinted-answer';
import type { HintedAnswer } from './hinted-answer';
import { replicaCountProblem } from './replica-count-limits';
import { PARTITION_WRITES_AT_ONCE, storeTable } from './table-operations';
import type { TableOperationParts } from './table-operations';

/** The env that marks an update under way, so that the next leader finishes it (7.5). Clients cannot set it. */
const UPDATE_ENV = 'max_replica_count.update';

export interface MaxReplicaCountAnswer extends HintedAnswer {
  /** The count before the call; 0 when there is no such table, or its partitions disagree with it. */
  readonly count: number;
}

/** get_max_replica_count. */
export function getMaxReplicaCount({ state }: TableOperationParts, appName: string): MaxReplicaCountAnswer {
  const table = state.tableNamed(appName);
  if (table === undefined) return { ...doesNotExist(appName), count: 0 };
  return inconsistency(table) ?? { error: 'ERR_OK', hint: '', count: table.info.maxReplicaCount };
}

/** set_max_replica_count, in the order of the checks of 7.5; answers when everything is stored. */
export async function setMaxReplicaCount(
  parts: TableOperationParts,
  appName: string,
  count: number,
): Promise<MaxReplicaCountAnswer> {
  const table = parts.state.tableNamed(appName);
  if (table === undefined) return { ...doesNotExist(appName), count: 0 };
  const old = table.info.maxReplicaCount;
  const answer = (hinted: HintedAnswer): MaxReplicaCountAnswer => ({ ...hinted, count: old });
  if (table.info.status !== 'AS_AVAILABLE') return answer(notAvailable(appName));
  const inconsistent = inconsistency(table);
  if (inconsistent !== undefined) return inconsistent;
  if (!LEVEL_ALLOWS[parts.level()].createTable) return answer(FROZEN);
  const problem = replicaCountProblem(parts, count);
  if (problem !== undefined) return answer({ error: 'ERR_INVALID_PARAMETERS', hint: problem });
  if (count === old) {
    return answer({
      error: 'ERR_OK',
      hint: "no need to update max_replica_count since it's not changed",
    });
  }
  if (table.info.envs.has(UPDATE_ENV)) return answer(beingUpdated(appName));
  return table.turn.during(async () => {
    // Another update came first: this one was judged by a count that is history.
    if (table.info.maxReplicaCount !== old) return answer(beingUpdated(appName));
    if (table.info.status !== 'AS_AVAILABLE') return answer(notAvailable(appName));
    await changeEnvs(parts, table, (envs) => envs.set(UPDATE_ENV, `updating;${count}`), {});
    await finish(parts, table, count);
    return answer({ error: 'ERR_OK', hint: '' });
  });
}

function beingUpdated(appName: string): HintedAnswer {
  return {
    error: 'ERR_OPERATION_DISABLED',
    hint: `max_replica_count of app(${appName}) is being updated, thus this request would be rejected`,
  };
}

/** Whether an earlier leader left the update unfinished. */
export function pendingMaxReplicaCount(info: TableInfo): number | undefined {
  const match = /^updating;(\d+)$/.exec(info.envs.get(UPDATE_ENV) ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** Finishes what an earlier leader began. */
export async function resumeMaxReplicaCount(parts: TableOperationParts, table: TableState): Promise<void> {
  await table.turn.during(async () => {
    const count = pendingMaxReplicaCount(table.info);
    if (count !== undefined && table.info.status === 'AS_AVAILABLE') await finish(parts, table, count);
  });
}

/** Every partition (ballot + 1, those already changed are left alone), then the table, and the env goes. */
async function finish(parts: TableOperationParts, table: TableState, count: number): Promise<void> {
  const why = parts.chronicle.tableChanged(table.info, `max replica count: ${count}`);
  await eachLimited([...table.partitions.keys()], PARTITION_WRITES_AT_ONCE, (index) =>
    parts.writer.change({ table, index }, (config) =>
      config.maxReplicaCount === count
        ? undefined
        : {
            type: 'SET_MAX_REPLICA_COUNT',
            node: undefined,
            next: afterMaxReplicaCount(config, count),
            ...why,
          },
    ),
  );
  await changeEnvs(parts, table, (envs) => envs.delete(UPDATE_ENV), { maxReplicaCount: count });
  parts.log.info(`table ${table.info.appName}: max_replica_count is ${count}`);
}

async function changeEnvs(
  parts: TableOperationParts,
  table: TableState,
  change: (envs: Map<string, string>) => unknown,
  further: Partial<TableInfo>,
): Promise<void> {
  const envs = new Map(table.info.envs);
  change(envs);
  await storeTable(parts, { ...table.info, ...further, envs }, 'AS_AVAILABLE');
  parts.state.updateInfo(table, { ...further, envs });
}

function inconsistency(table: TableState): MaxReplicaCountAnswer | undefined {
  const { maxReplicaCount } = table.info;
  const other = table.partitions.find((config) => config.maxReplicaCount !== maxReplicaCount);
  if (other === undefined) return undefined;
  return {
    error: 'ERR_INCONSISTENT_STATE',
    hint:
      `partition_max_replica_count(${other.maxReplicaCount}) != ` +
      `app_max_replica_count(${maxReplicaCount}) for partition ${gpidText(other.gpid)}`,
    count: 0,
  };
}
