import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '@onebox/base';
import { describeWithLocalZooKeeper } from '../support/local-zookeeper-for-tests';
import { TestZooKeeper } from '../support/test-zookeeper';
import { askFourLetterWord, chooseProvider, isServing, waitUntilReady } from '../../src/zookeeper-provider';
import { findComposeCommand } from '../../src/zookeeper-provider/docker/compose-command';
import { mkdir, writeFile } from 'node:fs/promises';

const NO_ENGINE = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const log = new MemoryLogger();

/** A program that is there: it is never started here. */
const PROGRAM = __filename;

function choose(setting: string, env: NodeJS.ProcessEnv, zookeeperProgram = PROGRAM) {
  return chooseProvider(setting, {
    composeFile: '/nowhere/docker-compose.yml',
    zookeeperProgram,
    env,
    announce: () => undefined,
  });
}

describeWithLocalZooKeeper('auto with Apache ZooKeeper on this machine', () => {
  test('takes the ZooKeeper of this machine when no engine answers, and says why', async () => {
    const { provider, line } = await choose('auto', { PATH: process.env['PATH'], ...NO_ENGINE });
    expect(provider.recorded).toBe('local');
    expect(line).toMatch(
      /^ZooKeeper: local \(ZooKeeper \S+ from \S+, Java \S+\), because there is no Docker (engine \(no \/nowhere\/docker\.sock\)|client)$/i,
    );
  });
});

describe('auto', () => {
  test('runs the embedded server where there is neither, and says that it is not ZooKeeper', async () => {
    const { provider, line } = await choose('auto', {
      PATH: '/nowhere',
      ZOOKEEPER_HOME: '/nowhere',
      ...NO_ENGINE,
    });
    expect(provider.recorded).toBe('embedded');
    expect(line).toBe(
      "ZooKeeper: embedded (onebox's own server of its protocol, not Apache ZooKeeper), because there is no docker client, and ZOOKEEPER_HOME=/nowhere holds no ZooKeeper server",
    );
  });

  test('answers within a second or two, also when the engine hangs', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'onebox-engine-'));
    const held = new Set<Socket>();
    const engine = createServer((socket) => held.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => engine.listen(join(directory, 'docker.sock'), resolve));
    try {
      await mkdir(join(directory, 'bin'));
      for (const name of ['docker', 'docker-compose']) await writeFile(join(directory, 'bin', name), '');
      const startedAt = performance.now();
      const { line } = await choose('auto', {
        PATH: `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`,
        DOCKER_HOST: `unix://${directory}/docker.sock`,
      });
      expect(performance.now() - startedAt).toBeLessThan(5000);
      expect(line).toMatch(/because the Docker engine at \S+ does not answer(, and .*)?$/);
    } finally {
      for (const socket of held) socket.destroy();
      await new Promise<void>((resolve) => engine.close(() => resolve()));
      await rm(directory, { recursive: true, force: true });
    }
  });
});

test('a named provider that cannot be used is an error, not replaced', async () => {
  await expect(choose('docker', { PATH: process.env['PATH'], ...NO_ENGINE })).rejects.toMatchObject({
    code: 'ONEBOX_NO_ZOOKEEPER',
    data: { provider: 'docker' },
  });
  await expect(choose('local', { PATH: '/nowhere', ZOOKEEPER_HOME: '/nowhere' })).rejects.toMatchObject({
    code: 'ONEBOX_NO_ZOOKEEPER',
    message: "no ZooKeeper from 'local': ZOOKEEPER_HOME=/nowhere holds no ZooKeeper server",
  });
  await expect(choose('embedded', {}, '/nowhere/zookeeper_embedded')).rejects.toMatchObject({
    code: 'ONEBOX_NO_ZOOKEEPER',
    message: "no ZooKeeper from 'embedded': this installation lacks /nowhere/zookeeper_embedded",
  });
  await expect(choose('127.0.0.1:21640', {})).rejects.toMatchObject({
    code: 'ONEBOX_NO_ZOOKEEPER',
    message: "no ZooKeeper from '127.0.0.1:21640': nothing answers at 127.0.0.1:21640",
  });
  await expect(choose('embeded', {})).rejects.toMatchObject({ code: 'ONEBOX_BAD_ZOOKEEPER_HOSTS' });
});

test('compose is the plug-in, else the older program, else none', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'onebox-compose-'));
  try {
    await mkdir(join(directory, 'bin'));
    await mkdir(join(directory, 'plugins'));
    const env = { PATH: join(directory, 'bin'), HOME: directory };
    const find = () => findComposeCommand(env, [join(directory, 'plugins')]);
    expect(await find()).toBe('no client');
    await writeFile(join(directory, 'bin/docker'), '');
    expect(await find()).toBeUndefined();
    await writeFile(join(directory, 'bin/docker-compose'), '');
    expect(await find()).toEqual(['docker-compose']);
    await writeFile(join(directory, 'plugins/docker-compose'), '');
    expect(await find()).toEqual(['docker', 'compose']);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

describe('readiness', () => {
  const PORT = 21641;
  let server: Server | undefined;
  const sockets = new Set<Socket>();

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    const closing = server;
    server = undefined;
    if (closing !== undefined) await new Promise<void>((resolve) => closing.close(() => resolve()));
  });

  function listen(onSocket: (socket: Socket) => void): Promise<void> {
    return new Promise((resolve) => {
      server = createServer((socket) => {
        sockets.add(socket.on('error', () => undefined));
        onSocket(socket);
      }).listen(PORT, '127.0.0.1', () => resolve());
    });
  }

  test('a port that takes connections and never answers is not ready, and does not hold the probe', async () => {
    await listen(() => undefined);
    expect(await askFourLetterWord({ host: '127.0.0.1', port: PORT }, 'ruok', 100)).toBeUndefined();
    const waited = waitUntilReady({ kind: 'process', hosts: `127.0.0.1:${PORT}` }, { withinMs: 300, log });
    await expect(waited).rejects.toMatchObject({ code: 'ONEBOX_TIMED_OUT' });
  });

  test('a server that is up and does not serve yet is not ready', async () => {
    await listen((socket) =>
      socket.once('data', (word) =>
        socket.end(
          String(word) === 'ruok' ? 'imok' : 'This ZooKeeper instance is not currently serving requests\n',
        ),
      ),
    );
    expect(await isServing({ host: '127.0.0.1', port: PORT })).toBe(false);
  });

  test('a wait ends when it is called off', async () => {
    const controller = new AbortController();
    const waited = waitUntilReady(
      { kind: 'process', hosts: '127.0.0.1:21642' },
      { withinMs: 60_000, log, signal: controller.signal },
    );
    controller.abort(new Error('ZooKeeper died'));
    await expect(waited).rejects.toThrow('ZooKeeper died');
  });

  test('an ensemble is ready when it grants a session', async () => {
    const zookeeper = await TestZooKeeper.start({ port: 21643 });
    try {
      const hosts = `${zookeeper.hosts}/some/chroot`;
      const { provider, line } = await choose(hosts, {});
      expect(line).toBe(`ZooKeeper: ${hosts} (1 of 1 servers answer)`);
      const prepared = await provider.prepare({
        clusterName: 'test',
        directory: '/nowhere',
        port: 1,
        timeScale: 1,
        ephemeral: false,
        announce: () => undefined,
      });
      expect(prepared).toEqual({ kind: 'external', hosts });
      await waitUntilReady(prepared, { withinMs: 10_000, log });
    } finally {
      await zookeeper.destroy();
    }
    const waited = waitUntilReady({ kind: 'external', hosts: '127.0.0.1:21643' }, { withinMs: 200, log });
    await expect(waited).rejects.toMatchObject({ code: 'ONEBOX_ZOOKEEPER_UNREACHABLE' });
  });
});
