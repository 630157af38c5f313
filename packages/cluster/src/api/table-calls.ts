import { OneboxError, until } from '@onebox/base';
import { TableAdmin, withMetaAdmin } from '../admin';
import type { AdminCluster } from '../admin';
import { describeLacking, lackingPartitions } from '../health/health';
import type { ClusterRecord } from '../record/cluster-record';
import { DEFAULT_OPTIONS } from '../record/cluster-options';
import type { CreateTableOptions } from './onebox-options';
import { defaultReplicaCount } from './table-plan';
import { WAIT_MS } from './wait-for-status';

const LOOK_EVERY_MS = 20;

/** Looks at tables, over connections that are closed again afterwards. */
export async function lookingAtTables<T>(
  cluster: AdminCluster,
  work: (tables: TableAdmin) => Promise<T>,
): Promise<T> {
  return withTables(cluster, ['app', 'list'], work);
}

/** @throws OneboxError ERR_APP_NOT_EXIST */
export async function dropTable(cluster: AdminCluster, name: string): Promise<void> {
  await withTables(cluster, ['app', 'drop', name], (tables) => tables.drop(name, undefined));
}

/** @param words of the command that does the same */
function withTables<T>(
  cluster: AdminCluster,
  words: readonly string[],
  work: (tables: TableAdmin) => Promise<T>,
): Promise<T> {
  const command = { verb: words.slice(0, 2).join(' '), text: ['onebox', ...words].join(' ') };
  return withMetaAdmin(cluster, command, (meta) => work(new TableAdmin(meta)));
}

/**
 * Creates a table, waits until its partitions have all the replicas they can have, and gives its id.
 *
 * @throws OneboxError ONEBOX_BAD_TABLE_NAME; ONEBOX_TABLE_UNHEALTHY at the bound; an `ERR_…` code when the leader refuses
 */
export async function createTable(
  cluster: AdminCluster,
  name: string,
  options: CreateTableOptions,
): Promise<number> {
  const { partitions = DEFAULT_OPTIONS.partitions, envs = {}, ifNotExists = false, wait = true } = options;
  const { record } = cluster;
  const replicaCount = options.replicaCount ?? defaultReplicaCount(record.replicas);
  const words = [
    ...['app', 'create', name, '-p', String(partitions), '-r', String(replicaCount)],
    ...Object.entries(envs).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
    ...(ifNotExists ? ['--if-not-exists'] : []),
    ...(wait ? [] : ['--no-wait']),
  ];
  return withTables(cluster, words, async (tables) => {
    const id = await tables.create(name, {
      partitionCount: partitions,
      replicaCount,
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
