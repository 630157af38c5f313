import type { Gpid, Node } from '@onebox/base';
import { compareBytes } from '@onebox/server';
import { forgetDrop, limitDropped, recordDrop } from '../guardian/dropped-list';
import type { DroppedList, Moment } from '../guardian/dropped-list';
import { NodeLoads } from '../guardian/node-loads';
import type { ExpectedGain } from '../guardian/node-loads';
import { NO_PROPOSALS, learnerOf, withoutFirst } from '../guardian/proposal';
import type { Proposal, ProposalQueue } from '../guardian/proposal';
import type { TableEvents } from '../metrics';
import { members } from './partition';
import type { PartitionConfig } from './partition';
import { membershipEffect } from './partition-change';
import type { PendingChange, ServingReplica } from './partition-context';
import type { TableInfo } from './table';
import { TableChanges } from './table-changes';
import { TableState } from './table-state';

/** A partition as one thing: the table it belongs to and its index. */
export interface PartitionRef {
  readonly table: TableState;
  readonly index: number;
}

/**
 * Every table the leader knows, in memory, and the bookkeeping that goes with a change. It neither writes nor decides:
 * callers change it only after ZooKeeper acknowledged the change.
 */
export class ServerState {
  readonly loads = new NodeLoads();
  /** For who watches. */
  readonly tableChanges = new TableChanges();
  /** Grows with every change of a table, a configuration, or a replica's disk: what was planned before holds while it stays. */
  private changes = 0;
  private readonly byId = new Map<number, TableState>();
  private readonly byName = new Map<string, TableState>();

  /**
   * @param maxReservedDropped `max_reserved_dropped_replicas`: how far the dropped list may exceed the missing members
   * @param events hears of what has happened to memory
   */
  constructor(
    private readonly maxReservedDropped: () => number,
    private readonly now: () => Moment,
    private readonly events?: Pick<TableEvents, 'onTableEntered' | 'onTableLeft' | 'onConfigurationChanged'>,
  ) {}

  get revision(): number {
    return this.changes;
  }

  /** In id order. */
  tables(): readonly TableState[] {
    return [...this.byId.values()].sort((a, b) => a.info.appId - b.info.appId);
  }

  table(appId: number): TableState | undefined {
    return this.byId.get(appId);
  }

  /** The table that owns a name now: available or in transition. */
  tableNamed(name: string): TableState | undefined {
    return this.byName.get(name);
  }

  /**
   * The tables that own a name, in byte order of the names, which is the order the guardian works in (4.3). A table that
   * is being renamed owns two, and is there once.
   */
  namedTables(): readonly TableState[] {
    return [...new Set(this.byName.values())].sort((a, b) => compareBytes(a.info.appName, b.info.appName));
  }

  find(gpid: Gpid): PartitionRef | undefined {
    const table = this.byId.get(gpid.appId);
    const known = table !== undefined && table.partitions[gpid.partitionIndex] !== undefined;
    return known ? { table, index: gpid.partitionIndex } : undefined;
  }

  /** One more than the highest id ever used, dropped tables included: ids are never used again (7.2). */
  nextAppId(): number {
    return Math.max(0, ...this.byId.keys()) + 1;
  }

  /** A table appears: created, or found in ZooKeeper. Its last_drops count as having left now (2.6, step 3). */
  add(info: TableInfo, partitions: readonly PartitionConfig[]): TableState {
    this.changes += 1;
    this.tableChanges.touch(info.appId);
    const table = new TableState(info, partitions);
    this.byId.set(info.appId, table);
    if (info.status !== 'AS_DROPPED') this.byName.set(info.appName, table);
    partitions.forEach((config, index) => {
      this.loads.count(config, 1);
      const context = table.context(index);
      for (const node of config.lastDrops) context.dropped = recordDrop(context.dropped, node, this.now());
      context.dropped = this.limited(context.dropped, config);
    });
    if (info.status !== 'AS_DROPPED') this.events?.onTableEntered(table);
    return table;
  }

  /** Changes what is known of a table; the name table follows its status and its name. */
  updateInfo(table: TableState, change: Partial<TableInfo>): void {
    this.changes += 1;
    this.tableChanges.touch(table.info.appId);
    const before = table.info;
    table.info = { ...before, ...change };
    if (this.byName.get(before.appName) === table) this.byName.delete(before.appName);
    if (table.info.status !== 'AS_DROPPED') this.byName.set(table.info.appName, table);
    if (table.info.status === 'AS_RECALLING') this.events?.onTableEntered(table);
  }

  /** The table gives its name up while it is still being dropped: its znode says dropped already (7.3). */
  releaseName(table: TableState): void {
    if (this.byName.get(table.info.appName) === table) this.byName.delete(table.info.appName);
    this.events?.onTableLeft(table);
  }

  /** Keeps a name for a table that is being renamed, until the result is called. */
  reserveName(name: string, table: TableState): () => void {
    this.byName.set(name, table);
    return () => {
      if (this.byName.get(name) === table) this.byName.delete(name);
    };
  }

  /** A configuration change is in ZooKeeper: memory follows, and whatever hangs on it. */
  replacePartition({ table, index }: PartitionRef, config: PartitionConfig, change: PendingChange): void {
    const context = table.context(index);
    this.changes += 1;
    const before = table.partition(index);
    this.loads.count(before, -1);
    this.loads.count(config, 1);
    table.replacePartition(index, config);
    this.tableChanges.touch(table.info.appId);
    if (change.type === 'SET_MAX_REPLICA_COUNT') return;
    this.events?.onConfigurationChanged(before, config);
    this.setProposals({ table, index }, withoutFirst(context.proposals));
    if (change.type === 'CT_DROP_PARTITION') {
      this.setProposals({ table, index }, NO_PROPOSALS);
      context.serving.clear();
      for (const node of config.lastDrops) context.dropped = recordDrop(context.dropped, node, this.now());
      context.dropped = this.limited(context.dropped, config);
      return;
    }
    if (change.node === undefined) return;
    switch (membershipEffect(change.type)) {
      case 'adds':
        context.dropped = this.limited(forgetDrop(context.dropped, change.node), config);
        break;
      case 'removes':
        context.serving.delete(change.node);
        context.dropped = this.limited(recordDrop(context.dropped, change.node, this.now()), config);
        break;
      case 'none':
        break;
    }
  }

  /** The flag of a dropped partition changes, and nothing else. */
  replaceFlags({ table, index }: PartitionRef, config: PartitionConfig): void {
    this.changes += 1;
    this.tableChanges.touch(table.info.appId);
    table.replacePartition(index, config);
  }

  /** A member reported its replica. */
  setServing({ table, index }: PartitionRef, node: Node, replica: ServingReplica): void {
    const { serving } = table.context(index);
    if (serving.get(node)?.diskTag !== replica.diskTag) this.changes += 1;
    serving.set(node, replica);
  }

  /** Replaces the queue of a partition and keeps the expected loads in step with it. */
  setProposals({ table, index }: PartitionRef, proposals: ProposalQueue): void {
    const context = table.context(index);
    this.expect(context.gpid, context.proposals, -1);
    this.expect(context.gpid, proposals, 1);
    if (learnerOf(proposals) !== learnerOf(context.proposals)) this.tableChanges.touch(table.info.appId);
    context.proposals = proposals;
  }

  setDropped({ table, index }: PartitionRef, dropped: DroppedList): void {
    table.context(index).dropped = this.limited(dropped, table.partition(index));
  }

  /** Setting the level to steady or below forgets all proposals (section 5). */
  clearProposals(): void {
    for (const table of this.byId.values()) {
      table.contexts.forEach((_context, index) => this.setProposals({ table, index }, NO_PROPOSALS));
    }
  }

  /** The partitions a node is a member of. */
  partitionsOf(node: Node): readonly PartitionRef[] {
    const found: PartitionRef[] = [];
    for (const table of this.tables()) {
      table.partitions.forEach((config, index) => {
        if (config.primary === node || config.secondaries.includes(node)) found.push({ table, index });
      });
    }
    return found;
  }

  /** Every node that is a member of some partition. */
  memberNodes(): ReadonlySet<Node> {
    return new Set([...this.byId.values()].flatMap((table) => table.partitions.flatMap(members)));
  }

  private limited(dropped: DroppedList, config: PartitionConfig): DroppedList {
    const room = config.maxReplicaCount + this.maxReservedDropped();
    return limitDropped(dropped, members(config).length, room);
  }

  /** Only the guardian's own proposals count as expected load; the balancer plans with the committed one. */
  private expect(gpid: Gpid, { actions, origin }: ProposalQueue, sign: 1 | -1): void {
    if (origin !== 'cure') return;
    for (const action of actions) {
      const gain = gainOf(action);
      if (gain !== undefined) this.loads.expect(gpid.appId, action.node, gain, sign);
    }
  }
}

function gainOf(proposal: Proposal): ExpectedGain | undefined {
  switch (proposal.type) {
    case 'CT_ASSIGN_PRIMARY':
      return 'primary replica';
    case 'CT_UPGRADE_TO_PRIMARY':
      return 'primary role';
    case 'CT_ADD_SECONDARY':
      return 'secondary replica';
    default:
      return undefined;
  }
}
