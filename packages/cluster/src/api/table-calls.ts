import { OneboxError, ScaledClock, until } from '@onebox/base';
import { MetaAdmin, TableAdmin } from '../admin';
import { describeLacking, lackingPartitions } from '../health/health';
import type { ClusterRecord } from '../record/cluster-record';
import { DEFAULT_OPTIONS } from '../record/cluster-options';
import { localMetaServersOf } from '../topology';
import type { CreateTableOptions } from './onebox-options';
import { defaultReplicaCount } from './table-plan';
import { WAIT_MS } from './wait-for-status';

const LOOK_EVERY_MS = 20;

/** Calls to the leader, over connections that are closed again afterwards. */
export async function withTables<T>(
  record: ClusterRecord,
  work: (tables: TableAdmin) => Promise<T>,
): Promise<T> {
  const meta = new MetaAdmin(localMetaServersOf(record), new ScaledClock(1));
  try {
    return await work(new TableAdmin(meta));
  } finally {
    meta.close();
  }
}

/**
 * Creates a table, waits until its partitions have all the replicas they can have, and gives its id.
 *
 * @throws OneboxError ONEBOX_BAD_TABLE_NAME; ONEBOX_TABLE_UNHEALTHY at the bound; an `ERR_…` code when the leader refuses
 */
export async function createTable(
  record: ClusterRecord,
  name: string,
  options: CreateTableOptions,
): Promise<number> {
  const { partitions = DEFAULT_OPTIONS.partitions, envs = {}, ifNotExists = false, wait = true } = options;
  return withTables(record, async (tables) => {
    const id = await tables.create(name, {
      partitionCount: partitions,
      replicaCount: options.replicaCount ?? defaultReplicaCount(record.replicas),
      envs,
      successIfExists: ifNotExists,
    });
    if (wait) await untilHealthy(tables, record, name, options);
    return id;
  });
}

async function untilHealthy(
  tables: TableAdmin,
  { replicas }: ClusterRecord,
  name: string,
  { timeoutMs = WAIT_MS, signal }: CreateTableOptions,
): Promise<void> {
  let lacking = '';
  const look = async (): Promise<boolean> => {
    lacking = describeLacking(lackingPartitions(name, await tables.partitions(name), replicas));
    return lacking === '';
  };
  try {
    await until(`table '${name}' healthy`, look, { withinMs: timeoutMs, everyMs: LOOK_EVERY_MS, signal });
  } catch (error) {
    if (!(error instanceof OneboxError) || error.code !== 'ONEBOX_TIMED_OUT') throw error;
    throw new OneboxError(
      'ONEBOX_TABLE_UNHEALTHY',
      `table '${name}' was created, but is not healthy after ${timeoutMs / 1000} s: ${lacking}`,
      { nextStep: 'See `status()`.', data: { name, lacking }, cause: error },
    );
  }
}
