import { RPC, configurationMetaControlRequest, make } from '@onebox/protocol';
import type { LoggedEvent } from '@onebox/server';
import { R1, R2, R3 } from './cluster-fixture';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { tableRequests } from './simulation/table-requests';

// What the leader tells of its cluster, and what led to it.

let cluster: SimulatedCluster;

beforeEach(async () => {
  cluster = await new SimulatedCluster(3).start();
});
afterEach(() => cluster.close());

const { create, drop, recall, rename, setEnvs, setReplicaCount } = tableRequests(() => cluster.leader);

const events = (): readonly LoggedEvent[] => cluster.leader.events.events;

/** Those of one partition and those of none, as `cause -> event`: ids are counted from the first one that is shown. */
function story(partition: string, from: number): string[] {
  const shown = events()
    .slice(from)
    .filter((event) => !('partition' in event) || event.partition === partition);
  const number = new Map(shown.map(({ id }, index) => [id, index + 1]));
  return shown.map((event) => {
    const cause = event.cause === undefined ? '' : `${number.get(event.cause) ?? 'before'} -> `;
    return `${cause}${words(event)}`;
  });
}

function words(event: LoggedEvent): string {
  switch (event.type) {
    case 'proposal':
      return `${event.origin} proposes ${event.proposal} ${event.node} to ${event.target}: ${event.reason}`;
    case 'configuration-changed':
      return `ballot ${event.ballot}: ${event.change} ${event.node ?? ''}: ${event.reason}`;
    case 'node-alive':
    case 'node-dead':
      return `${event.type} ${event.node}`;
    case 'table-changed':
      return `${event.name}: ${event.what}`;
    case 'level-changed':
      return `${event.from} to ${event.to}: ${event.reason}`;
    default:
      return event.type;
  }
}

/** A partition of `stat` whose primary is R1. */
function ledByR1(): string {
  const found = cluster.stored('stat').find(({ primary }) => primary === R1);
  if (found === undefined) throw new Error('each of three nodes leads some of four partitions');
  return `${found.gpid.appId}.${found.gpid.partitionIndex}`;
}

test('a new table: every member with the proposal it answers, and the partition before that', () => {
  expect(story('1.0', 0)).toEqual([
    'election-won',
    '1 -> state-snapshot',
    `node-alive ${R1}`,
    '3 -> freezed to steady: enough nodes are alive',
    `node-alive ${R2}`,
    `node-alive ${R3}`,
    `3 -> cure proposes CT_ASSIGN_PRIMARY ${R1} to ${R1}: new; ${R1} gets it`,
    `7 -> ballot 1: CT_ASSIGN_PRIMARY ${R1}: new; ${R1} gets it`,
    `8 -> cure proposes CT_ADD_SECONDARY ${R2} to ${R1}: no removed node to wait for; ${R2} has least`,
    `9 -> ballot 2: CT_UPGRADE_TO_SECONDARY ${R2}: no removed node to wait for; ${R2} has least`,
    `10 -> cure proposes CT_ADD_SECONDARY ${R3} to ${R1}: no removed node to wait for; ${R3} has least`,
    `11 -> ballot 3: CT_UPGRADE_TO_SECONDARY ${R3}: no removed node to wait for; ${R3} has least`,
  ]);
});

test('a primary that dies and comes back: death, removal, promotion; return, learning', async () => {
  const partition = ledByR1();
  const from = events().length;
  cluster.replica(R1).stop();
  await cluster.run(30_000);
  cluster.replica(R1).start();
  await cluster.run(30_000);
  expect(story(partition, from)).toEqual([
    `node-dead ${R1}`,
    `1 -> ballot 4: CT_DOWNGRADE_TO_INACTIVE ${R1}: ${R1} is dead`,
    `2 -> cure proposes CT_UPGRADE_TO_PRIMARY ${R2} to ${R2}: no primary; ${R2} is promoted`,
    `3 -> ballot 5: CT_UPGRADE_TO_PRIMARY ${R2}: no primary; ${R2} is promoted`,
    `node-alive ${R1}`,
    `5 -> cure proposes CT_ADD_SECONDARY ${R1} to ${R2}: ${R1} was removed last and is alive`,
    `6 -> ballot 6: CT_UPGRADE_TO_SECONDARY ${R1}: ${R1} was removed last and is alive`,
  ]);
});

test('a secondary that dies: its primary is asked to take it out', async () => {
  const partition = ledByR1();
  const from = events().length;
  cluster.replica(R3).stop();
  await cluster.run(30_000);
  expect(story(partition, from)).toEqual([
    `node-dead ${R3}`,
    `1 -> death proposes CT_DOWNGRADE_TO_INACTIVE ${R3} to ${R1}: ${R3} is dead`,
    `2 -> ballot 4: CT_DOWNGRADE_TO_INACTIVE ${R3}: ${R3} is dead`,
  ]);
  const death = events()[from];
  expect(death).toMatchObject({ type: 'node-dead', silentMs: expect.any(Number) as number });
  expect(death?.type === 'node-dead' && death.silentMs).toBeGreaterThan(22_000);
});

test('a primary that comes back in time raises its ballot by itself: no proposal is behind it', async () => {
  const partition = ledByR1();
  const from = events().length;
  cluster.replica(R1).stop();
  await cluster.run(2000);
  cluster.replica(R1).start();
  await cluster.run(5000);
  expect(story(partition, from)).toEqual([
    `ballot 4: CT_PRIMARY_FORCE_UPDATE_BALLOT ${R1}: asked for by ${R1}`,
  ]);
});

test('operations on a table, and what they do to its partitions', async () => {
  const from = events().length;
  await create('t', { partition_count: 1 });
  await cluster.run(12_000);
  await setEnvs('t', { default_ttl: '100' });
  await setReplicaCount('t', 2);
  await rename('t', 'u');
  await cluster.run(12_000);
  await drop('u');
  await recall(3);
  const told = story('3.0', from);
  expect(told.filter((line) => !line.includes('cure proposes') && !line.includes('UPGRADE'))).toEqual([
    'table-created',
    '1 -> ballot 0: created : table t created',
    expect.stringMatching(/^3 -> ballot 1: CT_ASSIGN_PRIMARY/),
    't: envs: set default_ttl=100',
    't: max replica count: 2',
    '10 -> ballot 4: SET_MAX_REPLICA_COUNT : max replica count: 2',
    'table-renamed',
    expect.stringMatching(/^13 -> ballot 5: CT_REMOVE .*: one replica too many; .* has the most partitions$/),
    'table-dropped',
    '15 -> ballot 6: CT_DROP_PARTITION : table u dropped',
    'table-recalled',
    '17 -> ballot 6: CT_RECALL : table u recalled',
  ]);
});

test('levels: set by request, and frozen because too many nodes are dead', async () => {
  const setLevel = (value: number) =>
    cluster.leader.call(
      RPC.RPC_CM_CONTROL_META,
      make(configurationMetaControlRequest, { level: value as never }),
    );
  const from = events().length;
  await setLevel(500);
  await setLevel(500);
  cluster.replica(R1).stop();
  cluster.replica(R2).stop();
  await cluster.run(30_000);
  await setLevel(400);
  expect(story('none', from).filter((line) => / to /.test(line))).toEqual([
    'steady to lively: lively set by request',
    '3 -> lively to freezed: 1 of 3 nodes are alive, less than 65 %',
    'freezed to freezed: steady set by request, 1 of 3 nodes are alive, less than 65 %',
  ]);
});

test('the balancer: its plan is what the steps of a move begin with', async () => {
  cluster.addReplica(4).start();
  const from = events().length;
  await cluster.leader.call(RPC.RPC_CM_CONTROL_META, make(configurationMetaControlRequest, { level: 500 }));
  await cluster.run(60_000);
  const planned = events()
    .slice(from)
    .find(({ type }) => type === 'balance-planned');
  const first = events().find(({ cause, type }) => cause === planned?.id && type === 'proposal');
  expect(first).toMatchObject({ origin: 'balancer', proposal: 'CT_ADD_SECONDARY_FOR_LB' });
  const answer = events().find(({ cause }) => cause === first?.id);
  expect(answer).toMatchObject({ type: 'configuration-changed', change: 'CT_UPGRADE_TO_SECONDARY' });
  expect(events().find(({ cause }) => cause === answer?.id)).toMatchObject({
    type: 'proposal',
    origin: 'balancer',
    proposal: 'CT_DOWNGRADE_TO_SECONDARY',
  });
});
