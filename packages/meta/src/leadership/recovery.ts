import { OneboxError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { eachLimited } from '../state/each-limited';
import type { MetaStore } from '../state/meta-store';
import type { PartitionConfig } from '../state/partition';
import { afterDropPartition, afterRecallPartition, isDropped } from '../state/partition-change';
import { parsePartitionJson, writePartitionJson } from '../state/partition-json';
import type { AddressText } from '../state/partition-json';
import type { TableInfo } from '../state/table';
import { parseTableJson, writeTableJson } from '../state/table-json';
import type { ZnodePaths } from '../state/znode-paths';
import { newPartition, newPartitions } from '../tables/new-partition';

const LOCKED = Buffer.from('lock');
const UNLOCKED = Buffer.from('unlock');

/** How many znodes are read or written side by side. */
const AT_ONCE = 64;

export interface RecoveryParts {
  readonly store: MetaStore;
  readonly paths: ZnodePaths;
  readonly addressOf: AddressText;
  /** What an empty cluster starts with; read only when it is empty. */
  readonly defaults: () => readonly TableInfo[];
  readonly log: Logger;
}

/** A table as it is in ZooKeeper, repaired. */
export interface RecoveredTable {
  readonly info: TableInfo;
  readonly partitions: readonly PartitionConfig[];
}

/**
 * Everything a new leader knows comes from here (reference/cluster-behaviour.md 2.6): default tables of an empty
 * cluster, then every table and partition, with half-done work completed.
 *
 * @throws OneboxError ONEBOX_BAD_ZNODE for metadata that is not understood
 */
export async function recover(parts: RecoveryParts): Promise<readonly RecoveredTable[]> {
  const { store, paths, log } = parts;
  await store.ensurePath(paths.apps);
  const state = (await store.get(paths.apps)) ?? Buffer.alloc(0);
  const ids = await store.children(paths.apps);
  // A leader that died while it created the default tables left `lock`: upstream refuses to start then, here the work is done again.
  if (ids.length === 0 || state.equals(LOCKED)) await createDefaultTables(parts);
  const tables = await eachLimited(await tableIds(parts), AT_ONCE, (appId) => readTable(parts, appId));
  log.info(`recovery: ${tables.length} tables`);
  return tables.sort((a, b) => a.info.appId - b.info.appId);
}

async function createDefaultTables({ store, paths, defaults, addressOf, log }: RecoveryParts): Promise<void> {
  await store.set(paths.apps, LOCKED);
  for (const info of defaults()) {
    log.info(`recovery: default table ${info.appName} gets id ${info.appId}`);
    const nodes = [
      { path: paths.table(info.appId), data: writeTableJson(info, 'AS_AVAILABLE') },
      ...newPartitions(info).map((config) => ({
        path: paths.partition(config.gpid),
        data: writePartitionJson(config, addressOf),
      })),
    ];
    // What an earlier leader made before it died stays as it is: its times of creation are not ours.
    const there = await eachLimited(
      nodes,
      AT_ONCE,
      async ({ path }) => (await store.get(path)) !== undefined,
    );
    await store.createMany(nodes.filter((_node, index) => there[index] !== true));
  }
  await store.set(paths.apps, UNLOCKED);
}

async function tableIds({ store, paths }: RecoveryParts): Promise<number[]> {
  return (await store.children(paths.apps)).map((name) => {
    if (/^[1-9]\d*$/.test(name)) return Number(name);
    throw new OneboxError('ONEBOX_BAD_ZNODE', `${paths.apps}/${name} is not the id of a table`, {
      nextStep: 'Delete the znode, or point the cluster at a root of its own.',
      data: { path: `${paths.apps}/${name}` },
    });
  });
}

async function readTable(parts: RecoveryParts, appId: number): Promise<RecoveredTable> {
  const { store, paths } = parts;
  const path = paths.table(appId);
  const data = await store.get(path);
  if (data === undefined) {
    throw new OneboxError('ONEBOX_BAD_ZNODE', `${path} vanished while it was read`, { data: { path } });
  }
  const info = parseTableJson(path, appId, data);
  const indices = Array.from({ length: info.partitionCount }, (_, index) => index);
  const partitions = await eachLimited(indices, AT_ONCE, (index) => readPartition(parts, info, index));
  return { info, partitions };
}

/** Reads one partition; a missing one is created anew, and what a drop or a recall left undone is done (2.6, step 2). */
async function readPartition(
  { store, paths, addressOf, log }: RecoveryParts,
  info: TableInfo,
  index: number,
): Promise<PartitionConfig> {
  const fresh = newPartition(info, index);
  const path = paths.partition(fresh.gpid);
  const data = await store.get(path);
  if (data === undefined) {
    if (info.initPartitionCount > 0 && index >= info.initPartitionCount) {
      // An unfinished split has no place in this cluster yet: its children exist in memory only (section 12).
      return { ...fresh, ballot: -1, maxReplicaCount: 0 };
    }
    const config = info.status === 'AS_DROPPED' ? afterDropPartition(fresh) : fresh;
    log.warn(`recovery: ${path} is missing and made anew`);
    await store.create(path, writePartitionJson(config, addressOf));
    return config;
  }
  const config = parsePartitionJson(path, fresh.gpid, data);
  const shouldBeDropped = info.status === 'AS_DROPPED';
  if (isDropped(config) === shouldBeDropped) return config;
  const completed = shouldBeDropped ? afterDropPartition(config) : afterRecallPartition(config);
  log.warn(`recovery: the ${shouldBeDropped ? 'drop' : 'recall'} of ${path} is completed`);
  await store.set(path, writePartitionJson(completed, addressOf));
  return completed;
}
