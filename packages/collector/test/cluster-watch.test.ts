import { FakeClock, MemoryLogger, OneboxError, parseNode } from '@onebox/base';
import type { ErrorCode, Node } from '@onebox/base';
import {
  RPC,
  appInfo,
  configurationClusterInfoResponse,
  configurationListAppsResponse,
  make,
} from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import { MemoryEventLog } from '@onebox/server';
import { ClusterWatch } from '../src/cluster-watch';

const M1 = parseNode('127.0.0.1:34601');
const M2 = parseNode('127.0.0.1:34602');
const M3 = parseNode('127.0.0.1:34603');

/** Meta servers of which one leads; the others say so, or are down. */
class Metas {
  leader: Node | undefined = M2;
  readonly down = new Set<Node>();
  readonly asked: string[] = [];

  call<Q, A>(to: Node, rpc: Rpc<Q, A>): Promise<A> {
    this.asked.push(`${to} ${rpc.code}`);
    if (this.down.has(to)) return Promise.reject(new OneboxError('ERR_NETWORK_FAILURE', `${to} is down`));
    const err: ErrorCode = to === this.leader ? 'ERR_OK' : 'ERR_FORWARD_TO_OTHERS';
    const answer: unknown =
      rpc.code === RPC.RPC_CM_CLUSTER_INFO.code
        ? make(configurationClusterInfoResponse, {
            err,
            keys: ['meta_function_level', 'cluster_name'],
            values: ['steady', 'onebox'],
          })
        : make(configurationListAppsResponse, {
            err,
            infos: ['stat', 'temp'].map((app_name) => make(appInfo, { app_name })),
          });
    return Promise.resolve(answer as A);
  }
}

describe('the collector', () => {
  const metas = new Metas();
  const clock = new FakeClock();
  const events = new MemoryEventLog('collector');
  const watch = new ClusterWatch({
    metaServers: [M1, M2, M3],
    calls: metas,
    clock,
    log: new MemoryLogger(),
    events,
    intervalMs: 10_000,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  afterAll(() => {
    watch.close();
    expect(clock.pending).toBe(0);
  });

  test('finds the leader by asking one meta server after the other', async () => {
    watch.start();
    await settle();
    expect(metas.asked).toEqual([
      `${M1} RPC_CM_CLUSTER_INFO`,
      `${M2} RPC_CM_CLUSTER_INFO`,
      `${M2} RPC_CM_LIST_APPS`,
    ]);
    expect(watch.current).toEqual({
      leader: M2,
      info: new Map([
        ['meta_function_level', 'steady'],
        ['cluster_name', 'onebox'],
      ]),
      tables: ['stat', 'temp'],
      takenAtUnixMs: clock.unixMs(),
    });
  });

  test('asks the leader it knows first', async () => {
    metas.asked.length = 0;
    clock.advance(10_000);
    await settle();
    expect(metas.asked).toEqual([`${M2} RPC_CM_CLUSTER_INFO`, `${M2} RPC_CM_LIST_APPS`]);
  });

  test('says what is wrong while there is no leader', async () => {
    metas.leader = undefined;
    metas.down.add(M3);
    clock.advance(10_000);
    await settle();
    expect(watch.current).toBeUndefined();
    expect(watch.problem).toBe(
      `${M2} answered ERR_FORWARD_TO_OTHERS; ${M1} answered ERR_FORWARD_TO_OTHERS; ERR_NETWORK_FAILURE: ${M3} is down`,
    );
  });

  test('follows the next leader', async () => {
    metas.leader = M1;
    clock.advance(10_000);
    await settle();
    expect(watch.current?.leader).toBe(M1);
    expect(watch.problem).toBeUndefined();
  });

  test('has told whom it saw leading, once each', () => {
    const told = events.events.map((event) => event.type === 'leader-seen' && event.leader);
    expect(told).toEqual([M2, null, M1]);
  });
});
