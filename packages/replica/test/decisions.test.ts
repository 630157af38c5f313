import { parseNode } from '@onebox/base';
import { decideOnSync } from '../src/config-sync/sync-decision';
import type { Membership } from '../src/partition/membership';
import { roleOf, withPrimaryAsSecondary, withSecondary, withoutMember } from '../src/partition/membership';
import { minReplicasForWrite } from '../src/partition/primary-duties';
import { decideOnProposal } from '../src/partition/proposal-decision';
import type { ChangeType, ProposalGround } from '../src/partition/proposal-decision';
import { REPLICA_STATUSES, refusalOf } from '../src/partition/replica-status';
import type { ReplicaStatus } from '../src/partition/replica-status';

const A = parseNode('127.0.0.1:34801');
const B = parseNode('127.0.0.1:34802');
const C = parseNode('127.0.0.1:34803');
const D = parseNode('127.0.0.1:34804');

function membership(given: Partial<Membership> = {}): Membership {
  return {
    gpid: { appId: 2, partitionIndex: 1 },
    ballot: 3,
    maxReplicaCount: 3,
    primary: A,
    secondaries: [B, C],
    lastDrops: [],
    lastCommittedDecree: 7,
    flags: 0,
    ...given,
  };
}

describe('a configuration', () => {
  test('says what a node is', () => {
    expect([A, B, D].map((node) => roleOf(membership(), node))).toEqual([
      'PS_PRIMARY',
      'PS_SECONDARY',
      'PS_INACTIVE',
    ]);
  });

  test('appends a new secondary, and never lists one twice', () => {
    expect(withSecondary(membership(), D).secondaries).toEqual([B, C, D]);
    expect(withSecondary(membership(), B).secondaries).toEqual([C, B]);
    expect(withPrimaryAsSecondary(membership())).toEqual(
      membership({ primary: undefined, secondaries: [B, C, A] }),
    );
    expect(withoutMember(membership(), A)).toEqual(membership({ primary: undefined }));
  });
});

describe('status transitions', () => {
  /** Everything a replica may become by a configuration it receives. */
  function allowed(status: ReplicaStatus, transient: boolean, ballot: number): readonly ReplicaStatus[] {
    const from = { status, ballot: 3, transient };
    return REPLICA_STATUSES.filter((next) => refusalOf(from, { status: next, ballot }) === undefined);
  }

  test('an older ballot changes nothing', () => {
    for (const status of REPLICA_STATUSES) expect(allowed(status, true, 2)).toEqual([]);
  });

  test('with the same ballot a replica may only learn, finish learning, or take its role back', () => {
    expect(allowed('PS_INACTIVE', false, 3)).toEqual(['PS_INACTIVE', 'PS_POTENTIAL_SECONDARY']);
    expect(allowed('PS_INACTIVE', true, 3)).toEqual([
      'PS_INACTIVE',
      'PS_PRIMARY',
      'PS_SECONDARY',
      'PS_POTENTIAL_SECONDARY',
    ]);
    expect(allowed('PS_PRIMARY', false, 3)).toEqual(['PS_PRIMARY']);
    expect(allowed('PS_SECONDARY', false, 3)).toEqual(['PS_SECONDARY']);
    expect(allowed('PS_POTENTIAL_SECONDARY', false, 3)).toEqual(['PS_SECONDARY', 'PS_POTENTIAL_SECONDARY']);
  });

  test('a newer ballot makes no member of a replica that has to learn first', () => {
    expect(allowed('PS_INACTIVE', false, 4)).toEqual(['PS_INACTIVE', 'PS_ERROR', 'PS_POTENTIAL_SECONDARY']);
    expect(allowed('PS_POTENTIAL_SECONDARY', false, 4)).not.toContain('PS_PRIMARY');
    expect(allowed('PS_SECONDARY', false, 4)).toEqual(REPLICA_STATUSES);
  });

  test('an error is final', () => {
    expect(allowed('PS_ERROR', false, 9)).toEqual([]);
  });
});

describe('decisions on proposals (reference/cluster-behaviour.md 4.2)', () => {
  function decide(type: ChangeType, node = D, given: Partial<ProposalGround> = {}, from = membership()) {
    return decideOnProposal(
      { self: A, status: 'PS_PRIMARY', ballot: 3, membership: membership(), learners: [], ...given },
      { type, node, membership: from },
    );
  }

  test('only the primary adds a secondary, and only while there is room', () => {
    const lacking = { membership: membership({ secondaries: [B] }) };
    expect(decide('CT_ADD_SECONDARY', D, lacking)).toEqual({ act: 'learn', node: D });
    expect(decide('CT_ADD_SECONDARY', D, { ...lacking, status: 'PS_SECONDARY' })).toEqual({
      act: 'ignore',
      why: 'it is PS_SECONDARY',
    });
    expect(decide('CT_ADD_SECONDARY')).toEqual({
      act: 'ignore',
      why: '2 secondaries and learners are enough',
    });
    expect(decide('CT_ADD_SECONDARY', D, { ...lacking, learners: [C] })).toEqual({
      act: 'ignore',
      why: '2 secondaries and learners are enough',
    });
    expect(decide('CT_ADD_SECONDARY', C, { ...lacking, learners: [C] })).toEqual({ act: 'learn', node: C });
    expect(decide('CT_ADD_SECONDARY', B)).toEqual({ act: 'ignore', why: `${B} is a member` });
  });

  test('the balancer has room for one more', () => {
    expect(decide('CT_ADD_SECONDARY_FOR_LB')).toEqual({ act: 'learn', node: D });
    expect(decide('CT_ADD_SECONDARY_FOR_LB', D, { learners: [C] })).toEqual({
      act: 'ignore',
      why: '3 secondaries and learners are enough',
    });
  });

  test('a secondary becomes primary of the configuration it was proposed from', () => {
    const from = membership({ ballot: 4, primary: undefined, secondaries: [A, C] });
    const secondary = { status: 'PS_SECONDARY', ballot: 4 } as const;
    expect(decide('CT_UPGRADE_TO_PRIMARY', A, secondary, from)).toEqual({
      act: 'reconfigure',
      type: 'CT_UPGRADE_TO_PRIMARY',
      node: A,
      next: { ...from, primary: A, secondaries: [C] },
    });
    expect(decide('CT_UPGRADE_TO_PRIMARY', A, { ...secondary, status: 'PS_INACTIVE' }, from)).toEqual({
      act: 'ignore',
      why: 'it is PS_INACTIVE',
    });
    expect(decide('CT_UPGRADE_TO_PRIMARY', B, secondary, from)).toEqual({
      act: 'ignore',
      why: `${B} is not this node`,
    });
    expect(decide('CT_UPGRADE_TO_PRIMARY', A)).toEqual({ act: 'ignore', why: 'primary already' });
  });

  test('any replica may be assigned as primary, even one that is inactive', () => {
    const from = membership({ primary: undefined, secondaries: [] });
    expect(decide('CT_ASSIGN_PRIMARY', A, { status: 'PS_INACTIVE' }, from)).toEqual({
      act: 'reconfigure',
      type: 'CT_ASSIGN_PRIMARY',
      node: A,
      next: { ...from, primary: A },
    });
    expect(decide('CT_ASSIGN_PRIMARY', A, { status: 'PS_ERROR' }, from)).toEqual({
      act: 'ignore',
      why: 'the replica is in error',
    });
  });

  test('a primary gives its role away, or leaves, or removes a member', () => {
    expect(decide('CT_DOWNGRADE_TO_SECONDARY', A)).toMatchObject({
      next: membership({ primary: undefined, secondaries: [B, C, A] }),
    });
    expect(decide('CT_DOWNGRADE_TO_INACTIVE', A)).toMatchObject({ next: membership({ primary: undefined }) });
    expect(decide('CT_DOWNGRADE_TO_INACTIVE', B)).toMatchObject({ next: membership({ secondaries: [C] }) });
    expect(decide('CT_REMOVE', C)).toMatchObject({ next: membership({ secondaries: [B] }) });
    expect(decide('CT_REMOVE')).toEqual({ act: 'ignore', why: `${D} is no member` });
    expect(decide('CT_REMOVE', C, { ballot: 4 })).toEqual({
      act: 'ignore',
      why: 'it is PS_PRIMARY at ballot 4',
    });
    expect(decide('CT_DOWNGRADE_TO_SECONDARY', B)).toEqual({
      act: 'ignore',
      why: `${B} is not the primary`,
    });
  });

  test('changes that only replicas ask for are no proposals', () => {
    for (const type of ['CT_UPGRADE_TO_SECONDARY', 'CT_PRIMARY_FORCE_UPDATE_BALLOT'] as const) {
      expect(decide(type)).toEqual({ act: 'ignore', why: 'only replicas ask for this change' });
    }
  });
});

describe('decisions on a config-sync entry (reference/cluster-behaviour.md 3.5, 4.6)', () => {
  function decide(
    status: ReplicaStatus,
    given: { transient?: boolean; initializing?: boolean; reconfiguring?: boolean; ballot?: number } = {},
    listed = membership(),
  ) {
    const { transient = false, initializing = false, reconfiguring = false, ballot = 3 } = given;
    return decideOnSync(
      { self: A, standing: { status, ballot, transient }, initializing, reconfiguring },
      listed,
    );
  }

  test.each([
    ['a primary holds the truth', decide('PS_PRIMARY'), 'keep'],
    ['unless the meta itself moved on', decide('PS_PRIMARY', { ballot: 2 }), 'adopt'],
    ['an old answer', decide('PS_SECONDARY', { ballot: 4 }), 'outdated'],
    ['a change is under way', decide('PS_INACTIVE', { transient: true, reconfiguring: true }), 'keep'],
    [
      'a primary after a restart',
      decide('PS_INACTIVE', { transient: true, initializing: true }),
      'force-ballot',
    ],
    ['a primary after a lost lease', decide('PS_INACTIVE', { transient: true }), 'adopt'],
    [
      'a secondary after a restart',
      decide(
        'PS_INACTIVE',
        { transient: true, initializing: true },
        membership({ primary: B, secondaries: [A] }),
      ),
      'adopt',
    ],
    ['a primary that would have to learn', decide('PS_INACTIVE'), 'leave'],
    [
      'a secondary that would have to learn',
      decide('PS_INACTIVE', {}, membership({ primary: B, secondaries: [A] })),
      'wait-for-removal',
    ],
    [
      'the same, and nobody leads',
      decide('PS_INACTIVE', {}, membership({ primary: undefined, secondaries: [A] })),
      'leave',
    ],
    ['a broken primary', decide('PS_ERROR'), 'leave'],
    [
      'a learner that has become a secondary',
      decide('PS_POTENTIAL_SECONDARY', { ballot: 2 }, membership({ primary: B, secondaries: [A] })),
      'adopt',
    ],
  ])('%s', (_case, decision, expected) => expect(decision).toBe(expected));
});

test('how many replicas a write needs', () => {
  expect([1, 2, 3, 4, 5].map((max) => minReplicasForWrite(0, max))).toEqual([1, 1, 2, 3, 3]);
  expect(minReplicasForWrite(2, 1)).toBe(2);
});
