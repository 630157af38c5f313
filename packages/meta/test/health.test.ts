import { parseNode } from '@onebox/base';
import { minReplicaCountFor2pc, partitionHealth, tableHealth } from '../src/health';
import type { PartitionConfig } from '../src/state/partition';

const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803', '127.0.0.1:34804'].map(parseNode);

function partition(replicas: number, max: number, withPrimary = true): PartitionConfig {
  return {
    gpid: { appId: 1, partitionIndex: 0 },
    ballot: 3,
    maxReplicaCount: max,
    primary: withPrimary ? NODES[0] : undefined,
    secondaries: withPrimary ? NODES.slice(1, replicas) : NODES.slice(0, replicas),
    lastDrops: [],
    lastCommittedDecree: 0,
    flags: 0,
  };
}

describe("HTTP's health words", () => {
  const healthy = { fullyHealthy: true, writeUnhealthy: false, readUnhealthy: false };
  const merelyIll = { fullyHealthy: false, writeUnhealthy: false, readUnhealthy: false };
  const unwritable = { fullyHealthy: false, writeUnhealthy: true, readUnhealthy: false };
  const unreadable = { fullyHealthy: false, writeUnhealthy: true, readUnhealthy: true };

  test.each([
    ['3 of 3', partition(3, 3), healthy],
    ['4 of 3', partition(4, 3), healthy],
    ['2 of 3', partition(2, 3), merelyIll],
    ['1 of 3', partition(1, 3), unwritable],
    ['1 of 1', partition(1, 1), healthy],
    ['1 of 2', partition(1, 2), unwritable],
    ['3 secondaries without a primary', partition(3, 3, false), unreadable],
    ['nobody', partition(0, 3, false), unreadable],
  ])('%s', (_what, config, words) => {
    expect(partitionHealth(config)).toEqual(words);
  });

  test('a table counts what is not fully healthy as unhealthy', () => {
    const partitions = [partition(3, 3), partition(2, 3), partition(1, 3), partition(2, 3, false)];
    expect(tableHealth(4, partitions)).toEqual({
      fullyHealthy: 1,
      unhealthy: 3,
      writeUnhealthy: 2,
      readUnhealthy: 1,
    });
  });

  test('tables on two nodes are unhealthy but writable', () => {
    expect(tableHealth(2, [partition(2, 3), partition(2, 3)])).toEqual({
      fullyHealthy: 0,
      unhealthy: 2,
      writeUnhealthy: 0,
      readUnhealthy: 0,
    });
  });
});

test.each([
  [2, 3, 2],
  [1, 3, 1],
  [4, 3, 4],
  [0, 1, 1],
  [0, 2, 1],
  [0, 3, 2],
  [-1, 4, 3],
  [0, 5, 3],
])('mutation_2pc_min_replica_count %i with %i replicas means %i', (configured, max, minimum) => {
  expect(minReplicaCountFor2pc(configured, max)).toBe(minimum);
});
