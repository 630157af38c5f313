import type { Gpid, Node } from '@onebox/base';
import { compareNodes, gpidText } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import { members } from '../state/partition';
import type { TableView } from '../state/table';

type DiskTag = (node: Node, gpid: Gpid) => string | undefined;

interface Held {
  readonly primaries: PartitionConfig[];
  readonly partitions: PartitionConfig[];
}

/**
 * Who holds what when a balancer run starts. It never changes during the run: what a plan has already given away is
 * known from the plan.
 */
export class ReplicaPlacement {
  /** In address order; their number in this list, from 1 on, breaks ties (reference/cluster-behaviour.md 6.3). */
  readonly nodes: readonly Node[];
  private readonly held = new Map<Node, Map<number, Held>>();

  constructor(
    aliveNodes: readonly Node[],
    private readonly tables: readonly TableView[],
    private readonly reportedDiskTag: DiskTag,
  ) {
    this.nodes = [...aliveNodes].sort(compareNodes);
    for (const table of tables) {
      for (const config of table.partitions) {
        for (const node of members(config)) {
          const held = this.heldBy(node, table.info.appId);
          held.partitions.push(config);
          if (node === config.primary) held.primaries.push(config);
        }
      }
    }
  }

  /** The partitions of a table that are led by a node, in partition order. */
  primaries(node: Node, appId: number): readonly PartitionConfig[] {
    return this.held.get(node)?.get(appId)?.primaries ?? [];
  }

  /** The partitions of a table that a node holds in any role, in partition order. */
  partitions(node: Node, appId: number): readonly PartitionConfig[] {
    return this.held.get(node)?.get(appId)?.partitions ?? [];
  }

  /** The tables that were counted, those the balancer may not touch included. */
  get tableIds(): readonly number[] {
    return this.tables.map(({ info }) => info.appId);
  }

  /** Whether every replica of every alive node was reported since this leader started. */
  allReported(): boolean {
    const alive = new Set(this.nodes);
    return this.tables.every((table) =>
      table.partitions.every((config) =>
        members(config).every(
          (node) => !alive.has(node) || this.reportedDiskTag(node, config.gpid) !== undefined,
        ),
      ),
    );
  }

  /** The disk of a reported replica. */
  diskTag(node: Node, gpid: Gpid): string {
    const tag = this.reportedDiskTag(node, gpid);
    if (tag === undefined) throw new Error(`${node} has not reported its replica of ${gpidText(gpid)}`);
    return tag;
  }

  /** How many of these partitions lie on each disk of a node. */
  diskLoad(node: Node, configs: readonly PartitionConfig[]): Map<string, number> {
    const load = new Map<string, number>();
    for (const { gpid } of configs) addToLoad(load, this.diskTag(node, gpid), 1);
    return load;
  }

  private heldBy(node: Node, appId: number): Held {
    let byTable = this.held.get(node);
    if (byTable === undefined) this.held.set(node, (byTable = new Map<number, Held>()));
    let held = byTable.get(appId);
    if (held === undefined) byTable.set(appId, (held = { primaries: [], partitions: [] }));
    return held;
  }
}

/** Adds to the load of a disk; a disk that was never seen has load 0. */
export function addToLoad(load: Map<string, number>, disk: string, difference: number): void {
  load.set(disk, (load.get(disk) ?? 0) + difference);
}
