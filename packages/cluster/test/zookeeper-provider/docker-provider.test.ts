import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '@onebox/base';
import { ZkSession } from '@onebox/zookeeper';
import {
  DEFAULT_IMAGE,
  DockerProvider,
  type PreparedZooKeeper,
  type ProviderContext,
  chooseProvider,
  isServing,
  projectName,
  waitUntilReady,
} from '../../src/zookeeper-provider';
import { describeWithDocker } from '../support/docker-for-tests';

const COMPOSE_FILE = join(__dirname, '../../../../docker-compose.yml');
const PORT = 21600;

test('the image of docker-compose.yml is the one that is pulled', async () => {
  expect(await readFile(COMPOSE_FILE, 'utf8')).toContain(`\${ONEBOX_ZOOKEEPER_IMAGE:-${DEFAULT_IMAGE}}`);
});

test('every cluster has a project of its own, also one of the same name elsewhere', () => {
  const one = projectName({ clusterName: 'Dev.1', directory: '/home/a/.pegasus-onebox/Dev.1/zookeeper' });
  const other = projectName({ clusterName: 'Dev.1', directory: '/home/b/.pegasus-onebox/Dev.1/zookeeper' });
  expect(one).toMatch(/^onebox-dev-1-[0-9a-f]{8}$/);
  expect(other).not.toBe(one);
});

describe('without an engine', () => {
  test('docker is not available, at once', async () => {
    const clients = await mkdtemp(join(tmpdir(), 'onebox-docker-test-'));
    try {
      for (const name of ['docker', 'docker-compose']) await writeFile(join(clients, name), '');
      const env = { PATH: clients, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
      const provider = new DockerProvider({ composeFile: COMPOSE_FILE, env });
      expect(await provider.available()).toEqual({
        ok: false,
        why: 'there is no Docker engine (no /nowhere/docker.sock)',
      });
    } finally {
      await rm(clients, { recursive: true, force: true });
    }
  });

  test('a machine without the client has no engine', async () => {
    const provider = new DockerProvider({
      composeFile: COMPOSE_FILE,
      env: { PATH: '/nowhere', DOCKER_HOST: 'tcp://127.0.0.1:21699' },
    });
    expect(await provider.available()).toEqual({ ok: false, why: 'there is no docker client' });
  });
});

describeWithDocker('the docker provider', (image) => {
  const log = new MemoryLogger();
  const env = { ...process.env, ONEBOX_ZOOKEEPER_IMAGE: image };
  let context: ProviderContext;
  let zookeeper: Extract<PreparedZooKeeper, { kind: 'managed' }>;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'onebox-docker-test-'));
    context = {
      clusterName: 'test',
      directory,
      port: PORT,
      timeScale: 0.1,
      ephemeral: false,
      announce: (line) => log.info(line),
    };
    const { provider, line } = await chooseProvider('auto', {
      zookeeperProgram: '/nowhere/zookeeper_embedded',
      composeFile: COMPOSE_FILE,
      env,
      announce: () => undefined,
    });
    expect(line).toMatch(
      /^ZooKeeper: docker \(docker[ -]compose with the image .*\), because a Docker engine answers$/,
    );
    const prepared = await provider.prepare(context);
    if (prepared.kind !== 'managed') throw new Error('docker runs its ZooKeeper by itself');
    zookeeper = prepared;
  }, 120_000);
  afterAll(async () => {
    await zookeeper.clear();
    await rm(context.directory, { recursive: true, force: true });
  }, 120_000);

  function dockerLines(...args: string[]): string[] {
    const text = execFileSync('docker', args, { encoding: 'utf8', timeout: 10_000 });
    return text.split('\n').filter((line) => line !== '');
  }

  /** Containers and volumes of the project, and volumes without a name. */
  function leftovers(): string[] {
    const project = `label=com.docker.compose.project=${projectName(context)}`;
    return [
      ...dockerLines('ps', '-aq', '--filter', project),
      ...dockerLines('volume', 'ls', '-q', '--filter', project),
      ...dockerLines('volume', 'ls', '-q', '--filter', 'dangling=true').filter((name) =>
        /^[0-9a-f]{64}$/.test(name),
      ),
    ];
  }

  async function session(): Promise<ZkSession> {
    return ZkSession.open({ hosts: zookeeper.hosts, timeoutMs: 60_000, connectWithinMs: 20_000, log });
  }

  async function startAndWait(): Promise<void> {
    await zookeeper.start();
    await waitUntilReady(zookeeper, { withinMs: 60_000, log });
  }

  test('starts, keeps its data over a stop, and leaves nothing after a clear', async () => {
    await startAndWait();
    expect(await zookeeper.isRunning()).toBe(true);
    expect(dockerLines('ps', '--format', '{{.Ports}}', '--filter', `publish=${PORT}`)).toEqual([
      `127.0.0.1:${PORT}->2181/tcp`,
    ]);
    const first = await session();
    expect(first.negotiatedTimeoutMs).toBe(4000); // 20 ticks of 200 ms: the configuration is the mounted one
    await first.create('/kept', Buffer.from('data'), 'persistent');
    await first.close();

    await zookeeper.stop();
    await zookeeper.stop();
    expect(await zookeeper.isRunning()).toBe(false);
    expect(await isServing({ host: '127.0.0.1', port: PORT })).toBe(false);
    expect(leftovers()).toEqual([`${projectName(context)}_data`]);

    await startAndWait();
    await zookeeper.start();
    const second = await session();
    expect((await second.get('/kept')).data.toString()).toBe('data');
    await second.close();

    await zookeeper.clear();
    await zookeeper.clear();
    expect(leftovers()).toEqual([]);
  }, 180_000);

  test('an image that cannot be had is a coded error', async () => {
    const provider = new DockerProvider({
      composeFile: COMPOSE_FILE,
      env: { ...env, ONEBOX_ZOOKEEPER_IMAGE: '127.0.0.1:21698/no/such:image' },
    });
    const announced: string[] = [];
    const fetched = provider.fetchImage((line) => announced.push(line));
    await expect(fetched).rejects.toMatchObject({ code: 'ONEBOX_NO_ZOOKEEPER' });
    expect(announced).toEqual(['Pulling the image 127.0.0.1:21698/no/such:image; this happens once.']);
  }, 120_000);
});
