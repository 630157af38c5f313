import { Onebox } from '../../packages/cluster/src/api/onebox';
import type { OneboxStartOptions } from '../../packages/cluster/src/api/onebox-options';
import { ApiHome } from '../support/api-home';

// A start that fails leaves nothing, whatever it failed of.
const home = new ApiHome();

afterEach(() => home.untilNothingIsLeft());
afterAll(() => home.destroy());

const failureOf = (options: OneboxStartOptions): Promise<unknown> =>
  Onebox.start({ home: home.path, metas: 1, replicas: 1, collector: false, ...options }).then(
    (cluster) => cluster.stop(),
    (error: unknown) => error,
  );

test.each<[string, OneboxStartOptions]>([
  ['ONEBOX_BAD_OPTION', { tables: ['twice', 'twice'] }],
  ['ONEBOX_BAD_TABLE_NAME', { tables: ['no table'] }],
  ['ONEBOX_BAD_NAME', { name: '../up' }],
  ['ONEBOX_CONFIG_INVALID', { set: { 'replication.lb_interval_ms': 'often' } }],
  ['ONEBOX_NOT_HEALTHY', { timeoutMs: 1 }],
])('%s', async (code, options) => {
  expect(await failureOf(options)).toMatchObject({ name: 'OneboxError', code });
});

test('one that is aborted fails with what it was aborted with', async () => {
  const reason = new Error('the test is over');
  expect(await failureOf({ signal: AbortSignal.abort(reason) })).toBe(reason);
  const controller = new AbortController();
  const onEvent = ({ kind }: { kind: string }) => kind === 'instance-started' && controller.abort(reason);
  expect(await failureOf({ signal: controller.signal, onEvent })).toBe(reason);
});

test('a table that cannot be created fails the start', async () => {
  const tables = [{ name: 'users', replicaCount: 9, envs: { default_ttl: '1' } }];
  expect(await failureOf({ tables })).toMatchObject({ name: 'OneboxError', code: 'ERR_INVALID_PARAMETERS' });
});

test('a listener that throws fails the start with what it threw', async () => {
  const thrown = new Error('the listener is wrong');
  const onEvent = ({ kind }: { kind: string }): void => {
    if (kind === 'leader-elected') throw thrown;
  };
  expect(await failureOf({ onEvent })).toBe(thrown);
});
