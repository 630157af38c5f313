import type { PartitionConfig } from '../src/state/partition';
import {
  afterDropPartition,
  afterMaxReplicaCount,
  afterMemberChange,
  afterRecallPartition,
  sameConfig,
} from '../src/state/partition-change';
import type { MemberChangeType } from '../src/state/partition-change';
import { HEALTHY, R1, R2, R3, R4, config } from './cluster-fixture';

const led = (change: Partial<PartitionConfig>): PartitionConfig => ({ ...HEALTHY, ...change });

describe('a member change moves the ballot by one', () => {
  test.each<[MemberChangeType, PartitionConfig, typeof R1, Partial<PartitionConfig>]>([
    ['CT_ASSIGN_PRIMARY', config(), R1, { ballot: 1, primary: R1 }],
    [
      'CT_ASSIGN_PRIMARY',
      config({ ballot: 4, lastDrops: [R2, R1] }),
      R1,
      { ballot: 5, primary: R1, lastDrops: [R2] },
    ],
    ['CT_UPGRADE_TO_SECONDARY', config({ ballot: 1, primary: R1 }), R2, { ballot: 2, secondaries: [R2] }],
    [
      'CT_UPGRADE_TO_SECONDARY',
      led({ secondaries: [R3], lastDrops: [R2] }),
      R2,
      { ballot: 4, secondaries: [R3, R2], lastDrops: [] },
    ],
    [
      'CT_UPGRADE_TO_PRIMARY',
      led({ primary: undefined, lastDrops: [R1] }),
      R2,
      { ballot: 4, primary: R2, secondaries: [R3] },
    ],
    ['CT_DOWNGRADE_TO_SECONDARY', HEALTHY, R1, { ballot: 4, primary: undefined, secondaries: [R2, R3, R1] }],
    ['CT_DOWNGRADE_TO_INACTIVE', HEALTHY, R1, { ballot: 4, primary: undefined, lastDrops: [R1] }],
    ['CT_DOWNGRADE_TO_INACTIVE', HEALTHY, R3, { ballot: 4, secondaries: [R2], lastDrops: [R3] }],
    ['CT_REMOVE', HEALTHY, R2, { ballot: 4, secondaries: [R3], lastDrops: [R2] }],
    ['CT_PRIMARY_FORCE_UPDATE_BALLOT', HEALTHY, R1, { ballot: 4 }],
  ])('%s', (type, before, node, change) => {
    expect(afterMemberChange(before, type, node)).toEqual({ ...before, ...change });
  });

  test.each<[MemberChangeType, PartitionConfig, typeof R1]>([
    ['CT_ASSIGN_PRIMARY', HEALTHY, R4],
    ['CT_ASSIGN_PRIMARY', led({ primary: undefined }), R2],
    ['CT_UPGRADE_TO_PRIMARY', HEALTHY, R2],
    ['CT_UPGRADE_TO_PRIMARY', led({ primary: undefined }), R4],
    ['CT_UPGRADE_TO_SECONDARY', HEALTHY, R2],
    ['CT_UPGRADE_TO_SECONDARY', HEALTHY, R1],
    ['CT_DOWNGRADE_TO_SECONDARY', HEALTHY, R2],
    ['CT_DOWNGRADE_TO_INACTIVE', HEALTHY, R4],
    ['CT_REMOVE', HEALTHY, R4],
    ['CT_PRIMARY_FORCE_UPDATE_BALLOT', HEALTHY, R2],
  ])('%s is impossible for a node in another role', (type, before, node) => {
    expect(afterMemberChange(before, type, node)).toBeUndefined();
  });
});

describe('last_drops', () => {
  test('keeps the newest three, and a node that left again is the newest', () => {
    const many = config({ ballot: 9, primary: R1, secondaries: [R2], lastDrops: [R2, R3, R4] });
    expect(afterMemberChange(many, 'CT_REMOVE', R2)?.lastDrops).toEqual([R3, R4, R2]);
    expect(afterMemberChange(many, 'CT_REMOVE', R1)?.lastDrops).toEqual([R3, R4, R1]);
  });
});

describe('dropping and recalling a table', () => {
  test('a drop moves ballot 3 to 4, and the members into last_drops with the primary last', () => {
    expect(afterDropPartition(HEALTHY)).toEqual(config({ ballot: 4, lastDrops: [R2, R3, R1], flags: 1 }));
  });

  test('a recall clears the flag and leaves the ballot', () => {
    const dropped = afterDropPartition(HEALTHY);
    expect(afterRecallPartition(dropped)).toEqual({ ...dropped, flags: 0 });
  });
});

test('a new replica count moves the ballot and no member', () => {
  expect(afterMaxReplicaCount(HEALTHY, 2)).toEqual({ ...HEALTHY, ballot: 4, maxReplicaCount: 2 });
});

test('configurations are the same whatever the order of secondaries and the last drops', () => {
  expect(sameConfig(HEALTHY, { ...HEALTHY, secondaries: [R3, R2], lastDrops: [R4] })).toBe(true);
  expect(sameConfig(HEALTHY, { ...HEALTHY, ballot: 4 })).toBe(false);
  expect(sameConfig(HEALTHY, { ...HEALTHY, secondaries: [R3, R4] })).toBe(false);
  expect(sameConfig(HEALTHY, { ...HEALTHY, lastCommittedDecree: 1 })).toBe(false);
});
