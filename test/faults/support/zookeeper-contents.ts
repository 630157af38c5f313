import type { TestCluster } from '../../support/test-cluster';

/** A znode as far as a write would change it. */
export interface ZnodeContents {
  readonly data: string;
  readonly version: number;
  readonly modifiedAtUnixMs: number;
}

/** What of these is not a partition: a leader that goes on changes partitions, and nothing else unless asked. */
export function withoutPartitions(
  contents: Readonly<Record<string, ZnodeContents>>,
): Readonly<Record<string, ZnodeContents>> {
  return Object.fromEntries(Object.entries(contents).filter(([path]) => !/\/apps\/\d+\/\d+$/.test(path)));
}

/** Everything a cluster keeps in ZooKeeper but the queue for the lock, by path: equal means that nobody has written. */
export async function zookeeperContents(
  cluster: TestCluster,
): Promise<Readonly<Record<string, ZnodeContents>>> {
  const zk = await cluster.zk();
  const found: [string, ZnodeContents][] = [];
  const visit = async (path: string): Promise<void> => {
    const { data, stat } = await zk.get(path);
    const { version, modifiedAtUnixMs } = stat;
    found.push([path, { data: data.toString(), version, modifiedAtUnixMs }]);
    const children = await zk.children(path);
    const kept = children.filter((child) => child !== 'dsn.meta.server.leader').sort();
    for (const child of kept) await visit(`${path}/${child}`);
  };
  await visit(cluster.root);
  return Object.fromEntries(found);
}
