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
  expect(await cluster.fault.list()).toEqual([{ ...pause, lost: null, delayed: null }]);
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

test('what is no option, or of another type, is refused by the name that the API has for it', async () => {
  // As JavaScript calls it, whose compiler says nothing.
  const any = cluster as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  const fault = cluster.fault as unknown as typeof any;
  const startWith = (options: unknown) => Onebox.start(options as object);
  const attachTo = (target: unknown) => Onebox.attach(target as string);
  const events = async (options: unknown) => cluster.events(options as object);
  const optionOf = (work: Promise<unknown> | undefined): Promise<unknown> =>
    (work ?? Promise.resolve()).then(
      () => 'it did not fail',
      (error: unknown) =>
        error instanceof OneboxError && error.code === 'ONEBOX_BAD_OPTION' ? error.data['option'] : error,
    );
  const wrong: readonly (readonly [Promise<unknown> | undefined, string])[] = [
    [fault['drop']?.('meta1', {}), 'rpc'],
    [fault['drop']?.('meta1'), 'options'],
    [fault['drop']?.('meta1', { rpc: 'RPC_CM_LIST_APPS', probability: '0.5' }), 'probability'],
    [fault['delay']?.('meta1', { rpc: 'RPC_CM_LIST_APPS' }), 'ms'],
    [fault['delay']?.('meta1', { rpc: 'RPC_CM_LIST_APPS', ms: '200' }), 'ms'],
    [fault['cut']?.('meta1', { form: ['meta2'] }), 'form'],
    [fault['cut']?.('meta1', { from: [2] }), 'from'],
    [fault['cut']?.('meta1', ['meta2']), 'options'],
    [fault['cut']?.('meta1', null), 'options'],
    [fault['clear']?.(1), 'ids'],
    [any['pause']?.('meta1', 300), 'options'],
    [any['pause']?.('meta1', { forMs: '10s' }), 'forMs'],
    [any['waitFor']?.('helthy'), 'condition'],
    [any['waitFor']?.(), 'condition'],
    [any['waitFor']?.('healthy', { timeoutMs: '5s' }), 'timeoutMs'],
    [any['partitions']?.(), 'table'],
    [any['createTable']?.(), 'name'],
    [any['createTable']?.('t', { partitions: '4' }), 'partitions'],
    [any['createTable']?.('t', { envs: ['a'] }), 'envs'],
    [any['dropTable']?.(7), 'name'],
    [any['restart']?.('meta1', { signal: 5 }), 'signal'],
    [any['startInstance']?.('meta1', { timeout: 5 }), 'timeout'],
    [any['dashboard']?.({ port: '80' }), 'port'],
    [any['logs']?.('meta1', { lines: 'all' }), 'lines'],
    [any['logs']?.('meta1', { lines: 0 }), 'lines'],
    [events({ since: 'nonsense' }), 'since'],
    [events({ since: new Date('nonsense') }), 'since'],
    [events({ types: 'node-dead' }), 'types'],
    [startWith({ meta: 3 }), 'meta'],
    [startWith({ metas: '3' }), 'metas'],
    [startWith({ tables: 'users' }), 'tables'],
    [startWith({ tables: [{}] }), 'name'],
    [startWith({ tables: [null] }), 'tables'],
    [startWith({ set: 'a.b=c' }), 'set'],
    [startWith({ log: 'console' }), 'log'],
    [startWith(null), 'options'],
    [attachTo(undefined), 'target'],
    [attachTo({}), 'target'],
    [attachTo({ fromEnvironment: false }), 'fromEnvironment'],
  ];
  expect(await Promise.all(wrong.map(([work]) => optionOf(work)))).toEqual(wrong.map(([, option]) => option));
  expect(
    await Promise.all(
      ['kill', 'logs', 'pause'].map((method) => codeOf(any[method]?.() ?? Promise.resolve())),
    ),
  ).toEqual(Array(3).fill('ONEBOX_NO_SUCH_INSTANCE'));
  expect(await cluster.fault.list()).toEqual([]);
});

test('one peer, and one id, may be said without a list', async () => {
  const { id, text } = await cluster.fault.cut('meta2', { from: 'meta1' });
  expect(text).toBe('cut meta2 from meta1');
  expect((await cluster.fault.clear(id)).cleared.map((each) => each.id)).toEqual([id]);
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
