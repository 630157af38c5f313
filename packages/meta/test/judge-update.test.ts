import { judgeUpdate } from '../src/configuration/judge-update';
import type { UpdateRequest } from '../src/configuration/judge-update';
import { reactionToDeath } from '../src/configuration/dead-node';
import { afterMemberChange } from '../src/state/partition-change';
import type { MemberChangeType } from '../src/state/partition-change';
import { HEALTHY, R1, R2, R3, R4, config } from './cluster-fixture';

const FREE = { frozen: false, writing: false };
const TWO = config({ ballot: 2, primary: R1, secondaries: [R2], lastDrops: [R3] });

function asked(type: MemberChangeType, node: typeof R1, stored = TWO): UpdateRequest {
  const next = afterMemberChange(stored, type, node);
  if (next === undefined) throw new Error('the change must be possible');
  return { type, node, config: { ...next, lastDrops: [], lastCommittedDecree: 7 } };
}

describe('an update of a replica server', () => {
  test('that fits is written: members from the stored configuration, the decree from the request', () => {
    expect(judgeUpdate(TWO, asked('CT_UPGRADE_TO_SECONDARY', R3), FREE)).toEqual({
      kind: 'write',
      type: 'CT_UPGRADE_TO_SECONDARY',
      node: R3,
      next: config({ ballot: 3, primary: R1, secondaries: [R2, R3], lastCommittedDecree: 7 }),
    });
  });

  // The order of reference/cluster-behaviour.md 4.2: each case would also fail every later check.
  test('is refused first of all when the level is freezed', () => {
    expect(
      judgeUpdate(TWO, { ...asked('CT_REMOVE', R2), config: TWO }, { frozen: true, writing: true }),
    ).toMatchObject({
      kind: 'answer',
      error: 'ERR_STATE_FREEZED',
    });
  });

  test('that asks for what is stored already is fine, even while another change is written', () => {
    const again = asked('CT_UPGRADE_TO_SECONDARY', R3);
    const verdict = judgeUpdate({ ...again.config, lastDrops: [R4] }, again, {
      frozen: false,
      writing: true,
    });
    expect(verdict).toMatchObject({ kind: 'answer', error: 'ERR_OK' });
  });

  test.each([1, 2, 4])('with ballot %i after ballot 2 has the wrong version', (ballot) => {
    const request = asked('CT_UPGRADE_TO_SECONDARY', R3);
    const shifted = { ...request, config: { ...request.config, ballot } };
    expect(judgeUpdate(TWO, shifted, { frozen: false, writing: true })).toMatchObject({
      kind: 'answer',
      error: 'ERR_INVALID_VERSION',
    });
  });

  test('is not answered while another change is written', () => {
    expect(judgeUpdate(TWO, asked('CT_REMOVE', R2), { frozen: false, writing: true })).toEqual({
      kind: 'silence',
    });
  });

  test('of a dropped table has the wrong version', () => {
    const request = asked('CT_UPGRADE_TO_SECONDARY', R3);
    expect(judgeUpdate({ ...TWO, flags: 1 }, request, FREE)).toMatchObject({ error: 'ERR_INVALID_VERSION' });
  });

  test('that replica servers cannot ask for, or whose members do not follow, is refused', () => {
    const request = asked('CT_UPGRADE_TO_SECONDARY', R3);
    for (const wrong of [
      { ...request, type: 'CT_DROP_PARTITION' },
      { ...request, node: undefined },
      { ...request, node: R4 },
      { ...request, config: { ...request.config, primary: R3 } },
    ] as UpdateRequest[]) {
      expect(judgeUpdate(TWO, wrong, FREE)).toMatchObject({
        kind: 'answer',
        error: 'ERR_INVALID_PARAMETERS',
      });
    }
  });
});

describe('the death of a node', () => {
  const free = { writing: false };

  test('that led: the meta server removes it by itself, even behind another change', () => {
    expect(reactionToDeath(HEALTHY, R1, free)).toEqual({ kind: 'remove primary' });
    expect(reactionToDeath(HEALTHY, R1, { writing: true })).toEqual({ kind: 'remove primary' });
  });

  test('that followed: the primary is asked to remove it', () => {
    expect(reactionToDeath(HEALTHY, R2, free)).toEqual({
      kind: 'propose',
      proposal: { type: 'CT_DOWNGRADE_TO_INACTIVE', target: R1, node: R2 },
    });
  });

  test('that followed is ignored while there is no primary, or another change is written', () => {
    const headless = { ...HEALTHY, primary: undefined };
    expect(reactionToDeath(headless, R2, free)).toMatchObject({ kind: 'nothing' });
    expect(reactionToDeath(HEALTHY, R2, { writing: true })).toMatchObject({ kind: 'nothing' });
    expect(reactionToDeath(HEALTHY, R4, free)).toMatchObject({ kind: 'nothing' });
  });
});
