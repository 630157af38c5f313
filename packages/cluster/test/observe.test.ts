import type { ServerStatus } from '@onebox/server';
import { leaderAmong } from '../src/status/observe';
import { serversOf } from '../src/topology';

const SERVERS = serversOf({ metas: 3, replicas: 1, collector: false, portOffset: 0, advertise: '127.0.0.1' });

/** What servers say of themselves, in order. */
function leader(...facts: readonly (object | undefined)[]): string | undefined {
  const said = SERVERS.map((server, i) => {
    const told = facts[i];
    return { server, said: told === undefined ? undefined : ({ facts: told } as ServerStatus) };
  });
  return leaderAmong(said)?.name;
}

const lockNode = (number: number) => ({ zookeeper: { lockNode: `/lock/LOCKNODE000000000${number}` } });

test('the meta server that says so leads, when it has loaded its state', () => {
  expect(leader({ leader: false }, { leader: true, ready: true }, undefined)).toBe('meta2');
  expect(leader({ leader: false }, { leader: true, ready: false })).toBeUndefined();
  expect(leader()).toBeUndefined();
});

test('one that was deposed and does not know it yet queued before the one that leads', () => {
  const leads = { leader: true, ready: true };
  expect(leader({ ...leads, ...lockNode(2) }, { ...leads, ...lockNode(3) })).toBe('meta2');
  expect(leader({ ...leads, ...lockNode(9) }, { ...leads, ...lockNode(3) })).toBe('meta1');
});
