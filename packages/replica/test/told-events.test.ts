import type { Gpid, Node } from '@onebox/base';
import type { LoggedEvent } from '@onebox/server';
import { FakeCluster, META, R1, R2, R3 } from './support/fake-cluster';

// What a replica server tells of itself in the event log.

const P0: Gpid = { appId: 1, partitionIndex: 0 };

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = new FakeCluster();
  cluster.meta.add(P0);
  await cluster.start(R1, R2, R3);
  cluster.meta.cures = [R1, R2];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  cluster.meta.cures = [];
});
afterEach(() => cluster.close());

/** As `cause -> event`; ids are counted from the first one that is shown. */
function story(node: Node, from = 0): string[] {
  const shown = cluster.toldBy(node).slice(from);
  const number = new Map(shown.map(({ id }, index) => [id, index + 1]));
  return shown.map((event) => {
    const cause = event.cause === undefined ? '' : `${number.get(event.cause) ?? 'before'} -> `;
    return `${cause}${words(event)}`;
  });
}

function words(event: LoggedEvent): string {
  switch (event.type) {
    case 'meta-found':
      return `found ${event.meta}`;
    case 'meta-lost':
      return `lost ${event.meta}: ${event.reason}`;
    case 'lease-lost':
      return `lease lost with ${event.replicas} replicas`;
    case 'update-asked':
      return `asks for ${event.change} of ${event.node}, ballot ${event.ballot}: ${event.reason}`;
    case 'replica-status':
      return `${event.partition}: ${event.from} to ${event.to}, ballot ${event.ballot}${event.answer === undefined ? '' : `, answer ${event.answer}`}`;
    case 'learning-started':
      return `learns from ${event.primary} at ballot ${event.ballot}`;
    case 'learning-ended':
      return `learning: ${event.outcome}`;
    default:
      return event.type;
  }
}

test('a primary asks to lead, and for its secondary when that has learned', () => {
  expect(story(R1)).toEqual([
    `found ${META}`,
    `asks for CT_ASSIGN_PRIMARY of ${R1}, ballot 1: proposed by the meta server`,
    '2 -> 1.0: PS_INACTIVE to PS_PRIMARY, ballot 1, answer received',
    `asks for CT_UPGRADE_TO_SECONDARY of ${R2}, ballot 2: it has learned what this primary has`,
    '4 -> 1.0: PS_PRIMARY to PS_INACTIVE, ballot 1, answer awaited',
    '4 -> 1.0: PS_INACTIVE to PS_PRIMARY, ballot 2, answer received',
  ]);
});

test('a learner tells its learning and how it ended', () => {
  expect(story(R2)).toEqual([
    `found ${META}`,
    '1.0: PS_INACTIVE to PS_POTENTIAL_SECONDARY, ballot 1',
    `learns from ${R1} at ballot 1`,
    '3 -> learning: succeeded',
    '1.0: PS_POTENTIAL_SECONDARY to PS_SECONDARY, ballot 2',
  ]);
});

test('a learner that cannot reach its primary tells why it gave up', async () => {
  cluster.network.cut(R3, R1);
  const from = cluster.toldBy(R3).length;
  cluster.meta.propose('CT_ADD_SECONDARY', R1, R3, P0);
  await cluster.pass(6000, 100);
  expect(story(R3, from)).toEqual([
    '1.0: PS_INACTIVE to PS_POTENTIAL_SECONDARY, ballot 2',
    `learns from ${R1} at ballot 2`,
    expect.stringMatching(/^2 -> learning: failed: ERR_TIMEOUT/),
    '1.0: PS_POTENTIAL_SECONDARY to PS_INACTIVE, ballot 2',
  ]);
});

test('a secondary that is gone: the primary tells what it saw', async () => {
  const from = cluster.toldBy(R1).length;
  await cluster.kill(R2);
  // It looks at its group every 100 s.
  await cluster.pass(110_000, 1000);
  expect(story(R1, from)).toEqual([
    expect.stringMatching(
      new RegExp(`^asks for CT_DOWNGRADE_TO_INACTIVE of ${R2}, ballot 3: (prepare of decree|group check)`),
    ),
    '1 -> 1.0: PS_PRIMARY to PS_INACTIVE, ballot 2, answer awaited',
    '1 -> 1.0: PS_INACTIVE to PS_PRIMARY, ballot 3, answer received',
  ]);
});

test('a lease that is lost takes the roles, and the meta server that is found again gives them back', async () => {
  const from = cluster.toldBy(R2).length;
  cluster.network.freeze(META);
  await cluster.pass(25_000, 250);
  cluster.network.thaw(META);
  await cluster.pass(5000, 250);
  expect(story(R2, from)).toEqual([
    expect.stringMatching(`^lost ${META}: ERR_TIMEOUT`),
    '1 -> lease lost with 1 replicas',
    '2 -> 1.0: PS_SECONDARY to PS_INACTIVE, ballot 2',
    `1 -> found ${META}`,
    '1.0: PS_INACTIVE to PS_SECONDARY, ballot 2',
  ]);
});
