import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, Node } from '@onebox/base';
import { groupCheckResponse, learnRequest, make, prepareAck, toWireHostPort } from '@onebox/protocol';
import type { GroupCheckResponse, LearnRequest, LearnResponse, PrepareAck } from '@onebox/protocol';
import type { LearningEvents } from '../metrics';
import type { Mutation, StorageEngine } from '../storage/storage-engine';
import { addressOf, nodeFields } from '../wire/node-fields';
import { readLearnMeta } from '../wire/learn-meta-wire';
import { readRoleConfig } from '../wire/role-config-wire';
import type { RoleConfig } from '../wire/role-config-wire';
import type { DuplicationDuties } from './duplication-duties';
import { Learning } from './learning';
import type { PrepareList } from './prepare-list';
import type { ReplicaContext } from './replica-context';
import { refusalOf } from './replica-status';
import type { Standing } from './replica-status';

/** What a secondary's and a learner's duties need from their replica. */
export interface FollowingReplica {
  readonly gpid: Gpid;
  readonly standing: Standing;
  readonly primary: Node | undefined;
  readonly list: PrepareList;
  readonly engine: StorageEngine;
  readonly metrics: LearningEvents;
  readonly duplication: Pick<DuplicationDuties, 'mutations' | 'onConfirmedByPrimary'>;
  /** Follows a configuration; false when it must not, or cannot be stored. */
  adopt(role: RoleConfig): boolean;
  /** Gives up the present role: the replica has to learn before it has one again. */
  retire(why: string): void;
  /** Stores the replica's record now; false when that failed, and the replica is in error. */
  store(): boolean;
  commitTo(decree: number): void;
}

/** What a replica does for its partition while another node is primary: follow its word, prepare mutations, learn. */
export class FollowerDuties {
  private readonly learning: Learning;
  private heard: number;

  constructor(
    private readonly context: ReplicaContext,
    private readonly replica: FollowingReplica,
  ) {
    this.learning = new Learning(context, this);
    this.heard = context.clock.monotonicMs();
  }

  get gpid(): Gpid {
    return this.replica.gpid;
  }

  get primary(): Node | undefined {
    return this.replica.primary;
  }

  get ballot(): number {
    return this.replica.standing.ballot;
  }

  get metrics(): LearningEvents {
    return this.replica.metrics;
  }

  /** How long this replica has been learning, Pegasus ms; undefined when it does not. */
  get learningMs(): number | undefined {
    return this.learning.durationMs;
  }

  get isLearning(): boolean {
    return this.learning.running;
  }

  /** When a primary last spoke to this replica; Pegasus ms of the monotonic clock. */
  get heardMs(): number {
    return this.heard;
  }

  stopLearning(): void {
    this.learning.stop();
  }

  /** RPC_GROUP_CHECK: the primary says what this replica is, and up to where it may commit. */
  onGroupCheck(role: RoleConfig, lastCommittedDecree: number): GroupCheckResponse {
    const err = this.follow(role);
    if (err === 'ERR_OK') {
      if (role.status === 'PS_SECONDARY') this.replica.commitTo(lastCommittedDecree);
      else if (role.status === 'PS_POTENTIAL_SECONDARY') this.learning.start(role.signature);
    }
    return this.report(err, this.learning.signature);
  }

  /** RPC_LEARN_ADD_LEARNER: the primary wants this replica to learn from it. */
  onAddLearner(role: RoleConfig): void {
    const err = this.follow(role);
    if (err === 'ERR_OK') this.learning.start(role.signature);
    else this.context.log.warn(`${gpidText(this.gpid)}: does not learn from ${role.primary ?? '-'}: ${err}`);
  }

  /** RPC_PREPARE: a mutation of the primary; acknowledged when it is on disk. */
  onPrepare(role: RoleConfig, mutation: Mutation, lastCommittedDecree: number): PrepareAck {
    const err = this.prepare(role, mutation, lastCommittedDecree);
    const { list, standing } = this.replica;
    return make(prepareAck, {
      pid: this.gpid,
      err,
      ballot: standing.ballot,
      decree: mutation.decree,
      last_committed_decree_in_app: list.lastCommittedDecree,
      last_committed_decree_in_prepare_list: list.lastPreparedDecree,
    });
  }

  beginLearning(): void {
    this.replica.list.reset();
  }

  learnRequest(signature: number): LearnRequest {
    const { self, addresses } = this.context;
    const { list } = this.replica;
    return make(learnRequest, {
      pid: this.gpid,
      learner: addressOf(self, addresses),
      hp_learner: toWireHostPort(self),
      signature,
      last_committed_decree_in_app: list.lastCommittedDecree,
      last_committed_decree_in_prepare_list: list.lastPreparedDecree,
    });
  }

  learn(response: LearnResponse): boolean {
    const role = readRoleConfig(response.config);
    const { ballot } = this.replica.standing;
    if (role !== undefined && role.ballot > ballot && !this.replica.adopt(role)) return false;
    if (this.replica.standing.status !== 'PS_POTENTIAL_SECONDARY') return false;
    const { to_decree_included: toDecree, meta, files } = response.state;
    const { engine, list, metrics } = this.replica;
    if (response.last_committed_decree < list.lastCommittedDecree) metrics.onLearnReset();
    const learned = readLearnMeta(meta);
    if (learned === undefined) return false;
    engine.learn({ toDecree, meta: learned.engine, files });
    list.reset();
    this.replica.duplication.mutations.replace(learned.mutations, engine.lastCommittedDecree);
    if (!this.replica.store()) return false;
    metrics.onLearned(response.type, files.length);
    return true;
  }

  completionReport(signature: number): GroupCheckResponse {
    return this.report('ERR_OK', signature);
  }

  onLearningFailed(why: string): void {
    this.replica.retire(`learning failed: ${why}`);
  }

  /** Takes the role over that the primary says, and tells whether this replica has it now. */
  private follow(role: RoleConfig): ErrorCode {
    this.heard = this.context.clock.monotonicMs();
    const before = this.replica.standing;
    if (role.ballot < before.ballot) return 'ERR_VERSION_OUTDATED';
    if (refusalOf(before, role) === undefined) this.replica.adopt(role);
    // An inactive replica that would have to learn first cannot be a secondary: its primary must know.
    const now = this.replica.standing;
    return now.status === role.status && now.ballot === role.ballot ? 'ERR_OK' : 'ERR_INVALID_STATE';
  }

  private prepare(role: RoleConfig, mutation: Mutation, lastCommittedDecree: number): ErrorCode {
    this.heard = this.context.clock.monotonicMs();
    const { list, standing } = this.replica;
    if (role.ballot < standing.ballot) return 'ERR_VERSION_OUTDATED';
    if (role.ballot > standing.ballot && !this.replica.adopt(role)) return 'ERR_INVALID_STATE';
    const { status, transient } = this.replica.standing;
    if (status === 'PS_INACTIVE' && transient) return 'ERR_INACTIVE_STATE';
    if (status !== role.status) return 'ERR_INVALID_STATE';
    if (status === 'PS_POTENTIAL_SECONDARY') {
      if (role.signature !== this.learning.signature) this.learning.start(role.signature);
      if (!this.learning.takesPart) return this.learning.running ? 'ERR_TRY_AGAIN' : 'ERR_INVALID_STATE';
    }
    this.replica.commitTo(lastCommittedDecree);
    // What could not be applied has ended the role: nothing is prepared in error.
    if (this.replica.standing.status !== role.status || !list.prepare(mutation)) return 'ERR_INVALID_STATE';
    return this.replica.store() ? 'ERR_OK' : 'ERR_INVALID_STATE';
  }

  private report(err: ErrorCode, signature: number): GroupCheckResponse {
    const { self, addresses, diskStatus } = this.context;
    const { list } = this.replica;
    return make(groupCheckResponse, {
      pid: this.gpid,
      err,
      last_committed_decree_in_app: list.lastCommittedDecree,
      last_committed_decree_in_prepare_list: list.lastPreparedDecree,
      learner_status_: this.learning.status,
      learner_signature: signature,
      ...nodeFields(self, addresses),
      disk_status: diskStatus(),
    });
  }
}
