import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledClock, until } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import { EmbeddedZooKeeper, MemoryJournal } from '@onebox/zookeeper-embedded';
import { systemProcessTable } from '../../../packages/cluster/src/process-table/process-table';
import { ClusterLock } from '../../../packages/cluster/src/state-directory/cluster-lock';
import type { CaseGroup } from '../support/case';
import { fastForward } from '../support/fast-forward';
import { docker, programs } from '../support/programs';
import type { Scene } from '../support/scene';

const start =
  (...words: readonly string[]) =>
  (scene: Scene) => ['start', `--port-offset=${scene.offset}`, ...words];
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const PORT = 22_181;

/** Somebody else's ZooKeeper in this process, and the words that name it. */
async function ensemble(scene: Scene): Promise<string> {
  const server = await EmbeddedZooKeeper.start({
    ...{ host: '127.0.0.1', port: scene.offset + PORT, tickTimeMs: 500 },
    ...{ journal: new MemoryJournal(), clock: new ScaledClock(1) },
  });
  scene.later(() => server.close());
  return `127.0.0.1:${server.port}`;
}

async function taken(scene: Scene): Promise<ClusterLock> {
  scene.recorded();
  const lock = new ClusterLock(join(scene.home, 'onebox/lock'), systemProcessTable());
  await lock.take('start', 0);
  return lock;
}

/** What depends on other programs, and on other commands. */
export const SURROUNDINGS: CaseGroup = {
  folder: 'surroundings',
  cases: [
    {
      code: 'ONEBOX_NO_ZOOKEEPER',
      given: 'a machine without Docker',
      arrange: (scene) => programs(scene, {}),
      words: start('--zookeeper', 'docker'),
    },
    {
      code: 'ONEBOX_NO_ZOOKEEPER',
      given: 'ZOOKEEPER_HOME=/nonexistent',
      arrange: (scene) => scene.setForProcess('ZOOKEEPER_HOME', '/nonexistent'),
      words: start('--zookeeper', 'local'),
    },
    { code: 'ONEBOX_NO_ZOOKEEPER', words: start('--zookeeper', '127.0.0.1:1') },
    {
      code: 'ONEBOX_NO_ZOOKEEPER',
      given: 'Docker cannot pull the image',
      arrange: (scene) =>
        docker(scene, {
          docker: 'case $1 in image|pull) echo "no such host" >&2; exit 1 ;; esac',
          compose: 'exit 0',
        }),
      words: start('zookeeper', '--zookeeper', 'docker'),
    },
    {
      code: 'ONEBOX_NO_ZOOKEEPER',
      given: 'a cluster that was created with Docker, on a machine without it',
      arrange: (scene) => {
        scene.recorded({ zookeeper: { kind: 'docker', provider: 'docker', hosts: '127.0.0.1:22181' } });
        programs(scene, {});
      },
      words: ['start', 'zookeeper'],
    },
    {
      code: 'ONEBOX_DOCKER_FAILED',
      given: 'Docker cannot start containers',
      arrange: (scene) =>
        docker(scene, {
          docker: 'exit 0',
          compose: 'case "$*" in *" up "*) echo "network has no address left" >&2; exit 1 ;; esac',
        }),
      words: start('zookeeper', '--zookeeper', 'docker'),
    },
    {
      code: 'ONEBOX_ZOOKEEPER_UNREACHABLE',
      given: 'something takes connections there and never answers',
      arrange: (scene) => {
        scene.mask(/handshake within \d+ ms/g, 'handshake within N ms');
        return scene.listen(scene.offset + PORT);
      },
      words: (scene) => start('--zookeeper', `127.0.0.1:${scene.offset + PORT}`)(scene),
      run: (scene, words) => fastForward(() => scene.run(words)),
    },
    {
      code: 'ONEBOX_FOREIGN_ROOT',
      given: 'that ensemble has the root of a real cluster of this name',
      arrange: async (scene) => {
        const session = await ZkSession.open({
          ...{ hosts: await ensemble(scene), timeoutMs: 4000, connectWithinMs: 4000, log: SILENT },
        });
        await session.ensurePath('/pegasus/onebox/127.0.0.1');
        await session.close();
      },
      words: (scene) => start('--zookeeper', `127.0.0.1:${scene.offset + PORT}`)(scene),
    },
    {
      code: 'ONEBOX_BUSY',
      given: 'another command holds the lock for more than two minutes',
      arrange: async (scene) => {
        const lock = await taken(scene);
        scene.later(() => lock.release());
      },
      words: ['stop'],
      run: (scene, words) => fastForward(() => scene.run(words)),
    },
    {
      code: 'ONEBOX_CLEARED',
      given: 'another command deletes the cluster while this one waits for it',
      arrange: async (scene) => void (await taken(scene)),
      words: ['stop'],
      run: async (scene, words) => {
        const take = jest.spyOn(ClusterLock.prototype, 'take');
        scene.later(() => take.mockRestore());
        const said = scene.run(words);
        await until('the command to wait', () => take.mock.calls.length > 0, { withinMs: 10_000 });
        rmSync(join(scene.home, 'onebox'), { recursive: true });
        return said;
      },
    },
  ],
};
