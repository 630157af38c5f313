import { OneboxError, until } from '@onebox/base';
import { Onebox } from '../../packages/cluster/src/api/onebox';
import { ApiHome } from '../support/api-home';

// One small cluster; ports and processes are real.
const home = new ApiHome();
let cluster: Onebox;

beforeAll(async () => {
  cluster = await Onebox.start({ home: home.path, metas: 2, replicas: 2, collector: false });
}, 60_000);
afterEach(() => cluster.fault.clear());
afterAll(async () => {
  await cluster?.stop();
  home.destroy();
});

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => (error instanceof OneboxError ? error.code : error),
  );
const stateOf = async (name: string) =>
  (await cluster.status()).instances.find((each) => each.name === name)?.state;

test('a paused instance is frozen until it is resumed, or by itself', async () => {
  const pause = await cluster.pause('replica1');
  expect(pause).toMatchObject({ kind: 'pause', instance: 'replica1', untilUnixMs: null });
  expect(await stateOf('replica1')).toBe('frozen');
  expect(await cluster.fault.list()).toEqual([pause]);
  expect(await cluster.resume('replica1')).toBe('replica1');
  expect(await stateOf('replica1')).toBe('running');

  const short = await cluster.pause('replica2', { forMs: 200 });
  expect(short.untilUnixMs).toBe(short.sinceUnixMs + 200);
  await cluster.waitFor(({ faults }) => faults.length === 0);
  await until('it goes on', async () => (await stateOf('replica2')) === 'running', { withinMs: 10_000 });
});

test('a cut replica server is dead to the leader, and alive when it heals by itself', async () => {
  const { text, untold, running } = await cluster.fault.cut('replica1', { from: ['meta1', 'meta2'] });
  expect({ text, untold, running }).toEqual({
    ...{ text: 'cut replica1 from meta1, meta2', untold: [], running: true },
  });
  const [gone] = cluster.replicaServers;
  const primaries = async () => (await cluster.partitions('temp')).map(({ primary }) => primary);
  await cluster.waitFor(async () => !(await primaries()).includes(gone as never));
  await cluster.fault.clear();
  await cluster.waitFor('healthy');
});

test('what cannot be is refused with the code of the command', async () => {
  const { fault } = cluster;
  expect(
    await Promise.all(
      [
        fault.cut('meta1', { from: ['meta1'] }),
        fault.drop('meta1', { rpc: 'PREPARE' }),
        fault.delay('meta1', { rpc: 'RPC_PREPARE', ms: -1 }),
        fault.expireSession('replica1'),
        fault.clear(['f99']),
        cluster.pause('replica1', { forMs: 0 }),
        cluster.pause('replica9'),
      ].map(codeOf),
    ),
  ).toEqual([
    'ONEBOX_BAD_FAULT',
    'ONEBOX_UNKNOWN_RPC',
    'ONEBOX_BAD_FAULT',
    'ONEBOX_NO_SESSION',
    'ONEBOX_NO_SUCH_FAULT',
    'ONEBOX_BAD_FAULT',
    'ONEBOX_NO_SUCH_INSTANCE',
  ]);
  expect(await fault.list()).toEqual([]);
});

test('a leader whose session was expired ends, and the other one leads', async () => {
  const before = await cluster.leader();
  const { instance, sessionId } = await cluster.fault.expireSession('leader');
  expect(sessionId).toMatch(/^[0-9a-f]{16}$/);
  const after = await cluster.waitFor(({ leader }) => leader !== null && leader !== before);
  await until('its end', async () => (await stateOf(instance)) === 'exited', { withinMs: 10_000 });
  expect(cluster.metaServers).toContain(after.leader);
  await cluster.restart(instance);
});
