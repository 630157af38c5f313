import type { Gpid, Node } from '@onebox/base';
import { gpidText } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import type { TableView } from '../state/table';
import type { BalanceInput } from './balance-plan';
import type { Proposals } from './proposals';
import type { ReplicaPlacement } from './replica-placement';
import { balancePrimaries } from './table-balance';

/** Upstream needs three nodes before it copies replicas for the sake of the whole cluster. */
const FEWEST_NODES = 3;

/**
 * The policy `balance_cluster`: first the primaries of one table by moving roles, then replicas of whichever table is
 * most skewed, secondaries before primaries, preferring moves that even out the nodes as a whole as well
 * (reference/cluster-behaviour.md 6.3, end). At most `balance_op_count_per_round` copies a round.
 */
export function balanceWholeCluster(
  input: BalanceInput,
  tables: readonly TableView[],
  placement: ReplicaPlacement,
  proposals: Proposals,
): void {
  for (const table of tables) {
    balancePrimaries(table, true, placement, proposals);
    if (proposals.size > 0) return;
  }
  const complete = tables.every((table) =>
    table.partitions.every((config) => config.secondaries.length === config.maxReplicaCount - 1),
  );
  if (placement.nodes.length < FEWEST_NODES || !complete) return;
  for (const kind of ['copy_secondary', 'copy_primary'] as const) {
    const round = new ClusterRound(kind, tables, placement);
    while (proposals.size < input.flags.balanceOpCountPerRound) {
      const move = round.nextMove();
      if (move === undefined) break;
      proposals.add(kind, move.config, move.from, move.to);
      round.apply(move);
    }
    if (proposals.size > 0) return;
  }
}

interface Move {
  readonly config: PartitionConfig;
  readonly from: Node;
  readonly to: Node;
}

type Counts = Map<Node, number>;

/** Counts of one role while a round moves replicas around on paper. */
class ClusterRound {
  private readonly countsByTable: Map<number, Counts>;
  /** Over all tables, those the balancer may not touch included. */
  private readonly totals: Counts;
  private readonly moved = new Map<string, Move>();

  constructor(
    private readonly kind: 'copy_secondary' | 'copy_primary',
    private readonly tables: readonly TableView[],
    private readonly placement: ReplicaPlacement,
  ) {
    this.countsByTable = new Map(
      tables.map(({ info }) => [
        info.appId,
        new Map(placement.nodes.map((node) => [node, this.held(node, info.appId).length])),
      ]),
    );
    this.totals = new Map(
      placement.nodes.map((node) => [
        node,
        placement.tableIds.reduce((sum, appId) => sum + this.held(node, appId).length, 0),
      ]),
    );
  }

  /** The best move for one of the most skewed tables; undefined when none improves anything. */
  nextMove(): Move | undefined {
    const skews = this.tables.map(({ info }) => skew(this.counts(info.appId)));
    const worst = Math.max(0, ...skews);
    if (worst === 0 || (worst <= 1 && skew(this.totals) <= 1)) return undefined;
    for (const [index, table] of this.tables.entries()) {
      if (skews[index] !== worst) continue;
      const move = this.moveWithin(table, worst);
      if (move !== undefined) return move;
    }
    return undefined;
  }

  apply(move: Move): void {
    this.moved.set(gpidText(move.config.gpid), move);
    for (const counts of [this.counts(move.config.gpid.appId), this.totals]) {
      counts.set(move.from, (counts.get(move.from) ?? 0) - 1);
      counts.set(move.to, (counts.get(move.to) ?? 0) + 1);
    }
  }

  private moveWithin(table: TableView, tableSkew: number): Move | undefined {
    const counts = this.counts(table.info.appId);
    const fullest = nodesWith(counts, Math.max);
    const emptiest = nodesWith(counts, Math.min);
    const fullestOfAll = nodesWith(this.totals, Math.max);
    const emptiestOfAll = nodesWith(this.totals, Math.min);
    const givers = fullest.filter((node) => fullestOfAll.includes(node));
    const takers = emptiest.filter((node) => emptiestOfAll.includes(node));
    // A table that is even enough is only touched when that evens out the nodes.
    if (tableSkew <= 1 && (givers.length === 0 || takers.length === 0)) return undefined;
    return this.moveBetween(
      table.info.appId,
      givers.length === 0 ? fullest : givers,
      takers.length === 0 ? emptiest : takers,
    );
  }

  /**
   * From the disk that holds most. Upstream picks one of several equally full disks at random and may find nothing
   * there; trying them in order needs no dice and never gives up early.
   */
  private moveBetween(appId: number, givers: readonly Node[], takers: readonly Node[]): Move | undefined {
    const disks = givers.flatMap((from) => this.disksOf(from, appId).map((configs) => ({ from, configs })));
    const most = Math.max(0, ...disks.map(({ configs }) => configs.length));
    for (const { from, configs } of disks.filter((disk) => disk.configs.length === most)) {
      for (const to of takers) {
        const config = configs.find((candidate) => !isMember(candidate, to));
        if (config !== undefined) return { config, from, to };
      }
    }
    return undefined;
  }

  /** The partitions of a table that a node can still give away, grouped by disk, disks by tag. */
  private disksOf(node: Node, appId: number): readonly (readonly PartitionConfig[])[] {
    const byDisk = new Map<string, PartitionConfig[]>();
    for (const config of this.held(node, appId)) {
      if (this.wasMoved(config.gpid)) continue;
      const tag = this.placement.diskTag(node, config.gpid);
      byDisk.set(tag, [...(byDisk.get(tag) ?? []), config]);
    }
    return [...byDisk].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, configs]) => configs);
  }

  private held(node: Node, appId: number): readonly PartitionConfig[] {
    if (this.kind === 'copy_primary') return this.placement.primaries(node, appId);
    return this.placement.partitions(node, appId).filter((config) => config.primary !== node);
  }

  private wasMoved(gpid: Gpid): boolean {
    return this.moved.has(gpidText(gpid));
  }

  private counts(appId: number): Counts {
    return this.countsByTable.get(appId) ?? new Map<Node, number>();
  }
}

function isMember(config: PartitionConfig, node: Node): boolean {
  return config.primary === node || config.secondaries.includes(node);
}

function skew(counts: Counts): number {
  return counts.size === 0 ? 0 : Math.max(...counts.values()) - Math.min(...counts.values());
}

function nodesWith(counts: Counts, which: (...values: number[]) => number): readonly Node[] {
  const wanted = which(...counts.values());
  return [...counts].filter(([, count]) => count === wanted).map(([node]) => node);
}
