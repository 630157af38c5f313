import { parseNode } from '@onebox/base';
import { renderInstanceConfig } from '../../src/config/instance-config';
import { hostToDial, metaServersIn } from '../../src/config/own-servers';
import type { Role } from '../../src/process/role';
import { TEMPLATE, VALUES } from './template-values';

/** Where a server of a cluster with three meta and two replica servers, advertised as box1, dials. */
function dialler(role: Role, values: Readonly<Record<string, string | number>> = {}) {
  const all = {
    ...{ ...VALUES, BIND: '0.0.0.0', LOCAL_HOSTNAME: 'box1', REPLICA_COUNT: 2 },
    META_SERVER_LIST: 'box1:34601,box1:34602,box1:34603',
    ...values,
  };
  const { config, settings } = renderInstanceConfig(TEMPLATE, all, []);
  const dial = hostToDial({ config, settings, role }, metaServersIn(all.META_SERVER_LIST));
  return (...nodes: readonly string[]) => nodes.map((node) => dial(parseNode(node)));
}

const EVERY_SERVER = ['box1:34601', 'box1:34602', 'box1:34603', 'box1:34801', 'box1:34802'];

test.each([
  ['meta', { INSTANCE: 'meta1' }],
  ['replica', { INSTANCE: 'replica1', META_PORT: 34600, REPLICA_PORT: 34801 }],
  ['replica', { INSTANCE: 'replica2', META_PORT: 34600, REPLICA_PORT: 34802 }],
  ['collector', { INSTANCE: 'collector', META_PORT: 34600 }],
] as const)('a %s of a cluster that is advertised elsewhere dials the others on loopback', (role, values) => {
  expect(dialler(role, values)(...EVERY_SERVER)).toEqual(EVERY_SERVER.map(() => '127.0.0.1'));
});

test('what else is behind the advertised host, and what is elsewhere, is dialled by its name', () => {
  const others = ['box1:34600', 'box1:34803', 'box1:35601', 'box2:34601', '127.0.0.1:34601'];
  expect(dialler('meta')(...others)).toEqual(others.map(() => undefined));
});

test('servers on one address reach each other there', () => {
  expect(dialler('meta', { BIND: '172.17.0.2' })('box1:34602')).toEqual(['172.17.0.2']);
});

test('servers that are advertised where they listen are dialled by their names', () => {
  const dial = dialler('meta', { BIND: 'box1' });
  expect(dial(...EVERY_SERVER)).toEqual(EVERY_SERVER.map(() => undefined));
});
