import { MetaGroup } from '@onebox/protocol';
import type { DuplicationClusters } from '@onebox/server';
import type { Network } from '../network';

/** The clusters this one knows, as duplication needs them. */
export class RemoteClusters {
  private readonly groups = new Map<string, MetaGroup>();

  /** @param ownName `dup_cluster_name`, else `cluster_name` */
  constructor(
    private readonly clusters: DuplicationClusters,
    private readonly ownName: string,
    private readonly ignoresIds: boolean,
    private readonly network: Network,
  ) {}

  /** This cluster's id; undefined when it has none. */
  get ownId(): number | undefined {
    return this.clusters.ids.get(this.ownName);
  }

  /** Whether writes of a cluster are taken: those of any when `dup_ignore_other_cluster_ids` is set. */
  accepts(clusterId: number | undefined): boolean {
    const isOwn = clusterId === this.ownId;
    return (this.ignoresIds && !isOwn) || [...this.clusters.ids.values()].some((id) => id === clusterId);
  }

  metasOf(cluster: string): MetaGroup {
    const known = this.groups.get(cluster);
    if (known !== undefined) return known;
    const made = new MetaGroup(this.clusters.metas.get(cluster) ?? [], this.network);
    this.groups.set(cluster, made);
    return made;
  }
}
