import { cure } from '../src/guardian/cure';
import type { DroppedList, DroppedReplica } from '../src/guardian/dropped-list';
import { NO_PROPOSALS, balancerProposals, cureProposal } from '../src/guardian/proposal';
import type { Proposal } from '../src/guardian/proposal';
import type { PartitionConfig } from '../src/state/partition';
import { HEALTHY, MINUTE_MS, R1, R2, R3, R4, cluster, config, facts, settings } from './cluster-fixture';

const NOW = 20 * MINUTE_MS;

/** Nodes that left, with the minutes since; a cursor at the newest. */
function left(...nodes: readonly (readonly [typeof R1, number, Partial<DroppedReplica>?])[]): DroppedList {
  return {
    replicas: nodes.map(([node, minutes, more]) => ({
      node,
      droppedAtMs: NOW - minutes * MINUTE_MS,
      droppedAtUnixMs: 0,
      progress: undefined,
      ...more,
    })),
    cursor: nodes.length - 1,
  };
}

function proposed(
  partition: Parameters<typeof facts>[0],
  known: ReturnType<typeof cluster>,
  minReplicaCount = 1,
): Proposal | undefined {
  return cure(facts(partition), known, settings(NOW, minReplicaCount)).proposal;
}

const assign = (node: typeof R1): Proposal => ({ type: 'CT_ASSIGN_PRIMARY', target: node, node });
const promote = (node: typeof R1): Proposal => ({ type: 'CT_UPGRADE_TO_PRIMARY', target: node, node });
const add = (node: typeof R1, target = R1): Proposal => ({ type: 'CT_ADD_SECONDARY', target, node });

describe('a healthy partition', () => {
  test('needs nothing', () => {
    expect(cure(facts({ config: HEALTHY }), cluster([R1, R2, R3]), settings(NOW))).toEqual({
      status: 'healthy',
      reason: 'complete',
      proposal: undefined,
      proposals: NO_PROPOSALS,
      cursor: -1,
      refusedToLead: false,
    });
  });

  test('of a table with one replica has a primary and no secondary', () => {
    const single = config({ ballot: 1, maxReplicaCount: 1, primary: R1 });
    expect(cure(facts({ config: single }), cluster([R1, R2]), settings(NOW)).status).toBe('healthy');
  });
});

describe('a queued proposal', () => {
  const toAdd = cureProposal(add(R3), 'a member is missing');
  const twoMembers = config({ ballot: 2, primary: R1, secondaries: [R2] });

  test('is sent again while it makes sense', () => {
    const decision = cure(
      facts({ config: twoMembers, proposals: toAdd }),
      cluster([R1, R2, R3]),
      settings(NOW),
    );
    expect([decision.status, decision.proposal, decision.proposals]).toEqual(['ill', add(R3), toAdd]);
  });

  test.each([
    ['its node is dead', twoMembers, false, [R1, R2], undefined],
    ['its target is dead', twoMembers, false, [R2, R3], undefined],
    ['its node is a member already', HEALTHY, false, [R1, R2, R3], undefined],
    ['its learner gave up', twoMembers, true, [R1, R2, R4], add(R4)],
    [
      'its target lost the primary role',
      { ...twoMembers, primary: undefined, secondaries: [R2, R1] },
      false,
      [R1, R2, R3],
      promote(R1),
    ],
  ] as const)('goes, with all behind it, when %s', (_why, partition, failed, alive, next) => {
    const purpose = { origin: 'balancer', reason: 'move_primary' } as const;
    const proposals = { ...balancerProposals([add(R3), promote(R2)], purpose), learner: { failed } };
    const decision = cure(facts({ config: partition, proposals }), cluster(alive), settings(NOW));
    expect(decision.proposals).toEqual(
      next === undefined ? NO_PROPOSALS : cureProposal(next, decision.reason),
    );
  });
});

describe('a missing primary', () => {
  const headless: PartitionConfig = { ...HEALTHY, ballot: 4, primary: undefined, lastDrops: [R1] };

  test('is the alive secondary with the fewest primaries of the table', () => {
    const partitions = [
      config({ primary: R2 }),
      config({ primary: R3, secondaries: [R2] }),
      config({ primary: R3 }),
    ];
    expect(proposed({ config: headless }, cluster([R2, R3], { partitions }))).toEqual(promote(R2));
    expect(proposed({ config: headless }, cluster([R3], { partitions }))).toEqual(promote(R3));
  });

  test('is nobody while all secondaries are dead', () => {
    const decision = cure(facts({ config: headless }), cluster([R1, R4]), settings(NOW));
    expect([decision.status, decision.proposal]).toEqual(['dead', undefined]);
  });

  test('of a new partition is the least loaded node; ties go to the first address', () => {
    expect(proposed({ config: config() }, cluster([R1, R2, R3]))).toEqual(assign(R1));
    const known = cluster([R1, R2, R3], { partitions: [config({ primary: R1, secondaries: [R2] })] });
    expect(proposed({ config: config() }, known)).toEqual(assign(R3));
    known.loads.expect(2, R3, 'primary replica', 1);
    expect(proposed({ config: config() }, known)).toEqual(assign(R2));
  });

  test('of a new partition waits for the first node', () => {
    expect(cure(facts({}), cluster([]), settings(NOW))).toMatchObject({ status: 'ill', proposal: undefined });
  });
});

describe('a partition that lost all members', () => {
  const dead = (...lastDrops: (typeof R1)[]) => config({ ballot: 5, lastDrops, lastCommittedDecree: 10 });
  const has = (ballot: number, committed: number, prepared: number): Partial<DroppedReplica> => ({
    progress: { ballot, lastCommittedDecree: committed, lastPreparedDecree: prepared },
  });

  test('with one node that left waits for it, and is led by it when it is back', () => {
    const partition = { config: dead(R1), dropped: left([R1, 1]) };
    expect(cure(facts(partition), cluster([R2]), settings(NOW))).toMatchObject({
      status: 'dead',
      proposal: undefined,
      refusedToLead: false,
    });
    expect(proposed(partition, cluster([R1, R2]))).toEqual(assign(R1));
  });

  test.each([
    ['larger ballot', has(5, 10, 10), has(4, 9, 9), R2],
    ['larger committed decree', has(4, 9, 12), has(4, 10, 12), R3],
    ['larger prepared decree', has(4, 10, 12), has(4, 10, 11), R2],
    ['later drop', has(4, 10, 12), has(4, 10, 12), R3],
    ['replica, when only one has it', has(4, 10, 12), {}, R2],
  ])('is led by the one of the last two with the %s', (_what, two, three, chosen) => {
    const partition = { config: dead(R1, R2, R3), dropped: left([R1, 5], [R2, 4, two], [R3, 3, three]) };
    expect(proposed(partition, cluster([R1, R2, R3]))).toEqual(assign(chosen));
  });

  test.each([
    [
      'one of the last two is not back',
      has(4, 10, 10),
      has(4, 10, 10),
      [R1, R2],
      [],
      `${R3}, one of the last two members, is not alive`,
    ],
    [
      'one of them has not reported since it is back',
      has(4, 10, 10),
      has(4, 10, 10),
      [R2, R3],
      [R3],
      `${R3}, one of the last two members, has not reported its replicas`,
    ],
    ['neither has the replica', {}, {}, [R2, R3], [], `neither ${R2} nor ${R3} has the replica any more`],
    [
      'the larger ballot committed less',
      has(5, 9, 12),
      has(4, 10, 12),
      [R2, R3],
      [],
      `of ${R2} and ${R3} the one with the larger ballot has committed less`,
    ],
    [
      'both miss what the meta knows committed',
      has(4, 8, 9),
      has(4, 8, 9),
      [R2, R3],
      [],
      `the best prepared decree, 9, is below a committed one: 10 in the meta server, 8 on ${R2} and ${R3}`,
    ],
  ] as const)('is led by nobody when %s', (_what, two, three, alive, silent, reason) => {
    const partition = { config: dead(R2, R3), dropped: left([R2, 4, two], [R3, 3, three]) };
    const decision = cure(facts(partition), cluster(alive, { silent }), settings(NOW));
    expect(decision).toMatchObject({ status: 'dead', proposal: undefined, refusedToLead: true, reason });
  });
});

describe('a missing secondary', () => {
  const twoOfThree = config({ ballot: 5, primary: R2, secondaries: [R3], lastDrops: [R1] });

  test('of a partition nobody left goes to the node with the fewest partitions of the table', () => {
    const partition = { config: config({ ballot: 1, primary: R1 }) };
    const known = cluster([R1, R2, R3], { partitions: [config({ primary: R2 })] });
    expect(proposed(partition, known)).toEqual(add(R3));
  });

  test('waits ten minutes for the node that left', () => {
    const waiting = { config: twoOfThree, dropped: left([R1, 9.9]) };
    expect(proposed(waiting, cluster([R2, R3, R4]))).toBeUndefined();
    expect(proposed(waiting, cluster([R1, R2, R3, R4]))).toEqual(add(R1, R2));
    // It may have been alive all the time: cut off from its primary, or a member of a table that was dropped.
    expect(cure(facts(waiting), cluster([R1, R2, R3, R4]), settings(NOW)).reason).toBe(
      `${R1} was removed last and is alive`,
    );
    const over = { config: twoOfThree, dropped: left([R1, 10]) };
    expect(proposed(over, cluster([R2, R3, R4]))).toEqual(add(R4, R2));
    expect(proposed(over, cluster([R1, R2, R3, R4]))).toEqual(add(R1, R2));
    expect(proposed(over, cluster([R2, R3]))).toBeUndefined();
  });

  test('waits for the newest of those that left only, not for an older one', () => {
    const partition = { config: twoOfThree, dropped: left([R4, 5], [R1, 1]) };
    expect(proposed(partition, cluster([R2, R3, R4]))).toBeUndefined();
  });

  test('does not wait when there are too few replicas to write: the dropped list first, downward', () => {
    const alone = config({ ballot: 6, primary: R2, lastDrops: [R1, R3] });
    const partition = { config: alone, dropped: left([R1, 2], [R3, 1]) };
    expect(proposed(partition, cluster([R1, R2, R4]), 2)).toEqual(add(R1, R2));
    expect(proposed(partition, cluster([R2, R4]), 2)).toEqual(add(R4, R2));
    const decision = cure(facts(partition), cluster([R1, R2, R3]), settings(NOW, 2));
    expect([decision.proposal, decision.cursor]).toEqual([add(R3, R2), 0]);
    const next = { ...partition, dropped: { ...partition.dropped, cursor: 0 } };
    expect(proposed(next, cluster([R1, R2, R3]), 2)).toEqual(add(R1, R2));
  });

  test('with two replicas at most, waits even when one is left', () => {
    const single = config({ ballot: 4, maxReplicaCount: 2, primary: R2, lastDrops: [R1] });
    expect(proposed({ config: single, dropped: left([R1, 1]) }, cluster([R2, R4]), 2)).toBeUndefined();
  });

  test('never goes to a black-listed node', () => {
    const known = cluster([R1, R2, R3, R4], { blackListed: [R1] });
    expect(proposed({ config: twoOfThree, dropped: left([R1, 1]) }, known)).toEqual(add(R4, R2));
  });
});

describe('a redundant secondary', () => {
  test('is removed from the node with the most partitions', () => {
    const tooMany = config({ ballot: 4, maxReplicaCount: 2, primary: R1, secondaries: [R2, R3] });
    const known = cluster([R1, R2, R3], { partitions: [tooMany, config({ primary: R3 })] });
    const decision = cure(facts({ config: tooMany }), known, settings(NOW));
    expect(decision.proposal).toEqual({ type: 'CT_REMOVE', target: R1, node: R3 });
    expect(decision.status).toBe('ill');
  });
});
