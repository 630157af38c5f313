import type { ServerInstance } from '@onebox/cluster';
import type { NodeEntry } from '../model';

/** The nodes that partitions name by an index. An index never changes its node, so that patches stay true. */
export class KnownNodes {
  private entries: readonly NodeEntry[];
  private readonly indexes = new Map<string, number>();

  /** @param replicaServers of the cluster, which come first */
  constructor(replicaServers: readonly Pick<ServerInstance, 'name' | 'node'>[]) {
    this.entries = replicaServers.map(({ name, node }) => ({ node, instance: name }));
    this.entries.forEach(({ node }, index) => this.indexes.set(node, index));
  }

  /** The same list while nothing was added. */
  get list(): readonly NodeEntry[] {
    return this.entries;
  }

  indexOf(node: string): number {
    const known = this.indexes.get(node);
    if (known !== undefined) return known;
    const index = this.entries.length;
    // Members of tables that another cluster's data brought along.
    this.entries = [...this.entries, { node, instance: null }];
    this.indexes.set(node, index);
    return index;
  }
}
