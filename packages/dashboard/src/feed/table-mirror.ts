import { isDeepStrictEqual } from 'node:util';
import { parseNode } from '@onebox/base';
import { lackingPartitions, tableHealth } from '@onebox/cluster';
import type { LackingPartition, ListedPartition } from '@onebox/cluster';
import type { PartitionsAnswer, PartitionsRequest, TableMembers, ToldTable } from '@onebox/server';
import type { PartitionEntry, TableEntry } from '../model';
import type { KnownNodes } from './known-nodes';

type Told = Extract<PartitionsAnswer, { readonly leader: string }>;

/** So many answers are taken one after the other before what came is shown. */
const MOST_ANSWERS = 1000;

/** The tables as the leader has them, kept in step by asking it only for those that changed. */
export class TableMirror {
  private entries: Readonly<Record<string, TableEntry>> = {};
  private readonly lackingOf = new Map<number, readonly LackingPartition[]>();
  private readonly alive = new Map<string, boolean | null>();
  /** Tables of an earlier leader that this one did not tell of yet, and those that are dropped: gone when it has told all. */
  private unseen = new Set<string>();
  /** Where the last answer ended. */
  private place: { readonly leader: string; readonly count: number } | undefined;

  /** @param replicaServers how many the cluster has: no partition can have more replicas */
  constructor(
    private readonly nodes: KnownNodes,
    private readonly replicaServers: number,
  ) {}

  /** By app id. The same object while nothing changed, and in it each table that did not. */
  get tables(): Readonly<Record<string, TableEntry>> {
    return this.entries;
  }

  /** Partitions that have fewer replicas than they could have, in table order. */
  get lacking(): readonly LackingPartition[] {
    return Object.keys(this.entries).flatMap((appId) => this.lackingOf.get(Number(appId)) ?? []);
  }

  /** Whether the leader counts a node as alive; null for one it never heard from. */
  isAlive(node: string): boolean | null {
    return this.alive.get(node) ?? null;
  }

  /**
   * Asks the leader for what is new, until there is no more.
   *
   * @returns whether it answered as a leader; if not, everything stays as the last leader told it
   */
  async follow(ask: (request: PartitionsRequest) => Promise<PartitionsAnswer | undefined>): Promise<boolean> {
    for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
      const { leader, count: since } = this.place ?? {};
      const answer = await ask({ command: 'partitions', leader, since });
      if (answer === undefined || answer.leader === null) return false;
      if (answer.full) this.unseen = new Set(Object.keys(this.entries));
      this.take(answer);
      if (answer.more) continue;
      this.forget(this.unseen);
      this.unseen.clear();
      return true;
    }
    return true;
  }

  private take({ leader, count, nodes, tables }: Told): void {
    this.place = { leader, count };
    for (const { node, alive } of nodes) this.alive.set(node, alive);
    const indexes = nodes.map(({ node }) => this.nodes.indexOf(node));
    const changed: Record<string, TableEntry> = {};
    for (const table of tables) {
      if (table.status === 'AS_DROPPED') {
        this.unseen.add(String(table.appId));
        continue;
      }
      this.unseen.delete(String(table.appId));
      const before = this.entries[table.appId];
      const after = this.entryOf(table, indexes);
      // A new leader tells all there is: most of it is known.
      if (!isDeepStrictEqual(before, after)) changed[after.appId] = after;
    }
    if (Object.keys(changed).length > 0) this.entries = { ...this.entries, ...changed };
  }

  private forget(appIds: ReadonlySet<string>): void {
    const gone = [...appIds].filter((appId) => Object.hasOwn(this.entries, appId));
    if (gone.length === 0) return;
    this.entries = Object.fromEntries(Object.entries(this.entries).filter(([appId]) => !appIds.has(appId)));
    for (const appId of gone) this.lackingOf.delete(Number(appId));
  }

  private entryOf(table: ToldTable, indexes: readonly number[]): TableEntry {
    const { appId, name, status, maxReplicaCount } = table;
    const at = (index: number) => (index < 0 ? -1 : (indexes[index] ?? -1));
    const partitions = table.partitions.map(
      ([ballot, primary, secondaries, learners]: TableMembers): PartitionEntry => {
        return [ballot, at(primary), secondaries.map(at), learners.map(at)];
      },
    );
    const listed = partitions.map((partition, index) => this.listed(partition, index, maxReplicaCount));
    const isThere = status === 'AS_AVAILABLE';
    this.lackingOf.set(appId, isThere ? lackingPartitions(name, listed, this.replicaServers) : []);
    return {
      appId,
      name,
      status: status.replace(/^AS_/, ''),
      partitionCount: partitions.length,
      replicaCount: maxReplicaCount,
      ...tableHealth(listed),
      partitions,
    };
  }

  /** A partition in the words of the commands, whose health is judged there. */
  private listed(
    [ballot, primary, secondaries]: PartitionEntry,
    index: number,
    maxReplicaCount: number,
  ): ListedPartition {
    const node = (at: number) => parseNode(this.nodes.list[at]?.node ?? '');
    return {
      index,
      ballot,
      maxReplicaCount,
      primary: primary < 0 ? undefined : node(primary),
      secondaries: secondaries.map(node),
    };
  }
}
