import { gpidText } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import {
  LearnType,
  LearnerStatus,
  RPC,
  groupCheckRequest,
  learnNotifyResponse,
  learnResponse,
  learnState,
  make,
  prepareMsg,
  toWireHostPort,
  wireNode,
} from '@onebox/protocol';
import type {
  GroupCheckRequest,
  GroupCheckResponse,
  LearnNotifyResponse,
  LearnRequest,
  LearnResponse,
  PrepareMsg,
} from '@onebox/protocol';
import { DISK_TAG } from '../disk/disk-space';
import type { GroupEvents } from '../metrics';
import { EMPTY_WRITE } from '../storage/storage-engine';
import type { Mutation, MutationUpdate, StorageEngine } from '../storage/storage-engine';
import { writeLearnMeta } from '../wire/learn-meta-wire';
import { writeMutation } from '../wire/mutation-wire';
import { addressOf, nodeFields } from '../wire/node-fields';
import { writeRoleConfig } from '../wire/role-config-wire';
import { writeTableInfo } from '../wire/table-info-wire';
import { AwaitedWrites } from './awaited-writes';
import type { DuplicationDuties } from './duplication-duties';
import { GroupCheck } from './group-check';
import { withSecondary, withoutMember } from './membership';
import type { Membership } from './membership';
import type { PrepareList } from './prepare-list';
import type { ChangeType } from './proposal-decision';
import type { ReplicaContext } from './replica-context';
import type { Standing } from './replica-status';
import { ReplicationGroup } from './replication-group';
import type { Peer } from './replication-group';
import type { TableInfo } from './table-info';
import { TwoPhaseCommit } from './two-phase-commit';

/** What a primary's duties need from its replica. */
export interface LedReplica {
  readonly gpid: Gpid;
  readonly standing: Standing;
  readonly table: TableInfo;
  readonly list: PrepareList;
  readonly engine: StorageEngine;
  readonly duplication: Pick<DuplicationDuties, 'duplications' | 'learnableMutations'>;
  readonly metrics: GroupEvents;
  /** Asks the meta server for the next configuration; the replica is inactive until it has the answer. */
  reconfigure(type: ChangeType, node: Node, next: Membership, reason: string): void;
  /** Stores the replica's record now; false when that failed, and the replica is in error. */
  store(): boolean;
  commitTo(decree: number): void;
}

/** Timers may fire a little early: a round that comes 1 % before its time still counts as one interval. */
const PUNCTUAL = 0.99;

/** How many replicas must be there for a write; a configured number counts as it is (reference/cluster-behaviour.md 4.4). */
export function minReplicasForWrite(configured: number, maxReplicaCount: number): number {
  if (configured > 0) return configured;
  return maxReplicaCount <= 2 ? 1 : Math.floor(maxReplicaCount / 2) + 1;
}

/** What a replica does for its partition while it is primary: check the group, commit mutations, teach learners. */
export class PrimaryDuties {
  readonly group: ReplicationGroup;
  private readonly checks: GroupCheck;
  private readonly commits: TwoPhaseCommit;
  private readonly awaited = new AwaitedWrites();
  private lastPrepareMs: number;

  constructor(
    private readonly context: ReplicaContext,
    private readonly replica: LedReplica,
  ) {
    this.group = new ReplicationGroup(replica.gpid, Math.floor(context.clock.unixMs()));
    this.checks = new GroupCheck(context, this);
    this.commits = new TwoPhaseCommit(context, this);
    this.lastPrepareMs = context.clock.monotonicMs();
  }

  get gpid(): Gpid {
    return this.replica.gpid;
  }

  /** The replica became primary, or got another ballot as primary. */
  start(): void {
    const { list, standing } = this.replica;
    const left = list.uncommitted().map((mutation) => ({ ...mutation, ballot: standing.ballot }));
    for (const mutation of left) list.prepare(mutation);
    if (left.length > 0) {
      this.lastPrepareMs = this.context.clock.monotonicMs();
      if (!this.replica.store()) return;
    }
    this.commits.start(left);
    this.checks.start();
  }

  stop(): void {
    this.checks.stop();
    this.commits.stop();
    this.awaited.abandon();
  }

  /** Tells a node to learn from here; again, when it was told before. */
  addLearner(node: Node): void {
    const { clock, network } = this.context;
    const { signature } = this.group.addLearner(node, clock.monotonicMs());
    const request = this.checkRequest({ node, status: 'PS_POTENTIAL_SECONDARY', signature, prepares: false });
    this.context.log.info(`${gpidText(this.gpid)}: ${node} shall learn, signature ${signature}`);
    network.send(node, RPC.RPC_LEARN_ADD_LEARNER, request, { gpid: this.gpid });
  }

  peers(): readonly Peer[] {
    return this.group.peers();
  }

  checkRequest(peer: Peer): GroupCheckRequest {
    const { table, list } = this.replica;
    return make(groupCheckRequest, {
      app: writeTableInfo(table),
      ...nodeFields(peer.node, this.context.addresses),
      config: this.roleOf(peer),
      last_committed_decree: list.lastCommittedDecree,
      confirmed_decree: this.replica.duplication.duplications.minConfirmedDecree,
    });
  }

  onCheckAnswer(peer: Peer, response: GroupCheckResponse): void {
    if (peer.status !== 'PS_POTENTIAL_SECONDARY') return;
    this.group.heardFrom(peer.node, this.context.clock.monotonicMs());
    if (response.learner_status_ === LearnerStatus.LearningSucceeded) {
      this.upgrade(peer.node, response.learner_signature);
    }
  }

  onPrepareFailure(peer: Peer, why: string): void {
    if (this.replica.standing.status !== 'PS_PRIMARY') return;
    this.replica.metrics.onPrepareFailed();
    this.onPeerFailure(peer, why);
  }

  onCheckFailure(peer: Peer, why: string): void {
    if (this.replica.standing.status !== 'PS_PRIMARY') return;
    this.replica.metrics.onGroupCheckFailed();
    this.onPeerFailure(peer, why);
  }

  /** A secondary that fails is removed from the configuration; a learner is only forgotten (4.2). */
  private onPeerFailure(peer: Peer, why: string): void {
    const label = `${gpidText(this.gpid)}: ${peer.node} (${peer.status})`;
    this.context.log.warn(`${label} failed: ${why}`);
    const { membership } = this.group;
    if (peer.status === 'PS_POTENTIAL_SECONDARY') {
      if (this.group.learners.get(peer.node)?.signature !== peer.signature) return;
      this.group.removeLearner(peer.node);
      this.commits.exclude(peer.node);
    } else if (membership.secondaries.includes(peer.node)) {
      const rest = withoutMember(membership, peer.node);
      this.replica.reconfigure('CT_DOWNGRADE_TO_INACTIVE', peer.node, rest, why);
    }
  }

  /** An idle primary moves its decree once per group-check interval (11.3). */
  onCheckRound(): void {
    const { clock, settings } = this.context;
    const idleMs = clock.monotonicMs() - this.lastPrepareMs;
    if (settings.emptyWriteDisabled || idleMs < settings.groupCheckIntervalMs * PUNCTUAL) return;
    this.write([{ code: EMPTY_WRITE, data: Buffer.alloc(0) }]);
  }

  /** Begins to commit a mutation. False when this is no time for writes. */
  write(updates: readonly MutationUpdate[]): boolean {
    return this.writeRefusal() === undefined && this.begin(updates, this.replica.list.lastPreparedDecree + 1);
  }

  /**
   * As {@link write}, and waits until it is committed. Otherwise the name a client gets in the frame of its answer
   * (reference/rpc-protocol.md 1.6).
   */
  async writeCommitted(
    updates: readonly MutationUpdate[],
  ): Promise<'committed' | 'ERR_INVALID_STATE' | 'ERR_NOT_ENOUGH_MEMBER'> {
    const refusal = this.writeRefusal();
    if (refusal !== undefined) return refusal;
    const decree = this.replica.list.lastPreparedDecree + 1;
    const committed = this.awaited.wait(decree);
    if (!this.begin(updates, decree)) this.awaited.abandon();
    return (await committed) ? 'committed' : 'ERR_INVALID_STATE';
  }

  private writeRefusal(): 'ERR_INVALID_STATE' | 'ERR_NOT_ENOUGH_MEMBER' | undefined {
    const { secondaries, maxReplicaCount } = this.group.membership;
    const needed = minReplicasForWrite(this.context.settings.minReplicaCountFor2pc, maxReplicaCount);
    if (this.replica.standing.status !== 'PS_PRIMARY') return 'ERR_INVALID_STATE';
    return secondaries.length + 1 < needed ? 'ERR_NOT_ENOUGH_MEMBER' : undefined;
  }

  private begin(updates: readonly MutationUpdate[], decree: number): boolean {
    const { list, standing } = this.replica;
    const { clock } = this.context;
    const mutation: Mutation = {
      decree,
      ballot: standing.ballot,
      timestampUs: Math.floor(clock.unixMs()) * 1000,
      updates,
    };
    this.lastPrepareMs = clock.monotonicMs();
    list.prepare(mutation);
    if (!this.replica.store()) return false;
    this.commits.submit(mutation);
    return true;
  }

  prepareMessage(peer: Peer, mutation: Mutation): PrepareMsg {
    return make(prepareMsg, {
      config: this.roleOf(peer),
      mu: writeMutation(this.gpid, mutation, this.replica.list.lastCommittedDecree),
    });
  }

  commitTo(decree: number): void {
    this.replica.commitTo(decree);
    this.awaited.committedTo(this.replica.list.lastCommittedDecree);
  }

  /** RPC_LEARN: gives a learner what it lacks; from the next decree on it takes part in the two-phase commit. */
  serveLearn(request: LearnRequest): LearnResponse {
    const { addresses, self, clock } = this.context;
    const { list, engine } = this.replica;
    const node = wireNode(request.hp_learner, request.learner);
    const learner = node === undefined ? undefined : this.group.learners.get(node);
    const refused = this.refusal() ?? learnerRefusal(learner?.signature, request.signature);
    if (refused !== undefined || node === undefined) {
      return make(learnResponse, { err: refused ?? 'ERR_INVALID_PARAMETERS' });
    }
    this.group.heardFrom(node, clock.monotonicMs());
    const startDecree = list.lastCommittedDecree + 1;
    const state = engine.learnState(request.last_committed_decree_in_app);
    const peer: Peer = {
      node,
      status: 'PS_POTENTIAL_SECONDARY',
      signature: request.signature,
      prepares: true,
    };
    this.group.startPreparing(node, startDecree);
    this.commits.include(peer);
    return make(learnResponse, {
      err: 'ERR_OK',
      config: this.roleOf(peer),
      last_committed_decree: list.lastCommittedDecree,
      prepare_start_decree: startDecree,
      type: LearnType.LT_APP,
      state: make(learnState, {
        from_decree_excluded: request.last_committed_decree_in_app,
        to_decree_included: state.toDecree,
        meta: writeLearnMeta(state.meta, this.replica.duplication.learnableMutations()),
        files: [...state.files],
        learn_start_decree: request.last_committed_decree_in_app + 1,
      }),
      learnee: addressOf(self, addresses),
      hp_learnee: toWireHostPort(self),
      replica_disk_tag: DISK_TAG,
    });
  }

  /** RPC_LEARN_COMPLETION_NOTIFY: a learner has everything, and becomes a secondary. */
  serveCompletion(report: GroupCheckResponse): LearnNotifyResponse {
    const answer = (err: LearnNotifyResponse['err']): LearnNotifyResponse =>
      make(learnNotifyResponse, { pid: this.gpid, err, signature: report.learner_signature });
    const refused = this.refusal();
    if (refused !== undefined) return answer(refused);
    const node = wireNode(report.hp_node, report.node);
    if (node === undefined || report.learner_status_ !== LearnerStatus.LearningSucceeded) {
      return answer('ERR_INVALID_STATE');
    }
    return answer(this.upgrade(node, report.learner_signature));
  }

  private upgrade(node: Node, signature: number): 'ERR_OK' | 'ERR_LEARNER_NOT_FOUND' | 'ERR_WRONG_CHECKSUM' {
    const learner = this.group.learners.get(node);
    if (learner === undefined) return 'ERR_LEARNER_NOT_FOUND';
    if (learner.signature !== signature) return 'ERR_WRONG_CHECKSUM';
    const more = withSecondary(this.group.membership, node);
    this.replica.reconfigure('CT_UPGRADE_TO_SECONDARY', node, more, 'it has learned what this primary has');
    return 'ERR_OK';
  }

  /** Why this replica cannot act as a primary now. */
  private refusal(): 'ERR_INACTIVE_STATE' | 'ERR_INVALID_STATE' | undefined {
    const { status, transient } = this.replica.standing;
    if (status === 'PS_PRIMARY') return undefined;
    return status === 'PS_INACTIVE' && transient ? 'ERR_INACTIVE_STATE' : 'ERR_INVALID_STATE';
  }

  private roleOf(peer: Peer): ReturnType<typeof writeRoleConfig> {
    const { self, addresses } = this.context;
    const { status, signature } = peer;
    const { ballot } = this.replica.standing;
    return writeRoleConfig({ gpid: this.gpid, ballot, primary: self, status, signature }, addresses);
  }
}

/** Upstream's words for a learner that is unknown, and for an attempt that is not the present one. */
function learnerRefusal(
  known: number | undefined,
  asked: number,
): 'ERR_OBJECT_NOT_FOUND' | 'ERR_WRONG_CHECKSUM' | undefined {
  if (known === undefined) return 'ERR_OBJECT_NOT_FOUND';
  return known === asked ? undefined : 'ERR_WRONG_CHECKSUM';
}
