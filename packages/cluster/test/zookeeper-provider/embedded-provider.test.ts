import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedProvider } from '../../src/zookeeper-provider';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'onebox-embedded-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function prepare(ephemeral: boolean) {
  return new EmbeddedProvider(join(directory, 'zookeeper_embedded')).prepare({
    clusterName: 'test',
    directory: join(directory, 'zookeeper'),
    port: 21630,
    timeScale: 0.1,
    ephemeral,
    announce: () => undefined,
  });
}

describe('the embedded provider', () => {
  test('runs its program with this Node and the configuration a real server would get', async () => {
    await writeFile(join(directory, 'zookeeper_embedded'), '');
    expect(await prepare(false)).toEqual({
      kind: 'process',
      hosts: '127.0.0.1:21630',
      spec: {
        name: 'zookeeper',
        command: process.execPath,
        args: [join(directory, 'zookeeper_embedded'), join(directory, 'zookeeper/zoo.cfg')],
        cwd: join(directory, 'zookeeper'),
        env: { MALLOC_ARENA_MAX: '2' },
        outputFile: join(directory, 'zookeeper/zookeeper.log'),
      },
    });
    expect(await readFile(join(directory, 'zookeeper/zoo.cfg'), 'utf8')).toContain(
      `tickTime=200\ndataDir=${join(directory, 'zookeeper/data')}\nclientPort=21630\nclientPortAddress=127.0.0.1\n`,
    );
  });

  test('keeps nothing for an ephemeral cluster', async () => {
    await writeFile(join(directory, 'zookeeper_embedded'), '');
    expect(await prepare(true)).toMatchObject({
      spec: { args: [expect.anything(), expect.anything(), '--in-memory'] },
    });
  });

  test('says so when its program is not there', async () => {
    await expect(prepare(false)).rejects.toMatchObject({
      code: 'ONEBOX_NO_ZOOKEEPER',
      message: `the embedded ZooKeeper cannot run: this installation lacks ${join(directory, 'zookeeper_embedded')}`,
    });
  });
});
