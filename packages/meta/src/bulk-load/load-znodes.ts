import { eachLimited } from '../state/each-limited';
import type { TableOperationParts } from '../tables/table-operations';
import { PARTITION_WRITES_AT_ONCE, stored } from '../tables/table-operations';
import type { PartitionLoadInfo, TableLoadInfo } from './load-info';
import {
  parsePartitionLoadJson,
  parseTableLoadJson,
  writePartitionLoadJson,
  writeTableLoadJson,
} from './load-json';

type Storage = Pick<TableOperationParts, 'store' | 'paths' | 'fatal'>;

/** ZooKeeper takes no request above 1 MiB, and a list of files that cannot be stored must not end the leader. */
const MAX_PARTITION_JSON_BYTES = 900_000;

export function fitsInPartitionZnode(info: PartitionLoadInfo): boolean {
  return writePartitionLoadJson(info).length <= MAX_PARTITION_JSON_BYTES;
}

/** A load as it is in ZooKeeper. */
export interface StoredLoad {
  readonly info: TableLoadInfo;
  readonly partitions: ReadonlyMap<number, PartitionLoadInfo>;
}

/** @throws OneboxError ONEBOX_BAD_ZNODE for what is not understood */
export async function readLoad({ store, paths }: Storage, appId: number): Promise<StoredLoad> {
  const path = paths.bulkLoad(appId);
  const info = parseTableLoadJson(path, (await store.get(path)) ?? Buffer.alloc(0));
  const partitions = new Map<number, PartitionLoadInfo>();
  await eachLimited(await store.children(path), PARTITION_WRITES_AT_ONCE, async (name) => {
    const child = `${path}/${name}`;
    // A name that is no index is no partition of this table: NaN makes the load implausible.
    const index = /^\d+$/.test(name) ? Number(name) : Number.POSITIVE_INFINITY;
    partitions.set(index, parsePartitionLoadJson(child, (await store.get(child)) ?? Buffer.alloc(0)));
  });
  return { info, partitions };
}

/** Makes the znodes of a load anew; what an earlier one left is gone. */
export async function createLoad(
  parts: Storage,
  info: TableLoadInfo,
  partitions: readonly PartitionLoadInfo[],
): Promise<void> {
  await removeLoad(parts, info.appId);
  await stored(parts, `bulk load of ${info.appName}`, () =>
    parts.store.createMany([
      { path: parts.paths.bulkLoad(info.appId), data: writeTableLoadJson(info) },
      ...partitions.map((partition, index) => partitionNode(parts, info, index, partition)),
    ]),
  );
}

export async function createPartitionLoads(
  parts: Storage,
  info: TableLoadInfo,
  missing: readonly (readonly [number, PartitionLoadInfo])[],
): Promise<void> {
  await stored(parts, `bulk load of ${info.appName}`, () =>
    parts.store.createMany(missing.map(([index, partition]) => partitionNode(parts, info, index, partition))),
  );
}

export async function storeLoad(parts: Storage, info: TableLoadInfo): Promise<void> {
  await stored(parts, `bulk load of ${info.appName}`, () =>
    parts.store.set(parts.paths.bulkLoad(info.appId), writeTableLoadJson(info)),
  );
}

export async function storePartitionLoad(
  parts: Storage,
  info: TableLoadInfo,
  index: number,
  partition: PartitionLoadInfo,
): Promise<void> {
  const { path, data } = partitionNode(parts, info, index, partition);
  await stored(parts, `bulk load of ${info.appName}`, () => parts.store.set(path, data));
}

/** Removes the znodes of a table's load, if there are any. */
export async function removeLoad(parts: Storage, appId: number): Promise<void> {
  const path = parts.paths.bulkLoad(appId);
  await stored(parts, `the end of the bulk load of table ${appId}`, async () => {
    const children = await parts.store.children(path);
    await eachLimited(children, PARTITION_WRITES_AT_ONCE, (name) => parts.store.remove(`${path}/${name}`));
    await parts.store.remove(path);
  });
}

function partitionNode(
  { paths }: Storage,
  { appId }: TableLoadInfo,
  partitionIndex: number,
  partition: PartitionLoadInfo,
): { readonly path: string; readonly data: Buffer } {
  return {
    path: paths.bulkLoadPartition({ appId, partitionIndex }),
    data: writePartitionLoadJson(partition),
  };
}
