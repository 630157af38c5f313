import { EmbeddedZooKeeper, MemoryJournal } from '@onebox/zookeeper-embedded';
import { TestZooKeeper } from '../../../packages/cluster/test/support/test-zookeeper';
import type { TestZooKeeperKind } from '../../../packages/cluster/test/support/test-zookeeper';
import type { ServerUnderTest } from './lock-step';

/** Both servers get the same: a short tick, because sessions end in ticks, and sessions as long as a script takes. */
export const SETTINGS = { tickTimeMs: 200, minSessionTimeoutMs: 600, maxSessionTimeoutMs: 60_000 } as const;

/** A server as a process of its own, without any data. */
export function startProcess(kind: TestZooKeeperKind): Promise<TestZooKeeper> {
  const { tickTimeMs, minSessionTimeoutMs, maxSessionTimeoutMs } = SETTINGS;
  return TestZooKeeper.start({
    kind,
    timeScale: tickTimeMs / 2000,
    configuration: [
      `minSessionTimeout=${minSessionTimeoutMs}`,
      `maxSessionTimeout=${maxSessionTimeoutMs}`,
      // The real one is compared, not its durability. The embedded one does not know it.
      ...(kind === 'local' ? ['forceSync=no'] : []),
    ],
  });
}

/** A real ZooKeeper without any data. */
export async function startReal(): Promise<ServerUnderTest> {
  const zookeeper = await startProcess('local');
  return { port: zookeeper.port, stop: () => zookeeper.destroy() };
}

/** The embedded one, in this process, without any data. */
export async function startEmbedded(): Promise<ServerUnderTest> {
  const server = await EmbeddedZooKeeper.start({
    ...SETTINGS,
    host: '127.0.0.1',
    port: 0,
    journal: new MemoryJournal(),
    // As the real one's zoo.cfg.
    fourLetterWords: 'ruok,srvr,stat,mntr,conf,cons',
  });
  return { port: server.port, stop: () => server.close() };
}
