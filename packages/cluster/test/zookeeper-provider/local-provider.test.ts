import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger, bounded } from '@onebox/base';
import {
  LocalProvider,
  type PreparedZooKeeper,
  tickTimeMs,
  waitUntilReady,
} from '../../src/zookeeper-provider';
import { describeWithLocalZooKeeper } from '../support/local-zookeeper-for-tests';
import { findJava, javaMajorVersion } from '../../src/zookeeper-provider/java-installation';
import { findZooKeeper } from '../../src/zookeeper-provider/zookeeper-installation';

const PORT = 21620;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'onebox-local-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function place(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(directory, file, '..'), { recursive: true });
    await writeFile(join(directory, file), '');
  }
}

test('the tick follows the time scale, so that a scaled session can be granted', () => {
  expect([0.02, 0.1, 1, 10].map(tickTimeMs)).toEqual([40, 200, 2000, 20000]);
  expect(tickTimeMs(0.001)).toBe(20);
});

describe('Java', () => {
  test('versions before 9 begin with 1.', () => {
    expect(['1.8.0_392', '11.0.2', '17', 'x'].map(javaMajorVersion)).toEqual([8, 11, 17, undefined]);
  });

  test('comes from JAVA_HOME before PATH, and tells its version in a file', async () => {
    await place('home/bin/java', 'path/java');
    await chmod(join(directory, 'home/bin/java'), 0o755);
    await chmod(join(directory, 'path/java'), 0o755);
    await writeFile(join(directory, 'home/release'), 'IMPLEMENTOR="x"\nJAVA_VERSION="21.0.1"\n');
    expect(await findJava({ JAVA_HOME: join(directory, 'home'), PATH: join(directory, 'path') })).toEqual({
      command: join(directory, 'home/bin/java'),
      majorVersion: 21,
      version: '21.0.1',
    });
    await writeFile(join(directory, 'home/release'), 'JAVA_VERSION="1.7.0_80"\n');
    expect(await findJava({ JAVA_HOME: join(directory, 'home') })).toEqual({
      why: `${join(directory, 'home/bin/java')} is Java 1.7.0_80; ZooKeeper needs 8 or later`,
    });
  });

  test('is asked for its version when no file tells', async () => {
    await place('path/java');
    await writeFile(
      join(directory, 'path/java'),
      '#!/bin/sh\necho \'openjdk version "11.0.9" 2020-10-20\' >&2\n',
    );
    await chmod(join(directory, 'path/java'), 0o755);
    expect(await findJava({ PATH: join(directory, 'path') })).toEqual({
      command: join(directory, 'path/java'),
      majorVersion: 11,
      version: '11.0.9',
    });
  });

  test('may be missing', async () => {
    expect(await findJava({ PATH: directory })).toEqual({ why: 'there is no java in JAVA_HOME or PATH' });
  });
});

describe('ZooKeeper', () => {
  test('of a ZOOKEEPER_HOME is every jar of it', async () => {
    await place(
      'lib/zookeeper-3.9.2.jar',
      'lib/zookeeper-jute-3.9.2.jar',
      'lib/netty-buffer-4.1.jar',
      'lib/README',
    );
    expect(await findZooKeeper({ ZOOKEEPER_HOME: directory }, [])).toEqual({
      directory: join(directory, 'lib'),
      jars: ['netty-buffer-4.1.jar', 'zookeeper-3.9.2.jar', 'zookeeper-jute-3.9.2.jar'].map((jar) =>
        join(directory, 'lib', jar),
      ),
      version: '3.9.2',
    });
  });

  test('3.5 has its own jar beside the libraries', async () => {
    await place('zookeeper-3.5.4.jar', 'lib/slf4j-api-1.7.jar');
    expect(await findZooKeeper({ ZOOKEEPER_HOME: directory }, [])).toEqual({
      directory,
      jars: [join(directory, 'zookeeper-3.5.4.jar'), join(directory, 'lib/slf4j-api-1.7.jar')],
      version: '3.5.4',
    });
  });

  test('of a home that holds none, or one that is too old, is not replaced by another', async () => {
    await place('distribution/zookeeper.jar');
    const distribution = [join(directory, 'distribution')];
    expect(await findZooKeeper({ ZOOKEEPER_HOME: join(directory, 'none') }, distribution)).toEqual({
      why: `ZOOKEEPER_HOME=${join(directory, 'none')} holds no ZooKeeper server`,
    });
    await place('old/zookeeper-3.4.14.jar');
    expect(await findZooKeeper({ ZOOKEEPER_HOME: join(directory, 'old') }, distribution)).toEqual({
      why: `${join(directory, 'old')} holds ZooKeeper 3.4.14; 3.5 is the oldest that works`,
    });
  });

  test('among the jars of a whole distribution is what a server loads', async () => {
    const others = Array.from({ length: 150 }, (_, index) => `other-${index}.jar`);
    await place(
      ...[...others, 'zookeeper.jar', 'zookeeper-jute.jar', 'slf4j-simple.jar', 'slf4j-log4j12.jar'],
    );
    await symlink('zookeeper.jar', join(directory, 'zookeeper-3.8.0.jar'));
    expect(await findZooKeeper({}, ['/nowhere', directory])).toEqual({
      directory,
      jars: ['slf4j-simple.jar', 'zookeeper-jute.jar', 'zookeeper.jar'].map((jar) => join(directory, jar)),
      version: '3.8.0',
    });
  });

  test('may be missing', async () => {
    const why = 'there are no ZooKeeper jars in ZOOKEEPER_HOME or where packages put them';
    expect(await findZooKeeper({}, [directory])).toEqual({ why });
  });
});

test('a ZooKeeper that cannot be run is told with what to install, and what runs without', async () => {
  const bare = new LocalProvider({ ZOOKEEPER_HOME: directory, PATH: process.env['PATH'] });
  const why = `ZOOKEEPER_HOME=${directory} holds no ZooKeeper server`;
  expect(await bare.available()).toEqual({ ok: false, why });
  const prepared = bare.prepare({
    clusterName: 'test',
    directory: join(directory, 'zookeeper'),
    port: PORT,
    timeScale: 0.1,
    ephemeral: false,
    announce: () => undefined,
  });
  await expect(prepared).rejects.toMatchObject({
    code: 'ONEBOX_NO_ZOOKEEPER',
    message: `no ZooKeeper can be run from this machine: ${why}`,
    nextStep:
      "Install Debian's package `zookeeper`, or set ZOOKEEPER_HOME and JAVA_HOME; a new cluster can use --zookeeper embedded.",
  });
});

describeWithLocalZooKeeper('the local provider', () => {
  async function prepare(env: NodeJS.ProcessEnv): Promise<Extract<PreparedZooKeeper, { kind: 'process' }>> {
    const prepared = await new LocalProvider(env).prepare({
      clusterName: 'test',
      directory: join(directory, 'zookeeper'),
      port: PORT,
      timeScale: 0.1,
      ephemeral: false,
      announce: () => undefined,
    });
    if (prepared.kind !== 'process') throw new Error('the local provider gives a process');
    return prepared;
  }

  test('says which ZooKeeper it runs', async () => {
    expect(await new LocalProvider().available()).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^ZooKeeper [\d.]+ from \S+, Java [\d._]+$/) as string,
    });
  });

  test('listens on loopback only, with everything in its directory', async () => {
    const { hosts, spec } = await prepare({
      PATH: process.env['PATH'],
      XDG_CACHE_HOME: join(directory, 'cache'),
    });
    expect(hosts).toBe(`127.0.0.1:${PORT}`);
    expect({ ...spec, command: 'java', args: spec.args.slice(-2) }).toEqual({
      name: 'zookeeper',
      command: 'java',
      args: ['org.apache.zookeeper.server.ZooKeeperServerMain', join(directory, 'zookeeper/zoo.cfg')],
      cwd: join(directory, 'zookeeper'),
      outputFile: join(directory, 'zookeeper/zookeeper.log'),
    });
    expect(await readFile(join(directory, 'zookeeper/zoo.cfg'), 'utf8')).toBe(
      `tickTime=200
dataDir=${join(directory, 'zookeeper/data')}
clientPort=${PORT}
clientPortAddress=127.0.0.1
maxClientCnxns=0
admin.enableServer=false
4lw.commands.whitelist=ruok,srvr,stat,mntr,conf,cons
preAllocSize=256
autopurge.snapRetainCount=3
autopurge.purgeInterval=1
`,
    );
  });

  test('its first stop leaves the archive that the next start uses; a damaged one harms nothing', async () => {
    const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: join(directory, 'cache') };
    const cache = join(directory, 'cache/pegasus-onebox');

    async function runOnce(): Promise<string[]> {
      const { spec, ...zookeeper } = await prepare(env);
      const child = spawn(spec.command, spec.args, { cwd: spec.cwd, stdio: 'ignore' });
      const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      try {
        await waitUntilReady(zookeeper, { withinMs: 30_000, log: new MemoryLogger() });
      } finally {
        child.kill('SIGTERM');
        await bounded('the end of ZooKeeper', 30_000, exit);
      }
      return spec.args.filter((arg) => arg.includes('.jsa')).map((arg) => arg.replace(/=.*/, ''));
    }

    expect(await runOnce()).toEqual(['-XX:ArchiveClassesAtExit']);
    const [archive = ''] = await readdir(cache);
    expect(archive).toMatch(/^zookeeper-[0-9a-f]{16}\.jsa$/);
    expect(await runOnce()).toEqual(['-XX:SharedArchiveFile']);
    await writeFile(join(cache, archive), 'damaged');
    expect(await runOnce()).toEqual(['-XX:SharedArchiveFile']);
    await writeFile(join(cache, archive), Buffer.alloc(100)); // its writer was killed
    expect(await runOnce()).toEqual(['-XX:ArchiveClassesAtExit']);
  });
});
