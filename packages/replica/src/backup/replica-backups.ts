import { describeError, gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, GpidText, Timer } from '@onebox/base';
import { RPC, backupClearRequest, backupResponse, make } from '@onebox/protocol';
import type { BackupClearRequest, BackupRequest, BackupResponse } from '@onebox/protocol';
import { backupRoot } from '@onebox/server';
import type { Flags } from '@onebox/server';
import type { Replica } from '../partition/replica';
import type { ReplicaContext } from '../partition/replica-context';
import { backupEvents, measureBackups } from './backup-metrics';
import { ColdBackup } from './cold-backup';
import { LocalCheckpoints } from './local-checkpoint';

type Role = 'PS_PRIMARY' | 'PS_SECONDARY';

interface Held {
  readonly replica: Replica;
  readonly role: Role;
  readonly backup: ColdBackup;
}

const MINUTE_MS = 60_000;

/** Policies are named so by the meta server; anything else that comes over the wire is no name of a directory. */
const POLICY_NAME = /^[A-Za-z0-9_]{1,200}$/;

/** The backups of a server's replicas: one for each replica and policy (upstream's src/replica/replica_backup.cpp). */
export class ReplicaBackups {
  private readonly held = new Map<GpidText, Map<string, Held>>();
  private readonly timers = new Set<Timer>();
  private readonly looking: Timer;
  private closed = false;

  constructor(
    private readonly context: ReplicaContext,
    private readonly flags: Pick<Flags, 'get'>,
    private readonly replicas: { get(gpid: Gpid): Replica | undefined },
  ) {
    this.looking = context.clock.every(context.settings.gcIntervalMs, () => this.lookAfter());
  }

  /** RPC_COLD_BACKUP: from the meta server to a primary, or from a primary to its secondaries. */
  onRequest(request: BackupRequest): BackupResponse {
    const { pid, policy, backup_id: backupId } = request;
    const answer = (err: ErrorCode, backup?: ColdBackup): BackupResponse =>
      make(backupResponse, {
        err,
        pid,
        policy_name: policy.policy_name,
        backup_id: backupId,
        progress: backup?.progress ?? 0,
        checkpoint_total_size: backup?.checkpointTotalSize ?? 0,
      });
    const root = this.flags.get('cold_backup_root');
    if (root === '') return answer('ERR_OPERATION_DISABLED');
    const replica = this.replicas.get(pid);
    if (replica === undefined) return answer('ERR_OBJECT_NOT_FOUND');
    const role = replica.standing.status;
    if (role !== 'PS_PRIMARY' && role !== 'PS_SECONDARY') return answer('ERR_INVALID_STATE');
    if (!POLICY_NAME.test(policy.policy_name)) return answer('ERR_INVALID_PARAMETERS');
    const known = this.usable(replica, role, policy.policy_name);
    if (known !== undefined && known.backupId > backupId) return answer('ERR_VERSION_OUTDATED');
    let backup = known;
    if (backup === undefined || backup.backupId < backupId) {
      const made = this.make(replica, role, request, root);
      if (made === undefined) return answer('ERR_INVALID_PARAMETERS');
      backup = made;
    }
    if (role === 'PS_SECONDARY') {
      backup.follow();
      return answer('ERR_OK');
    }
    const completed = backup.status === 'completed';
    if (!completed) this.passOn(replica, request);
    const err = backup.step();
    if (err === 'ERR_LOCAL_APP_FAILURE') this.drop(pid, policy.policy_name);
    if (completed) this.tidy(replica, policy.policy_name);
    return answer(err, backup);
  }

  /** RPC_CLEAR_COLD_BACKUP: the primary has finished, this secondary's checkpoint is needed no more. */
  onClear({ pid, policy_name: policyName }: BackupClearRequest): void {
    const replica = this.replicas.get(pid);
    if (replica === undefined || !POLICY_NAME.test(policyName)) return;
    this.forget(pid, policyName);
    this.clearLater(replica, policyName);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.looking.cancel();
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.held.clear();
  }

  /** The backup of this policy, if it was begun in the role the replica has now: a new primary looks anew at what is there. */
  private usable(replica: Replica, role: Role, policyName: string): ColdBackup | undefined {
    const held = this.held.get(gpidText(replica.gpid))?.get(policyName);
    if (held === undefined) return undefined;
    if (held.replica === replica && held.role === role && held.backup.status !== 'cancelled')
      return held.backup;
    this.drop(replica.gpid, policyName);
    return undefined;
  }

  private make(replica: Replica, role: Role, request: BackupRequest, root: string): ColdBackup | undefined {
    const { self, clock, log, store, blockService } = this.context;
    const { policy, app_name: appName, backup_id: backupId } = request;
    const { gpid, table } = replica;
    const block = blockService(policy.backup_provider_type);
    if (block === undefined) {
      log.error(`${gpidText(gpid)}: backup: there is no [block_service.${policy.backup_provider_type}]`);
      return undefined;
    }
    this.drop(gpid, policy.policy_name);
    const backup = new ColdBackup({
      self,
      gpid,
      appName,
      policyName: policy.policy_name,
      backupId,
      backupRoot: backupRoot(root, request.backup_path),
      block,
      replicaDirectory: store.pathOf(gpid, table.appType),
      filesAtOnce: Math.max(1, this.flags.get('max_concurrent_uploading_file_count')),
      clock,
      log,
      label: `${gpidText(gpid)}: backup ${policy.policy_name}@${backupId}`,
      checkpoint: () => {
        replica.engine.checkpoint();
        return { ...replica.record(), uncommitted: [] };
      },
      events: backupEvents(replica.metrics.entity),
    });
    const ofReplica = this.held.get(gpidText(gpid)) ?? new Map<string, Held>();
    this.held.set(gpidText(gpid), ofReplica.set(policy.policy_name, { replica, role, backup }));
    return backup;
  }

  /** A backup that counts no more: cancelled, unless it has failed already. */
  private drop(gpid: Gpid, policyName: string): void {
    const held = this.forget(gpid, policyName);
    if (held !== undefined && held.backup.status !== 'failed') held.backup.cancel();
  }

  private forget(gpid: Gpid, policyName: string): Held | undefined {
    const ofReplica = this.held.get(gpidText(gpid));
    const held = ofReplica?.get(policyName);
    if (ofReplica === undefined || held === undefined) return undefined;
    ofReplica.delete(policyName);
    if (ofReplica.size === 0) this.held.delete(gpidText(gpid));
    this.measure(held.replica);
    return held;
  }

  /** Secondaries make their checkpoints as well: whoever becomes primary goes on from its own. */
  private passOn(replica: Replica, request: BackupRequest): void {
    for (const secondary of replica.leading.group.membership.secondaries) {
      this.context.network.send(secondary, RPC.RPC_COLD_BACKUP, request, { gpid: replica.gpid });
    }
  }

  private tidy(replica: Replica, policyName: string): void {
    const request = make(backupClearRequest, { pid: replica.gpid, policy_name: policyName });
    for (const secondary of replica.leading.group.membership.secondaries) {
      this.context.network.send(secondary, RPC.RPC_CLEAR_COLD_BACKUP, request, { gpid: replica.gpid });
    }
    this.clearLater(replica, policyName);
  }

  /** After `cold_backup_checkpoint_reserve_minutes` the local checkpoints of a policy go. */
  private clearLater(replica: Replica, policyName: string): void {
    if (this.closed) return;
    const { clock, store, log } = this.context;
    const afterMs = this.flags.get('cold_backup_checkpoint_reserve_minutes') * MINUTE_MS;
    const timer = clock.after(afterMs, () => {
      this.timers.delete(timer);
      if (this.replicas.get(replica.gpid) !== replica) return;
      new LocalCheckpoints(store.pathOf(replica.gpid, replica.table.appType))
        .clear(policyName)
        .catch((error: unknown) => {
          log.warn(`${gpidText(replica.gpid)}: backup checkpoints not removed: ${describeError(error)}`);
        });
    });
    this.timers.add(timer);
  }

  /** Every `gc_interval_ms`: the gauges, and backups of replicas that are closed or have another role are over. */
  private lookAfter(): void {
    for (const ofReplica of [...this.held.values()]) {
      for (const [policyName, { replica, role }] of [...ofReplica]) {
        if (this.replicas.get(replica.gpid) !== replica || !keepsRole(replica, role)) {
          this.drop(replica.gpid, policyName);
        } else this.measure(replica);
      }
    }
  }

  private measure(replica: Replica): void {
    const held = [...(this.held.get(gpidText(replica.gpid))?.values() ?? [])];
    const isPrimary = replica.standing.status === 'PS_PRIMARY';
    measureBackups(
      replica.metrics.entity,
      held.map(({ backup }) => backup),
      isPrimary,
    );
  }
}

/** A primary that only waits for the answer to a change of its own may be primary again in a moment. */
function keepsRole({ standing }: Replica, role: Role): boolean {
  return standing.status === role || (standing.status === 'PS_INACTIVE' && standing.transient);
}
