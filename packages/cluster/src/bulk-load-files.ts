import { joinBlockPath } from '@onebox/server';
import type { BlockFileSystem } from '@onebox/server';

/** A table, and where its files go: `<root>/<cluster>/<table>` in a block service. */
export interface FileSetPlace {
  readonly root: string;
  readonly clusterName: string;
  readonly appName: string;
  readonly appId: number;
  readonly partitionCount: number;
}

/** One file of a partition. */
export interface LoadFile {
  readonly name: string;
  readonly content: Buffer;
}

/**
 * Writes a set of files that a bulk load accepts, in upstream's layout: `bulk_load_info` describes the table, and each partition has
 * a directory with its files and `bulk_load_metadata`, which lists them (reference/cluster-behaviour.md 9.1).
 *
 * @param filesOf the files of a partition: at least one, with content
 * @returns how many files there are, without the descriptions
 */
export async function writeLoadFiles(
  blockService: BlockFileSystem,
  place: FileSetPlace,
  filesOf: (partitionIndex: number) => readonly LoadFile[],
): Promise<number> {
  const { root, clusterName, appName, appId, partitionCount } = place;
  const directory = joinBlockPath(root, clusterName, appName);
  const json = (content: unknown): Buffer => Buffer.from(JSON.stringify(content));
  let count = 0;
  for (let index = 0; index < partitionCount; index += 1) {
    const partition = joinBlockPath(directory, String(index));
    const files: { name: string; size: number; md5: string }[] = [];
    for (const { name, content } of filesOf(index)) {
      const { size, md5 } = await blockService.write(joinBlockPath(partition, name), content);
      files.push({ name, size, md5 });
    }
    const total = files.reduce((sum, { size }) => sum + size, 0);
    await blockService.write(
      joinBlockPath(partition, 'bulk_load_metadata'),
      json({ files, file_total_size: total }),
    );
    count += files.length;
  }
  // Last: without it nobody begins to load a set that is not whole.
  await blockService.write(
    joinBlockPath(directory, 'bulk_load_info'),
    json({ app_id: appId, app_name: appName, partition_count: partitionCount }),
  );
  return count;
}

/** Files to try a load with: their layout is upstream's, their content is text that no storage engine would take. */
export function exampleFiles(appName: string, partitionIndex: number, count: number): LoadFile[] {
  return Array.from({ length: count }, (_, number) => ({
    name: `example-${number}.sst`,
    content: Buffer.from(`example file ${number} of partition ${partitionIndex} of table ${appName}\n`),
  }));
}
