import type { Node } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';

/** What a proposal under way will add to a node. */
export type ExpectedGain = 'primary role' | 'primary replica' | 'secondary replica';

/**
 * How many primaries and partitions each node has, per table and in all, and what proposals under way will add to it.
 * Counting the latter is what spreads one round of first primaries evenly (reference/cluster-behaviour.md 4.4).
 */
export class NodeLoads {
  private readonly loads = new Map<Node, Load>();

  /** The members of a partition are counted in (`sign` 1) or out (-1). */
  count(config: PartitionConfig, sign: 1 | -1): void {
    const { appId } = config.gpid;
    if (config.primary !== undefined) this.load(config.primary).present.add(appId, true, true, sign);
    for (const node of config.secondaries) this.load(node).present.add(appId, false, true, sign);
  }

  /** A proposal will bring `node` something (`sign` 1), or it is finished or given up (-1). */
  expect(appId: number, node: Node, gain: ExpectedGain, sign: 1 | -1): void {
    this.load(node).expected.add(appId, gain !== 'secondary replica', gain !== 'primary role', sign);
  }

  /** Committed replicas of a node, all tables. */
  partitionCount(node: Node): number {
    return this.loads.get(node)?.present.allPartitions ?? 0;
  }

  /**
   * Negative when `a` should rather get a primary of the table than `b`: fewest (primaries of the table, partitions of
   * the table, all primaries, all partitions).
   */
  compareForPrimary(a: Node, b: Node, appId: number): number {
    return this.compare(a, b, (load) => [
      load.primaries.get(appId) ?? 0,
      load.partitions.get(appId) ?? 0,
      load.allPrimaries,
      load.allPartitions,
    ]);
  }

  /** Negative when `a` should rather get a secondary of the table: fewest (partitions of the table, all partitions). */
  compareForSecondary(a: Node, b: Node, appId: number): number {
    return this.compare(a, b, (load) => [load.partitions.get(appId) ?? 0, load.allPartitions]);
  }

  private compare(a: Node, b: Node, keysOf: (counts: Counts) => readonly number[]): number {
    const keys = (node: Node): number[] => {
      const load = this.loads.get(node);
      if (load === undefined) return [];
      const expected = keysOf(load.expected);
      return keysOf(load.present).map((count, index) => count + (expected[index] ?? 0));
    };
    const [left, right] = [keys(a), keys(b)];
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const difference = (left[index] ?? 0) - (right[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private load(node: Node): Load {
    const known = this.loads.get(node);
    if (known !== undefined) return known;
    const made = { present: new Counts(), expected: new Counts() };
    this.loads.set(node, made);
    return made;
  }
}

interface Load {
  readonly present: Counts;
  readonly expected: Counts;
}

class Counts {
  readonly primaries = new Map<number, number>();
  readonly partitions = new Map<number, number>();
  allPrimaries = 0;
  allPartitions = 0;

  add(appId: number, primary: boolean, partition: boolean, sign: 1 | -1): void {
    if (primary) {
      this.primaries.set(appId, (this.primaries.get(appId) ?? 0) + sign);
      this.allPrimaries += sign;
    }
    if (partition) {
      this.partitions.set(appId, (this.partitions.get(appId) ?? 0) + sign);
      this.allPartitions += sign;
    }
  }
}
