import { gpidText } from '@onebox/base';
import type { Gpid, GpidText, Node } from '@onebox/base';

/** The limits of how much a node ingests at once. */
export interface IngestionLimits {
  /** `bulk_load_node_max_ingesting_count` */
  readonly perNode: number;
  /** `bulk_load_node_min_disk_count`: a node counts as having at least so many disks. */
  readonly minDisks: number;
}

/** Where a partition's replicas are: node and disk. */
export type ReplicaDisks = ReadonlyMap<Node, string>;

/** Which partitions ingest now, so that no node, and no disk of it, does more than its share (reference/cluster-behaviour.md 9.2, Limits). */
export class IngestionSlots {
  private readonly running = new Map<GpidText, ReplicaDisks>();
  /** Every disk ever seen of a node: the share of one depends on how many there are. */
  private readonly disks = new Map<Node, Set<string>>();

  constructor(private readonly limits: () => IngestionLimits) {}

  /** Takes a slot on each node of the partition, or none. A partition that has its slots keeps them. */
  tryTake(gpid: Gpid, replicas: ReplicaDisks): boolean {
    if (this.running.has(gpidText(gpid))) return true;
    for (const [node, disk] of replicas) {
      const known = this.disks.get(node) ?? new Set<string>();
      this.disks.set(node, known.add(disk));
    }
    for (const [node, disk] of replicas) if (!this.hasRoom(node, disk)) return false;
    this.running.set(gpidText(gpid), replicas);
    return true;
  }

  release(gpid: Gpid): void {
    this.running.delete(gpidText(gpid));
  }

  private hasRoom(node: Node, disk: string): boolean {
    const { perNode, minDisks } = this.limits();
    const busy = [...this.running.values()].filter((replicas) => replicas.has(node));
    const disks = Math.max(this.disks.get(node)?.size ?? 0, minDisks, 1);
    const perDisk = Math.ceil(perNode / disks);
    return busy.length < perNode && busy.filter((replicas) => replicas.get(node) === disk).length < perDisk;
  }
}
