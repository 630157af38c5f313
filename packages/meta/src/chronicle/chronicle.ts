import { gpidText } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { EventLog } from '@onebox/server';
import type { BalanceKind, BalanceProposal } from '../balancer';
import type { FunctionLevel } from '../cluster-view';
import type { Proposal, ProposalPurpose } from '../guardian/proposal';
import type { WonElection } from '../leadership/election';
import type { LevelControl } from '../level-control';
import type { PartitionConfig } from '../state/partition';
import type { ChangeType } from '../state/partition-change';
import type { TableInfo, TableView } from '../state/table';
import { loggedConfiguration, loggedTables } from './logged-tables';
import { PartitionCauses } from './partition-causes';
import type { Why } from './partition-causes';

/** What a chronicle looks at when it tells a snapshot, or the level. */
export interface ChronicleParts {
  readonly events: EventLog;
  readonly tables: () => readonly TableView[];
  readonly level: Pick<LevelControl, 'effective' | 'whyInForce'>;
}

/** A change that was stored. `created` and `CT_RECALL` are none that a replica server could ask for. */
export interface ToldChange extends Why {
  readonly type: ChangeType | 'SET_MAX_REPLICA_COUNT' | 'CT_RECALL' | 'created';
  readonly node: Node | undefined;
}

/**
 * What a leader tells of its cluster, each event with the one that led to it. Replayed in order, snapshots and changes give what
 * ZooKeeper holds: a change is told when ZooKeeper has acknowledged it, and before memory or anybody else follows.
 */
export class Chronicle {
  private readonly causes = new PartitionCauses();
  private toldLevel: FunctionLevel | undefined;
  private lockNode: string | null = null;
  /** The table whose creation is being told: it is stored, and its status does not say so yet. */
  private created: number | undefined;

  constructor(private readonly parts: ChronicleParts) {}

  /** The state was read from ZooKeeper. @param elected how this server became the leader */
  begin(elected: WonElection | undefined): void {
    const { events, level } = this.parts;
    this.toldLevel = level.effective();
    this.lockNode = elected?.lockNode ?? null;
    this.causes.beginWith(this.snapshot('elected', elected?.event));
    events.onRotated(() => void this.snapshot('rotated'));
  }

  nodeAlive(node: Node): void {
    const id = this.parts.events.tell('node-alive', { node });
    this.causes.nodeAlive(node, id);
    this.levelLooked(id);
  }

  /** @param silentMs Pegasus ms since the last beacon of each */
  nodesDead(dead: readonly { readonly node: Node; readonly silentMs: number }[]): void {
    let id: string | undefined;
    for (const { node, silentMs } of dead) {
      id = this.parts.events.tell('node-dead', { node, silentMs });
      this.causes.nodeDead(node, id);
    }
    this.levelLooked(id);
  }

  /** The death of a node: why it is taken out of a partition. */
  death(node: Node): Why {
    return { reason: `${node} is dead`, cause: this.causes.ofDeath(node) };
  }

  /** Tells the level in force when it is another one now: nodes came or went, or thresholds were changed. */
  levelLooked(cause?: string): void {
    const { events, level } = this.parts;
    const from = this.toldLevel;
    const to = level.effective();
    this.toldLevel = to;
    if (from === undefined || from === to) return;
    events.tell('level-changed', { from, to, reason: level.whyInForce() }, cause);
  }

  /** An operator set a level, or something that an operator asked for did; what is in force may be lower. */
  levelSet(from: FunctionLevel, wanted: FunctionLevel, why = 'by request'): void {
    const { events, level } = this.parts;
    const to = level.effective();
    this.toldLevel = to;
    const kept = to === wanted ? '' : `, ${level.whyInForce()}`;
    events.tell('level-changed', { from, to, reason: `${wanted} set ${why}${kept}` });
  }

  /** A proposal is sent; the same one again is not told. */
  proposed({ gpid, ballot }: PartitionConfig, proposal: Proposal, { origin, reason }: ProposalPurpose): void {
    const { causes, parts } = this;
    if (causes.wasProposed(gpid, proposal)) return;
    const cause = origin === 'death' ? causes.ofDeath(proposal.node) : causes.ofProposal(gpid, proposal);
    const { type, target, node } = proposal;
    const facts = { partition: gpidText(gpid), proposal: type, target, node, ballot, origin, reason };
    causes.proposed(gpid, proposal, reason, parts.events.tell('proposal', facts, cause));
  }

  /** Why a replica server may have asked for a change: a proposal that it fits, or something only that server knows. */
  updateAsked({ gpid, primary }: PartitionConfig, type: ChangeType, node: Node): Why {
    return this.causes.ofUpdate(gpid, type, node) ?? { reason: `asked for by ${primary ?? node}` };
  }

  /** A configuration is in ZooKeeper. */
  changed(next: PartitionConfig, { type, node, reason, cause }: ToldChange): void {
    // Not spread: that would take longer than all the rest.
    const facts = Object.assign(loggedConfiguration(next), { change: type, node: node ?? null, reason });
    this.causes.concerned(next.gpid, this.parts.events.tell('configuration-changed', facts, cause));
  }

  /** A table with all its partitions is in ZooKeeper. */
  tableCreated({ appId, appName: name, ...info }: TableInfo, partitions: readonly PartitionConfig[]): void {
    const { partitionCount, maxReplicaCount } = info;
    this.created = appId;
    const cause = this.parts.events.tell('table-created', { appId, name, partitionCount, maxReplicaCount });
    for (const config of partitions) {
      this.changed(config, { type: 'created', node: undefined, reason: `table ${name} created`, cause });
    }
    this.created = undefined;
  }

  /** @returns why its partitions change */
  tableDropped({ appId, appName: name }: TableInfo): Why {
    return {
      reason: `table ${name} dropped`,
      cause: this.parts.events.tell('table-dropped', { appId, name }),
    };
  }

  /** @returns why its partitions change */
  tableRecalled({ appId, appName: name }: TableInfo): Why {
    return {
      reason: `table ${name} recalled`,
      cause: this.parts.events.tell('table-recalled', { appId, name }),
    };
  }

  tableRenamed({ appId, appName: name }: TableInfo, oldName: string): void {
    this.parts.events.tell('table-renamed', { appId, name, oldName });
  }

  /** @param what in words, e.g. `envs: set a=b`. @returns why its partitions change, if they do */
  tableChanged({ appId, appName: name }: Pick<TableInfo, 'appId' | 'appName'>, what: string): Why {
    return { reason: what, cause: this.parts.events.tell('table-changed', { appId, name, what }) };
  }

  /** The balancer queues proposals: one event for each kind of move, which is what their steps begin with. */
  balancePlanned(proposals: readonly BalanceProposal[]): void {
    const kinds = new Map<BalanceKind, string>();
    for (const { gpid, kind } of proposals) {
      const moves = proposals.filter((proposal) => proposal.kind === kind).length;
      const id = kinds.get(kind) ?? this.parts.events.tell('balance-planned', { kind, moves });
      kinds.set(kind, id);
      this.causes.concerned(gpid, id);
    }
  }

  private snapshot(why: 'elected' | 'rotated', cause?: string): string {
    const { lockNode, toldLevel, created, parts } = this;
    const level = toldLevel ?? parts.level.effective();
    const tables = loggedTables(parts.tables(), created);
    return parts.events.tell('state-snapshot', { why, lockNode, level, tables }, cause);
  }
}
