import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith } from '../../../../test/support/on-machines-with';
import { PprofServer } from './pprof-server';

const run = promisify(execFile);

describeWith('go', ['version'], 'go tool pprof', () => {
  let directory: string;
  let server: PprofServer;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'onebox-pprof-'));
    server = await PprofServer.start({ TCMALLOC_SAMPLE_PARAMETER: '16384' });
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  /** What `go tool pprof -top` says of a call of the server. */
  async function top(path: string, ...words: readonly string[]): Promise<string> {
    const { host, port } = server.server.address;
    const url = `http://${host}:${port}${path}`;
    const env = { ...process.env, PPROF_TMPDIR: directory };
    return (await run('go', ['tool', 'pprof', '-top', '-timeout', '60', ...words, url], { env })).stdout;
  }

  const kept: string[] = [];
  function allocateForGo(): void {
    for (let i = 0; i < 20_000; i += 1) kept.push(`kept ${i}`.padStart(40));
  }

  test('opens a CPU profile, and names what ran', async () => {
    let ended = false;
    const output = top('/pprof/profile', '-seconds', '1').finally(() => (ended = true));
    while (!ended) {
      burnTheCpuForGo();
      await new Promise(setImmediate);
    }
    expect(await output).toContain('burnTheCpuForGo');
  });

  test('opens a heap sample, and names what allocated', async () => {
    await server.get('/pprof/heap');
    allocateForGo();
    const output = await top('/pprof/heap');
    expect(output).toContain('Type: inuse_space');
    expect(output).toContain('allocateForGo');
  });

  test('finds the growth text valid, and empty', async () => {
    expect(await top('/pprof/growth')).toContain('0% of 0 total');
  });
});

function burnTheCpuForGo(): number {
  let sum = 0;
  for (let i = 0; i < 1_000_000; i += 1) sum = (sum + i * i) % 1_000_003;
  return sum;
}
