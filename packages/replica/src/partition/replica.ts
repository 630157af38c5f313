import { describeError, gpidText } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { BulkLoader } from '../bulk-load';
import type { ManualCompaction } from '../compaction';
import { decideOnSync } from '../config-sync/sync-decision';
import type { ReplicaRecord } from '../disk/replica-record';
import type { CountedReplica, ReplicaMetrics } from '../metrics';
import type { CompactionOptions, StorageEngine } from '../storage/storage-engine';
import type { RoleConfig } from '../wire/role-config-wire';
import { askForRemoval } from './ask-for-removal';
import { DuplicationDuties } from './duplication-duties';
import { EnvDuties } from './env-duties';
import { FollowerDuties } from './follower-duties';
import { roleOf } from './membership';
import type { Membership } from './membership';
import { PrepareList } from './prepare-list';
import { PrimaryDuties } from './primary-duties';
import { decideOnProposal } from './proposal-decision';
import type { ChangeType, Proposal } from './proposal-decision';
import { Reconfiguration } from './reconfiguration';
import type { ReconfigurationAnswer } from './reconfiguration';
import type { ReplicaContext } from './replica-context';
import { ReplicaEvents } from './replica-events';
import { refusalOf, statusText } from './replica-status';
import type { Standing } from './replica-status';
import { sameTableInfo } from './table-info';
import type { TableInfo } from './table-info';
import { tellRemoved } from './tell-removed';

/** Why a primary that was started anew asks for a ballot, although nobody else wants to lead. */
const LEADS_AGAIN = 'primary again, in a new process';

/**
 * One replica of a partition: what it is at the moment, and how that changes. All changes are synchronous, and a ballot
 * is on disk before anybody can hear of it; messages that were overtaken are recognised by their ballot.
 */
export class Replica {
  readonly gpid: Gpid;
  readonly engine: StorageEngine;
  readonly list: PrepareList;
  readonly leading: PrimaryDuties;
  readonly following: FollowerDuties;
  readonly metrics: ReplicaMetrics;
  readonly envDuties: EnvDuties;
  readonly duplication: DuplicationDuties;
  readonly loader: BulkLoader;
  private readonly told: ReplicaEvents;
  private current: Standing;
  private currentTable: TableInfo;
  private currentPrimary: Node | undefined;
  private initializing = true;
  private changedMs: number;
  private unwantedMs: number | undefined;
  private reconfiguration: Reconfiguration | undefined;
  private heldProposal: { readonly proposal: Proposal; readonly table: TableInfo } | undefined;
  private closed = false;

  /** @param opened at the start of the process it may take its old role back; on demand it first has to be given one */
  constructor(
    private readonly context: ReplicaContext,
    record: ReplicaRecord,
    opened: 'at-start' | 'on-demand',
  ) {
    this.gpid = record.gpid;
    this.told = new ReplicaEvents(context.events, this.gpid);
    this.current = { status: 'PS_INACTIVE', ballot: record.ballot, transient: opened === 'at-start' };
    this.currentTable = record.table;
    const directory = context.store.pathOf(record.gpid, record.table.appType);
    this.engine = context.openEngine({ directory, lastCommittedDecree: record.lastCommittedDecree });
    this.metrics = context.metrics.replica(this.gpid);
    this.list = new PrepareList(this.engine, record.uncommitted, (mutation) => {
      this.metrics.onCommitted(mutation);
      this.duplication.onCommitted(mutation);
      this.loader.onCommitted(mutation);
    });
    // What was found on disk is older than anything the meta server says now.
    this.changedMs = opened === 'at-start' ? -1 : context.clock.monotonicMs();
    this.leading = new PrimaryDuties(context, this);
    this.following = new FollowerDuties(context, this);
    this.envDuties = new EnvDuties(context, this, record);
    this.duplication = new DuplicationDuties(context, this, directory);
    this.duplication.setDuplicating(record.table.duplicating);
    this.loader = new BulkLoader(context, this, directory);
  }

  get standing(): Standing {
    return this.current;
  }

  get table(): TableInfo {
    return this.currentTable;
  }

  get compaction(): ManualCompaction {
    return this.envDuties.compaction;
  }

  get primary(): Node | undefined {
    return this.currentPrimary;
  }

  /** Since when it has been inactive and in no configuration; Pegasus ms of the monotonic clock. */
  get unwantedSinceMs(): number | undefined {
    return this.unwantedMs;
  }

  counted(): CountedReplica {
    return { status: this.current.status, learningMs: this.following.learningMs, load: this.loader.counted };
  }

  record(): ReplicaRecord {
    return {
      gpid: this.gpid,
      ballot: this.current.ballot,
      lastCommittedDecree: this.list.lastCommittedDecree,
      uncommitted: this.list.uncommitted(),
      lastCompactionFinishMs: this.compaction.lastFinishMs,
      table: this.currentTable,
    };
  }

  /** Follows a configuration it received. False when that must not be, or could not be stored. */
  adopt(role: RoleConfig): boolean {
    const from = this.current;
    const refusal = this.closed ? 'it is closed' : refusalOf(from, role);
    if (refusal !== undefined) {
      this.context.log.warn(`${this.label}: configuration refused: ${refusal}`);
      return false;
    }
    this.currentPrimary = role.primary;
    if (role.status === from.status && role.ballot === from.ballot) return true;
    if (role.ballot > from.ballot && !this.store(role.ballot)) return false;
    this.become({ status: role.status, ballot: role.ballot, transient: false }, 'configuration');
    if (role.status === 'PS_PRIMARY') {
      this.leading.start();
      this.duplication.duplications.wake();
    }
    return true;
  }

  /** Gives up a role it can only have again by learning. */
  retire(why: string): void {
    this.become({ ...this.current, status: 'PS_INACTIVE', transient: false }, why);
  }

  /** A failure this replica cannot get over: it says no to everything until it is closed and set aside. */
  fail(why: string): void {
    this.context.log.error(`${this.label}: ${why}`);
    this.become({ ...this.current, status: 'PS_ERROR', transient: false }, why);
  }

  store(ballot = this.current.ballot): boolean {
    try {
      this.context.store.save({ ...this.record(), ballot });
      return true;
    } catch (error) {
      this.fail(`its record cannot be written: ${describeError(error)}`);
      return false;
    }
  }

  /** Compacts the engine, behind what the record says now. */
  async compact(options: CompactionOptions): Promise<void> {
    if (!this.store()) throw new Error('its record cannot be written');
    await this.engine.compact(options);
  }

  commitTo(decree: number): void {
    const before = this.list.lastCommittedDecree;
    try {
      this.list.commitTo(decree);
    } catch (error) {
      this.fail(`decree ${this.list.lastCommittedDecree + 1} cannot be applied: ${describeError(error)}`);
      return;
    }
    if (this.list.lastCommittedDecree > before) this.context.store.saveSoon(this.gpid, () => this.record());
  }

  /** Asks the meta server for the next configuration, and says why (reference/cluster-behaviour.md 4.2). No writes meanwhile. */
  reconfigure(type: ChangeType, node: Node, next: Membership, reason: string): void {
    this.dropReconfiguration();
    this.told.asked(type, node, next.ballot + 1, reason);
    this.become({ ...this.current, status: 'PS_INACTIVE', transient: true }, `asks for ${type} of ${node}`);
    const membership: Membership = {
      ...next,
      ballot: next.ballot + 1,
      lastCommittedDecree: this.list.lastCommittedDecree,
    };
    const reconfiguration = new Reconfiguration(
      this.context,
      { type, node, membership },
      this.currentTable,
      (answer) => {
        if (this.reconfiguration === reconfiguration) this.onReconfigured(reconfiguration, answer);
      },
    );
    this.reconfiguration = reconfiguration;
    reconfiguration.start();
  }

  /** RPC_CONFIG_PROPOSAL. One change at a time: a replica that waits for an answer ignores the next proposal (5). */
  onProposal(proposal: Proposal, table: TableInfo): void {
    if (this.closed) return;
    const { membership } = proposal;
    const { ballot } = this.current;
    const label = `${this.label}: ${proposal.type} of ${proposal.node} from ballot ${membership.ballot}`;
    if (this.reconfiguration !== undefined) {
      // Made from a configuration that is new here: it overtook the answer this replica waits for, which is about to come.
      if (membership.ballot > ballot) this.heldProposal = { proposal, table };
      this.context.log.info(`${label}: ${membership.ballot > ballot ? 'held back' : 'ignored'}, busy`);
      return;
    }
    if (membership.ballot < ballot || (membership.ballot > ballot && !this.adoptMembership(membership))) {
      this.context.log.info(`${label}: ignored at ballot ${ballot}`);
      return;
    }
    this.updateTable(table);
    const { group } = this.leading;
    group.forgetSilentLearners(this.context.clock.monotonicMs() - this.context.settings.graceMs);
    const decision = decideOnProposal(
      {
        self: this.context.self,
        status: this.current.status,
        ballot: this.current.ballot,
        membership: group.membership,
        learners: [...group.learners.keys()],
      },
      proposal,
    );
    switch (decision.act) {
      case 'ignore':
        this.context.log.info(`${label}: ignored: ${decision.why}`);
        return;
      case 'learn':
        this.leading.addLearner(decision.node);
        return;
      case 'reconfigure':
        this.reconfigure(decision.type, decision.node, decision.next, 'proposed by the meta server');
        return;
    }
  }

  /** Its entry in a config-sync answer. */
  onConfigSync(membership: Membership, table: TableInfo): void {
    if (this.closed || membership.ballot < this.current.ballot) return;
    this.updateTable(table);
    this.envDuties.apply(table.envs);
    this.unwantedMs = undefined;
    const decision = decideOnSync(
      {
        self: this.context.self,
        standing: this.current,
        initializing: this.initializing,
        reconfiguring: this.reconfiguration !== undefined,
      },
      membership,
    );
    switch (decision) {
      case 'outdated':
      case 'keep':
        break;
      case 'force-ballot':
        this.reconfigure('CT_PRIMARY_FORCE_UPDATE_BALLOT', this.context.self, membership, LEADS_AGAIN);
        return;
      case 'adopt':
        this.adoptMembership(membership);
        break;
      case 'leave':
        this.context.log.warn(`${this.label}: cannot be what the configuration says, asks to be removed`);
        askForRemoval(this.context, membership, table);
        break;
      case 'wait-for-removal':
        this.context.log.info(`${this.label}: cannot be what the configuration says, the primary removes it`);
        break;
    }
    // A primary keeps the mark until a config-sync finds it in another role: that is the quirk of 4.6.
    if (this.current.status !== 'PS_PRIMARY' && this.reconfiguration === undefined) this.initializing = false;
  }

  /**
   * A config-sync answer without this replica: it is in no configuration.
   *
   * @param askedMs when the answer was asked for; it says nothing about what happened later
   */
  onUnlisted(askedMs: number): void {
    if (this.closed || this.reconfiguration !== undefined || this.changedMs >= askedMs) return;
    const { status } = this.current;
    const { clock, settings } = this.context;
    if (status === 'PS_ERROR') return;
    if (status === 'PS_POTENTIAL_SECONDARY') {
      // Learners are in no configuration; this one's primary has forgotten it, or is gone.
      const silentMs = clock.monotonicMs() - this.following.heardMs;
      if (this.following.isLearning || silentMs < 2 * settings.groupCheckIntervalMs) return;
    }
    this.initializing = false;
    this.become({ ...this.current, status: 'PS_INACTIVE', transient: false }, 'in no configuration');
    this.unwantedMs ??= clock.monotonicMs();
  }

  /** RPC_REMOVE_REPLICA: the primary has removed this node. */
  onRemoved(role: RoleConfig): void {
    // The same ballot, and learning: it was added again meanwhile, and this message is late.
    if (role.ballot === this.current.ballot && this.current.status === 'PS_POTENTIAL_SECONDARY') return;
    if (role.status === 'PS_INACTIVE') this.adopt(role);
  }

  /** The lease is lost: what it was it may be again, if the meta server says so. */
  onLeaseLost(cause?: string): void {
    if (this.closed || this.current.status === 'PS_ERROR') return;
    this.dropReconfiguration();
    const { status } = this.current;
    const transient =
      status === 'PS_PRIMARY' ||
      status === 'PS_SECONDARY' ||
      (status === 'PS_INACTIVE' && this.current.transient);
    this.leading.group.forgetLearners();
    this.become({ ...this.current, status: 'PS_INACTIVE', transient }, 'lease lost', cause);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.dropReconfiguration();
    this.leading.stop();
    this.following.stopLearning();
    this.envDuties.close();
    this.duplication.close();
    this.loader.close();
    this.engine.close();
    this.metrics.close();
  }

  get label(): string {
    return gpidText(this.gpid);
  }

  private updateTable(told: TableInfo): void {
    // The directory of this replica is named after its type.
    const table = { ...told, appType: this.currentTable.appType };
    if (sameTableInfo(table, this.currentTable)) return;
    this.currentTable = table;
    this.duplication.setDuplicating(table.duplicating);
    this.context.store.saveSoon(this.gpid, () => this.record());
  }

  private dropReconfiguration(): void {
    this.reconfiguration?.cancel();
    this.reconfiguration = undefined;
    this.heldProposal = undefined;
    this.told.dropped();
  }

  private adoptMembership(membership: Membership): boolean {
    const { self } = this.context;
    const status = roleOf(membership, self);
    const { ballot, primary, gpid } = membership;
    const refused = refusalOf(this.current, { status, ballot }) !== undefined;
    if (!refused && status === 'PS_PRIMARY') {
      this.leading.group.reset(membership, this.currentPrimary === self);
    }
    return this.adopt({ gpid, ballot, primary, status, signature: 0 });
  }

  private onReconfigured({ update }: Reconfiguration, { accepted, membership }: ReconfigurationAnswer): void {
    const held = this.heldProposal;
    this.reconfiguration = undefined;
    this.heldProposal = undefined;
    if (this.closed || this.current.status !== 'PS_INACTIVE' || !this.context.meta.connected) return;
    const what = `${update.type} of ${update.node}`;
    if (membership.ballot < this.current.ballot) {
      this.context.log.warn(`${this.label}: ${what}: answered with old ballot ${membership.ballot}`);
      return;
    }
    if (!accepted) this.context.log.info(`${this.label}: ${what}: overtaken by ballot ${membership.ballot}`);
    if (accepted && update.type === 'CT_REMOVE') tellRemoved(this.context, update.node, membership);
    if (accepted && update.type === 'CT_PRIMARY_FORCE_UPDATE_BALLOT') this.initializing = false;
    this.adoptMembership(membership);
    if (held !== undefined) this.onProposal(held.proposal, held.table);
  }

  /** The one place where the standing changes; duties of the role that is left end here. */
  private become(next: Standing, why: string, cause?: string): void {
    const { status, ballot, transient } = this.current;
    if (next.status === status && next.ballot === ballot && next.transient === transient) return;
    this.told.became(this.current, next, cause);
    if (status === 'PS_PRIMARY') this.leading.stop();
    if (next.status !== 'PS_POTENTIAL_SECONDARY') this.following.stopLearning();
    // Whatever it asked for, it has been told what it is.
    if (next.status !== 'PS_INACTIVE') this.dropReconfiguration();
    this.current = next;
    this.loader.onRole(status, next.status);
    this.changedMs = this.context.clock.monotonicMs();
    this.unwantedMs = undefined;
    this.context.log.info(
      `${this.label}: ${statusText(status, transient)} ballot ${ballot} -> ` +
        `${statusText(next.status, next.transient)} ballot ${next.ballot}: ${why}`,
    );
  }
}
