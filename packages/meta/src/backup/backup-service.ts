import type {
  ConfigurationAddBackupPolicyRequest,
  ConfigurationModifyBackupPolicyRequest,
} from '@onebox/protocol';
import { Turn } from '../state/turn';
import type { HintedAnswer } from '../tables/hinted-answer';
import type { BackupParts } from './backup-parts';
import { OneTimeBackups } from './one-time-backups';
import type { Backup, Policy } from './policy';
import { modifiedPolicy, newPolicy } from './policy-changes';
import type { PolicyGround } from './policy-changes';
import { PolicyRunner } from './policy-runner';
import { PolicyStore } from './policy-store';
import type { StoredPolicy } from './policy-store';

/** A policy as queries see it. */
export interface PolicyView {
  readonly policy: Policy;
  /** The newest first, the one under way among them. */
  backups(count: number): readonly Backup[];
}

/** Cold backup of the leader: periodic by policies, and one-time (reference/cluster-behaviour.md 10.3). */
export class BackupService {
  readonly oneTime: OneTimeBackups;
  private readonly store: PolicyStore;
  private readonly runners = new Map<string, PolicyRunner>();
  /** Changes of policies happen one after another. */
  private readonly turn = new Turn();

  constructor(private readonly parts: BackupParts) {
    this.store = new PolicyStore(parts);
    this.oneTime = new OneTimeBackups(parts);
  }

  /** Reads what ZooKeeper has. @throws OneboxError ONEBOX_BAD_ZNODE */
  async load(): Promise<void> {
    for (const stored of await this.store.load()) this.add(stored);
    if (this.runners.size > 0) this.parts.log.info(`backup: ${this.runners.size} policies`);
  }

  /** The policies begin, or go on with what another leader began. */
  start(): void {
    for (const runner of this.runners.values()) runner.start();
  }

  /** In name order. */
  policies(): readonly PolicyView[] {
    return [...this.runners.keys()].sort().flatMap((name) => this.runners.get(name) ?? []);
  }

  policy(name: string): PolicyView | undefined {
    return this.runners.get(name);
  }

  addPolicy(request: ConfigurationAddBackupPolicyRequest): Promise<HintedAnswer> {
    return this.turn.during(async () => {
      const made = newPolicy(request, this.ground());
      if ('refusal' in made) {
        this.parts.log.info(`backup policy ${request.policy_name}: refused: ${made.refusal.hint}`);
        return made.refusal;
      }
      await this.store.create(made.policy);
      this.parts.log.info(`backup policy ${made.policy.name}: added`);
      this.add({ policy: made.policy, backups: [] }).start();
      return { error: 'ERR_OK', hint: '' };
    });
  }

  modifyPolicy(request: ConfigurationModifyBackupPolicyRequest): Promise<HintedAnswer> {
    return this.turn.during(async () => {
      const runner = this.runners.get(request.policy_name);
      if (runner === undefined) return { error: 'ERR_INVALID_PARAMETERS', hint: '' };
      const { error, hint, changed } = modifiedPolicy(runner.policy, request, this.ground(), runner.running);
      if (changed !== undefined) {
        await this.store.update(changed);
        runner.replace(changed);
        this.parts.log.info(`backup policy ${changed.name}: changed`);
      }
      return { error, hint };
    });
  }

  describe(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.runners].map(([name, { policy, running }]) => [name, { disabled: policy.disabled, running }]),
    );
  }

  close(): void {
    for (const runner of this.runners.values()) runner.close();
    this.oneTime.close();
  }

  private add(stored: StoredPolicy): PolicyRunner {
    const runner = new PolicyRunner(this.parts, this.store, stored);
    this.runners.set(stored.policy.name, runner);
    return runner;
  }

  private ground(): PolicyGround {
    const { flags, state, blockService } = this.parts;
    return {
      checkpointReserveMinutes: flags.get('cold_backup_checkpoint_reserve_minutes'),
      tableName: (appId) => state.table(appId)?.info.appName,
      hasPolicy: (name) => this.runners.has(name),
      hasProvider: (name) => blockService(name) !== undefined,
    };
  }
}
