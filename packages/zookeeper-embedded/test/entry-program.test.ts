import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bounded, until } from '@onebox/base';
import { OpCode } from '../src/wire';
import { DataResponse } from '../src/wire/records';
import { RawClient } from './support/raw-client';
import { createBody, readBody } from './support/requests';

const PROGRAM = join(__dirname, '../../../bin/zookeeper_embedded');
const BUILT = existsSync(join(__dirname, '../../../dist/zookeeper.js'));

/** What a program said and how it ended. */
interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; errors: string }>;
}

(BUILT ? describe : describe.skip)('bin/zookeeper_embedded (after npm run build)', () => {
  let directory: string;
  let port: number;
  const running: Run[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onebox-zookeeper-'));
    port = await freePort();
    await writeFile(
      join(directory, 'zoo.cfg'),
      `tickTime=200\ndataDir=${directory}/data\nclientPort=${port}\nclientPortAddress=127.0.0.1\nwhat=1\n`,
    );
  });
  afterEach(async () => {
    for (const { child } of running.splice(0)) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  function run(...args: string[]): Run {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const exited = new Promise<{ code: number | null; signal: string | null; errors: string }>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, errors })),
    );
    const started = { child, ended: bounded('the end of the program', 20_000, exited) };
    running.push(started);
    started.ended.catch(() => undefined);
    return started;
  }

  /** A client of the server that was just started. */
  function client(): Promise<RawClient> {
    const tried = (): Promise<RawClient | undefined> => RawClient.open(port).catch(() => undefined);
    return until('the server', tried, { withinMs: 20_000, everyMs: 5 });
  }

  test('keeps what it acknowledged when it is killed, and ends with 0 when it is asked to', async () => {
    const first = run(join(directory, 'zoo.cfg'));
    const writing = await client();
    expect((await writing.request(OpCode.create, createBody('/a', { data: Buffer.from('kept') }))).err).toBe(
      0,
    );
    first.child.kill('SIGKILL');
    await first.ended;

    const second = run(join(directory, 'zoo.cfg'));
    const reading = await client();
    const { body } = await reading.request(OpCode.getData, readBody('/a'));
    expect(DataResponse.read(body).data?.toString()).toBe('kept');
    second.child.kill('SIGTERM');
    const { code, errors } = await second.ended;
    await reading.closed;
    expect(code).toBe(0);
    expect(errors).toContain('zoo.cfg: not known here: what');
    expect(errors).toContain(`the embedded ZooKeeper serves 127.0.0.1:${port}`);
  });

  test('writes nothing with --in-memory', async () => {
    const { child, ended } = run(join(directory, 'zoo.cfg'), '--in-memory');
    const one = await client();
    await one.request(OpCode.create, createBody('/a'));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    await one.closed;
    expect(await readdir(directory)).toEqual(['zoo.cfg']);
  });

  test('has nothing of the other servers in its bundle', async () => {
    const bundle = await readFile(join(__dirname, '../../../dist/zookeeper.js'), 'utf8');
    expect(bundle.length).toBeLessThan(200_000);
    expect(bundle).not.toContain('winston');
  });

  // Where else can one ask?
  (process.platform === 'linux' ? test : test.skip)('idles in no more than 60 MB', async () => {
    const { child } = run(join(directory, 'zoo.cfg'));
    await (await client()).close();
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    const megabytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    expect(megabytes).toBeGreaterThan(10);
    expect(megabytes).toBeLessThanOrEqual(60);
  });

  test('says what is wrong in a line', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const inUse = await run(join(directory, 'zoo.cfg')).ended;
    await new Promise((resolve) => taken.close(resolve));
    expect([inUse.code, inUse.errors]).toEqual([
      1,
      expect.stringContaining(`fatal: ONEBOX_PORT_IN_USE: port ${port} of 127.0.0.1 is in use\n`),
    ]);
    await writeFile(join(directory, 'bad.cfg'), 'clientPort=1\n');
    const bad = await run(join(directory, 'bad.cfg')).ended;
    expect([bad.code, bad.errors]).toEqual([
      1,
      expect.stringMatching(/^\S+ fatal: ONEBOX_BAD_ZOO_CFG: zoo\.cfg: dataDir is missing\n$/),
    ]);
    const usage = await run().ended;
    expect([usage.code, usage.errors]).toEqual([2, 'usage: zookeeper_embedded ZOO_CFG [--in-memory]\n']);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
