import { cureProposal } from '../src/guardian/proposal';
import { NodeTable } from '../src/liveness/node-table';
import { tellPartitions } from '../src/partitions-command';
import { ServerState } from '../src/state/server-state';
import { R1, R2, R3, R4, config, table } from './cluster-fixture';

function leading(tables: number, partitionCount = 8) {
  const state = new ServerState(
    () => 0,
    () => ({ monotonicMs: 0, unixMs: 0 }),
  );
  const nodes = new NodeTable();
  for (const node of [R1, R2, R3]) nodes.heardFrom(node, 0);
  for (let appId = 1; appId <= tables; appId += 1) addTable(state, appId, partitionCount);
  return { ready: true, state, nodes };
}

function addTable(state: ServerState, appId: number, partitionCount: number): void {
  const partitions = Array.from({ length: partitionCount }, (_, partitionIndex) => {
    return config({ gpid: { appId, partitionIndex }, ballot: 3, primary: R1, secondaries: [R2, R3] });
  });
  state.add(table({ appId, appName: `t${appId}`, partitionCount }), partitions);
}

type Answer = Extract<ReturnType<typeof tellPartitions>, { readonly leader: string }>;

function ask(leader: ReturnType<typeof leading>, since?: Answer): Answer {
  const request = { command: 'partitions', leader: since?.leader, since: since?.count };
  return tellPartitions(leader, request) as Answer;
}

const appIds = ({ tables }: Answer) => tables.map(({ appId }) => appId);

test('a standby, and a leader that is still loading, tells of no table', () => {
  const request = { command: 'partitions' };
  expect(tellPartitions(undefined, request)).toEqual({ leader: null });
  expect(tellPartitions({ ...leading(1), ready: false }, request)).toEqual({ leader: null });
});

test('who never asked is told everything', () => {
  const leader = leading(2, 1);
  expect(ask(leader)).toEqual({
    leader: leader.state.tableChanges.leader,
    ...{ full: true, count: 2, more: false },
    nodes: [R1, R2, R3].map((node) => ({ node, alive: true })),
    tables: [1, 2].map((appId) => {
      const partitions = [[3, 0, [1, 2], []]];
      return { appId, name: `t${appId}`, status: 'AS_AVAILABLE', maxReplicaCount: 3, partitions };
    }),
  });
});

describe('who asked before is told only what changed', () => {
  const leader = leading(1000);
  let last = ask(leader);
  while (last.more) last = ask(leader, last);
  const ref = (appId: number, index: number) => {
    const found = leader.state.find({ appId, partitionIndex: index });
    if (found === undefined) throw new Error(`no partition ${appId}.${index}`);
    return found;
  };
  const next = (): Answer => (last = ask(leader, last));

  test('nothing', () => expect(next()).toMatchObject({ full: false, more: false, tables: [] }));

  test('one ballot: its table', () => {
    const partition = ref(500, 3);
    const changed = { ...partition.table.partition(3), ballot: 4, primary: undefined, lastDrops: [R1] };
    leader.state.replacePartition(partition, changed, { type: 'CT_DOWNGRADE_TO_INACTIVE', node: R1 });
    const answer = next();
    expect(appIds(answer)).toEqual([500]);
    expect(answer.tables[0]?.partitions[3]).toEqual([4, -1, [1, 2], []]);
  });

  test('a node that is being added learns, until the proposal is gone; who it is may be unknown so far', () => {
    const partition = ref(2, 0);
    const proposal = {
      type: 'CT_ADD_SECONDARY',
      target: R1,
      node: R4,
    } as const;
    leader.state.setProposals(partition, cureProposal(proposal, 'one replica is missing'));
    const answer = next();
    expect(appIds(answer)).toEqual([2]);
    expect(answer.tables[0]?.partitions[0]).toEqual([3, 0, [1, 2], [3]]);
    expect(answer.nodes[3]).toEqual({ node: R4, alive: null });
    leader.state.clearProposals();
    expect(next().tables[0]?.partitions[0]).toEqual([3, 0, [1, 2], []]);
  });

  test('a table that is dropped, one that is created, one that is renamed', () => {
    const { table: dropped } = ref(7, 0);
    leader.state.updateInfo(dropped, { status: 'AS_DROPPED' });
    addTable(leader.state, 1001, 1);
    leader.state.updateInfo(ref(8, 0).table, { appName: 'renamed' });
    const { tables } = next();
    expect(tables.map(({ appId, name, status }) => [appId, name, status])).toEqual([
      [7, 't7', 'AS_DROPPED'],
      [1001, 't1001', 'AS_AVAILABLE'],
      [8, 'renamed', 'AS_AVAILABLE'],
    ]);
  });

  test('of another leader: everything', () => {
    expect(ask(leader, { ...last, leader: 'another one' }).full).toBe(true);
  });
});

test('a thousand tables come in parts, so that the leader is not held up', () => {
  const leader = leading(1000);
  const answers: Answer[] = [];
  for (let last: Answer | undefined; last?.more !== false; answers.push(last)) last = ask(leader, last);
  expect(answers.map(appIds).flat()).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  const sizes = answers.map(({ tables }) =>
    tables.reduce((sum, { partitions }) => sum + partitions.length, 0),
  );
  expect(sizes).toEqual([4000, 4000]);
});

test('a table that is larger than a part comes alone', () => {
  const leader = leading(2, 5000);
  const first = ask(leader);
  expect([appIds(first), first.more]).toEqual([[1], true]);
  const second = ask(leader, first);
  expect([appIds(second), second.more]).toEqual([[2], false]);
});
