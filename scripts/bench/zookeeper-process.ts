import { EmbeddedProvider, LocalProvider } from '../../packages/cluster/src/zookeeper-provider';

/**
 * How onebox runs a ZooKeeper: the same configuration for both, every write forced to the disk.
 *
 * @param program absolute path of `bin/zookeeper_embedded`
 */
export async function zookeeperProcess(
  kind: 'embedded' | 'local',
  program: string,
  directory: string,
  port: number,
): Promise<{ command: string; args: readonly string[]; env: Readonly<Record<string, string>> }> {
  const provider = kind === 'embedded' ? new EmbeddedProvider(program) : new LocalProvider();
  const prepared = await provider.prepare({
    ...{ clusterName: 'bench', directory, port, timeScale: 1, ephemeral: false },
    announce: () => undefined,
  });
  if (prepared.kind !== 'process') throw new Error('either is a process');
  const { command, args, env = {} } = prepared.spec;
  return { command, args, env };
}
