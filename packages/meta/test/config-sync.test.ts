import { FakeClock, MemoryLogger } from '@onebox/base';
import type { FunctionLevel } from '../src/cluster-view';
import { ConfigSync } from '../src/configuration/config-sync';
import type { ReportedReplica } from '../src/configuration/config-sync';
import { cureProposal } from '../src/guardian/proposal';
import { NodeTable } from '../src/liveness/node-table';
import { ServerState } from '../src/state/server-state';
import type { TableState } from '../src/state/table-state';
import { HEALTHY, R1, R2, R3, R4, config, table } from './cluster-fixture';

const clock = new FakeClock();

interface Synced {
  readonly state: ServerState;
  readonly nodes: NodeTable;
  readonly temp: TableState;
  readonly sync: ConfigSync;
  level: FunctionLevel;
}

/** Table `temp` of two partitions: 2.0 is led by R1, 2.1 by R4 alone. */
function given(change: Parameters<typeof table>[0] = {}): Synced {
  const state = new ServerState(
    () => 1,
    () => ({ monotonicMs: clock.monotonicMs(), unixMs: clock.unixMs() }),
  );
  const nodes = new NodeTable();
  for (const node of [R1, R2, R3, R4]) nodes.heardFrom(node, 0);
  const single = config({ gpid: { appId: 2, partitionIndex: 1 }, ballot: 1, primary: R4 });
  const temp = state.add(table({ partitionCount: 2, ...change }), [HEALTHY, single]);
  const synced: Synced = {
    state,
    nodes,
    temp,
    level: 'steady',
    sync: new ConfigSync({
      state,
      nodes,
      level: () => synced.level,
      unixMs: () => clock.unixMs(),
      log: new MemoryLogger(),
    }),
  };
  return synced;
}

function replica(change: Partial<ReportedReplica> = {}): ReportedReplica {
  return {
    gpid: HEALTHY.gpid,
    status: 'other',
    ballot: 3,
    lastCommittedDecree: 5,
    lastPreparedDecree: 6,
    compaction: 'idle',
    diskTag: 'default',
    ...change,
  };
}

describe('config-sync', () => {
  test('tells a node the partitions it is a member of, and learns what it serves', () => {
    const { sync, temp, nodes } = given();
    expect(sync.sync(R2, [replica()])).toEqual({
      error: 'ERR_OK',
      partitions: [{ table: temp, index: 0 }],
      garbage: [],
    });
    expect(nodes.hasReported(R2)).toBe(true);
    expect(temp.context(0).serving.get(R2)).toMatchObject({ diskTag: 'default', lastCommittedDecree: 5 });
  });

  test('does not know a node that never sent a beacon', () => {
    const { sync, nodes } = given();
    expect(nodes.all()).toHaveLength(4);
    expect(sync.sync('127.0.0.1:34899' as typeof R1, [])).toMatchObject({ error: 'ERR_OBJECT_NOT_FOUND' });
  });

  test('is busy for the primary of a partition that is being written, and for the node that is changed', async () => {
    const { sync, temp } = given();
    let written = (): void => undefined;
    const context = temp.context(0);
    const writing = context.turn.during(async () => {
      context.pending = { type: 'CT_REMOVE', node: R3 };
      await new Promise<void>((resolve) => (written = resolve));
    });
    await Promise.resolve();
    await Promise.resolve();
    const busy = { error: 'ERR_BUSY', partitions: [], garbage: [] };
    expect([sync.sync(R1, []), sync.sync(R3, [])]).toEqual([busy, busy]);
    expect(sync.sync(R2, []).error).toBe('ERR_OK');
    written();
    await writing;
    expect(sync.sync(R1, []).error).toBe('ERR_OK');
  });

  test('names replicas that may be deleted only at lively, and never those of unknown tables', () => {
    const given3 = given();
    const { sync, temp } = given3;
    // 2.0 is complete: it has room for one more in its dropped list.
    const stale = [replica({ ballot: 2 }), replica({ gpid: { appId: 77, partitionIndex: 0 } })];
    expect(sync.sync(R4, stale).garbage).toEqual([]);
    expect(temp.context(0).dropped.replicas.map(({ node }) => node)).toEqual([R4]);
    const R5 = '127.0.0.1:34805' as typeof R1;
    given3.nodes.heardFrom(R5, 0);
    // The list keeps the one with the larger ballot.
    expect(sync.sync(R5, [replica({ ballot: 1 })]).garbage).toEqual([]);
    given3.level = 'lively';
    expect(sync.sync(R5, [replica({ ballot: 1 })]).garbage).toEqual([0]);
    expect(sync.sync(R4, stale).garbage).toEqual([]);
    expect(sync.sync(R5, [replica({ ballot: 1, status: 'learning' })]).garbage).toEqual([]);
  });

  test('lets replicas of a dropped table go when it has expired', () => {
    const now = Math.floor(clock.unixMs() / 1000);
    const garbageOf = (expireSecond: number) => {
      const dropped = given({ status: 'AS_DROPPED', expireSecond });
      dropped.level = 'lively';
      return dropped.sync.sync(R3, [replica()]).garbage;
    };
    expect([garbageOf(now + 1), garbageOf(now), garbageOf(0)]).toEqual([[], [0], []]);
  });

  test('notices a learner that gave up', () => {
    const { sync, state, temp } = given();
    const partition = { table: temp, index: 1 };
    state.setProposals(
      partition,
      cureProposal({ type: 'CT_ADD_SECONDARY', target: R4, node: R2 }, 'a member is missing'),
    );
    const report = (status: ReportedReplica['status']) => {
      sync.sync(R2, [replica({ gpid: { appId: 2, partitionIndex: 1 }, status })]);
      return temp.context(1).proposals.learner;
    };
    expect(report('inactive')).toBeUndefined();
    expect(report('learning')).toEqual({ failed: false });
    expect(report('inactive')).toEqual({ failed: true });
    expect(report('learning')).toEqual({ failed: false });
  });
});
