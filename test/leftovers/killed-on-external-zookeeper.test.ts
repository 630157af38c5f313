import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import { PROJECT } from '../support/run-cli';
import { processesNaming } from '../support/processes';
import { isOpen, inPlace } from './support/place';
import type { Place } from './support/place';

const TICK_MS = 200;
const quiet = () => undefined;

/** A ZooKeeper that is not the cluster's: gives the session to look into it, and ends it afterwards. */
async function onZooKeeper(
  place: Place,
  work: (hosts: string, session: ZkSession) => Promise<void>,
): Promise<void> {
  const directory = join(place.directory, 'home', 'external');
  mkdirSync(directory);
  const port = place.ports()[0] ?? 0;
  const file = join(directory, 'zoo.cfg');
  writeFileSync(
    file,
    `tickTime=${TICK_MS}\ndataDir=${directory}\nclientPort=${port}\nclientPortAddress=127.0.0.1\n`,
  );
  place.forgive('home/external');
  place.forgive('home/external/zoo.cfg');
  const server = spawn(process.execPath, [join(PROJECT, 'bin/zookeeper_embedded'), file, '--in-memory'], {
    stdio: 'ignore',
  });
  const exit = new Promise((resolve) => server.once('exit', resolve));
  try {
    await until('ZooKeeper', () => isOpen(port), { withinMs: 10_000 });
    const hosts = `127.0.0.1:${port}`;
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const session = await ZkSession.open({ hosts, timeoutMs: 4000, connectWithinMs: 10_000, log });
    try {
      await work(hosts, session);
    } finally {
      await session.close();
    }
  } finally {
    server.kill('SIGKILL');
    await exit;
  }
}

test("the lock node of a cluster that was killed goes with its session, and clear removes the rest from somebody else's ZooKeeper", () =>
  inPlace(async (place) => {
    await onZooKeeper(place, async (hosts, session) => {
      const locks = `/pegasus/${place.name}/127.0.0.1/dsn.meta.server.leader`;
      await place.run(...place.startWords('--zookeeper', hosts, '--replicas', '0', '--no-wait'));
      await until('the lock node', async () => (await childrenOf(session, locks)).length === 1, {
        withinMs: 20_000,
      });
      for (const { pid, command } of processesNaming(place.directory)) {
        if (!command.includes('zookeeper_embedded')) process.kill(pid, 'SIGKILL');
      }
      const killed = performance.now();
      await until('the end of the lock node', async () => (await childrenOf(session, locks)).length === 0, {
        withinMs: 2 * 20 * TICK_MS,
      });
      // A session that ended with its connection would be gone at once: this one had its time-out.
      expect(performance.now() - killed).toBeGreaterThan(TICK_MS);
      await place.run('clear');
      expect(await session.children(`/pegasus/${place.name}`)).toEqual([]);
    });
    await place.expectNothing();
  }));

async function childrenOf(session: ZkSession, path: string): Promise<readonly string[]> {
  return (await session.exists(path)) === undefined ? [] : session.children(path);
}
