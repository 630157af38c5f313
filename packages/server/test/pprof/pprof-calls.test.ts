import { until } from '@onebox/base';
import { requestText } from '../golden/golden-vectors';
import { describeGolden, vectorsOf } from '../golden/run-golden';
import { RawConnection } from '../golden/raw-http';
import { PROFILE_NAMES } from '../../src/profile/profile-name';
import { decodeProfile } from './decode-profile';
import { PprofServer } from './pprof-server';

let server: PprofServer;
let spare: PprofServer | undefined;
afterEach(async () => {
  await spare?.close();
  spare = undefined;
});

const OK = 'HTTP/1.1 200 OK';
const BUSY = {
  statusLine: 'HTTP/1.1 500 Internal Server Error',
  headers: ['Content-Type: text/plain', 'Content-Length: 0'],
  body: Buffer.alloc(0),
};

/** Whether somebody profiles: growth is refused then. */
async function isBusy(of = server): Promise<boolean> {
  return (await of.get('/pprof/growth')).statusLine !== OK;
}

function becomes(busy: boolean, of = server): Promise<true> {
  return until(busy ? 'busy' : 'idle', async () => (await isBusy(of)) === busy, {
    withinMs: 5000,
    everyMs: 5,
  });
}

/** What the CPU profile must show. */
function burnTheCpuInThisTest(): number {
  let sum = 0;
  for (let i = 0; i < 2_000_000; i += 1) sum = (sum + i * i) % 1_000_003;
  return sum;
}

const kept: unknown[] = [];
function allocateInThisTest(): void {
  for (let i = 0; i < 20_000; i += 1) kept.push({ i, text: `object ${i}` });
}

describe('without TCMALLOC_SAMPLE_PARAMETER', () => {
  let profiling: RawConnection | undefined;
  beforeAll(async () => {
    server = await PprofServer.start();
  });
  afterAll(() => server.close());
  afterEach(async () => {
    await profiling?.close();
    profiling = undefined;
    await becomes(false);
  });

  describeGolden('golden vectors', {
    address: () => server.server.address,
    server: 'R1',
    generation: 'GM',
    vectors: vectorsOf('pprof'),
    prepare: async (vector) => {
      if (!vector.request.includes('while')) return;
      profiling = await RawConnection.open(server.server.address);
      await profiling.send(requestText('GET', '/pprof/profile'));
      await becomes(true);
    },
  });

  test('a CPU profile names the functions that ran, and others are answered meanwhile', async () => {
    const profile = server.get('/pprof/profile?seconds=1');
    await becomes(true);
    while (await isBusy()) {
      burnTheCpuInThisTest();
      expect((await server.get('/version')).statusLine).toBe(OK);
    }
    const { statusLine, body } = await profile;
    expect(statusLine).toBe(OK);
    const decoded = decodeProfile(body);
    expect(decoded.types).toEqual(['sample/count', 'wall/nanoseconds']);
    expect(decoded.samples.filter(({ stack }) => stack[0] === 'burnTheCpuInThisTest')).not.toEqual([]);
    expect(decoded.durationMs).toBeGreaterThanOrEqual(990);
  });

  test('only one at a time', async () => {
    const first = server.get('/pprof/profile?seconds=1');
    await becomes(true);
    expect(await server.get('/pprof/profile?seconds=0')).toEqual(BUSY);
    expect(await server.get('/pprof/heap?seconds=0')).toEqual(BUSY);
    expect(await server.get('/pprof/growth')).toEqual(BUSY);
    // These are not profiles.
    expect((await server.get('/pprof/cmdline')).statusLine).toBe(OK);
    expect((await server.get('/pprof/symbol')).statusLine).toBe(OK);
    expect((await first).statusLine).toBe(OK);
    expect((await server.get('/pprof/profile?seconds=nonsense')).statusLine).toBe(OK);
  });

  test('a client that goes away ends its profile', async () => {
    const client = await RawConnection.open(server.server.address);
    await client.send(requestText('GET', '/pprof/profile?seconds=500'));
    await becomes(true);
    await client.close();
    await becomes(false);
  });

  test('a client that has said its last gets what there is', async () => {
    const client = await RawConnection.open(server.server.address);
    await client.send(requestText('GET', '/pprof/heap?seconds=500'));
    await becomes(true);
    client.finish();
    const { statusLine, body } = await client.response();
    expect(statusLine).toBe(OK);
    expect(decodeProfile(body).types).toEqual(['samples/count', 'inuse_space/bytes']);
    await client.close();
  });

  test('closing the server ends what runs', async () => {
    spare = await PprofServer.start();
    const heap = spare.get('/pprof/heap?seconds=500');
    await becomes(true, spare);
    await spare.calls.close();
    expect((await heap).statusLine).toBe(OK);
  });

  test('a heap profile of some seconds shows what was allocated meanwhile and lives', async () => {
    const heap = server.get('/pprof/heap?seconds=1');
    await becomes(true);
    allocateInThisTest();
    const { samples, period } = decodeProfile((await heap).body);
    expect(period).toBe(65_536);
    expect(samples.some(({ stack }) => stack.includes('allocateInThisTest'))).toBe(true);
  });
});

describe('with TCMALLOC_SAMPLE_PARAMETER', () => {
  beforeAll(async () => {
    server = await PprofServer.start({ TCMALLOC_SAMPLE_PARAMETER: '16384' });
  });
  afterAll(() => server.close());

  test('the heap is what was sampled so far; of some seconds only what came in them', async () => {
    await server.get('/pprof/heap');
    allocateInThisTest();
    const sampled = async (url: string) => {
      const { samples, period } = decodeProfile((await server.get(url)).body);
      expect(period).toBe(16_384);
      return samples.filter(({ stack }) => stack.includes('allocateInThisTest'));
    };
    const found = await sampled('/pprof/heap?seconds=bad');
    expect(found).not.toEqual([]);
    for (const { values } of found) expect(Math.min(...values)).toBeGreaterThan(0);
    expect(await sampled('/pprof/heap?seconds=0')).toEqual([]);
    // The sample goes on behind a profile of some seconds.
    expect(await sampled('/pprof/heap')).not.toEqual([]);
  });
});

test('2.5 and older always profile: without seconds, for ten', async () => {
  spare = await PprofServer.start({}, '2.5');
  const client = await RawConnection.open(spare.server.address);
  await client.send(requestText('GET', '/pprof/heap'));
  await becomes(true, spare);
  client.finish();
  expect((await client.response()).statusLine).toBe(OK);
  await client.close();
});

test.each(PROFILE_NAMES)(
  'a replica server of %s has all five calls, and POST works like GET',
  async (name) => {
    spare = await PprofServer.start({ TCMALLOC_SAMPLE_PARAMETER: '524288' }, name);
    const command = await spare.get('/pprof/cmdline');
    expect(command.body.toString()).toMatch(/node.*\n/);
    expect(await spare.post('/pprof/cmdline', 'x')).toEqual(command);
    const growth = (await spare.get('/pprof/growth')).body.toString();
    expect(growth).toMatch(/^heap profile: {6}0: {8}0 \[ {5}0: {8}0\] @ growth\n\nMAPPED_LIBRARIES:\n/);
    expect((await spare.get('/pprof/symbol')).body.toString()).toMatch(/^num_symbols: \d+\n$/);
    expect((await spare.post('/pprof/symbol', '1+0x2')).body.toString()).toBe(
      '0x00000001\t0x00000001\n0x00000002\t0x00000002\n',
    );
    expect((await spare.get('/pprof/heap?seconds=0')).statusLine).toBe(OK);
    expect((await spare.get('/pprof/profile?seconds=0')).statusLine).toBe(OK);
  },
);
