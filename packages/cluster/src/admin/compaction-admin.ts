import {
  AppEnvOperation,
  RPC,
  make,
  queryAppManualCompactRequest,
  startAppManualCompactRequest,
} from '@onebox/protocol';
import { MetaRefusal } from './meta-admin';
import type { MetaAdmin } from './meta-admin';

/** How a table is to be compacted. */
export interface CompactionWish {
  /** -1: the lowest level that holds data. */
  readonly targetLevel: number;
  readonly bottommost: 'skip' | 'force';
  /** Compactions side by side per replica server; 0: as before. */
  readonly maxRunningCount: number;
}

export const USAGE_SCENARIOS = ['normal', 'prefer_write', 'bulk_load'] as const;

export type UsageScenario = (typeof USAGE_SCENARIOS)[number];

/** Manual compaction and usage scenario, as admin-cli and the shell do them. All refusals are {@link MetaRefusal}s. */
export class CompactionAdmin {
  constructor(private readonly meta: MetaAdmin) {}

  /** One compaction, at the replica servers' next config-sync (reference/rpc-protocol.md 4.6). */
  async startOnce(table: string, wish: CompactionWish): Promise<void> {
    await this.meta.demand(
      `compacting table '${table}'`,
      RPC.RPC_CM_START_MANUAL_COMPACT,
      make(startAppManualCompactRequest, {
        app_name: table,
        target_level: wish.targetLevel,
        bottommost: wish.bottommost === 'force',
        max_running_count: wish.maxRunningCount,
      }),
    );
  }

  /** A compaction every day, each time one of these times of the servers' day has passed: `HH:MM,HH:MM`. */
  async startPeriodic(table: string, times: string, wish: CompactionWish): Promise<void> {
    const envs: Record<string, string> = {
      'manual_compact.periodic.target_level': String(wish.targetLevel),
      'manual_compact.periodic.bottommost_level_compaction': wish.bottommost,
      'manual_compact.periodic.trigger_time': times,
    };
    if (wish.maxRunningCount > 0)
      envs['manual_compact.max_concurrent_running_count'] = String(wish.maxRunningCount);
    await this.setEnvs(`compacting table '${table}'`, table, envs);
  }

  /** Percent of the replicas that are done; undefined when none has begun. */
  async progress(table: string): Promise<number | undefined> {
    const what = `asking for the compaction of table '${table}'`;
    const answer = await this.meta.ask(
      RPC.RPC_CM_QUERY_MANUAL_COMPACT_STATUS,
      make(queryAppManualCompactRequest, { app_name: table }),
    );
    if (answer.err === 'ERR_INVALID_STATE') return undefined;
    if (answer.err !== 'ERR_OK') throw new MetaRefusal(answer.err, answer.hint_msg, what);
    return answer.progress ?? 0;
  }

  async setScenario(table: string, scenario: UsageScenario): Promise<void> {
    await this.setEnvs(`setting the usage scenario of table '${table}'`, table, {
      'rocksdb.usage_scenario': scenario,
    });
  }

  private async setEnvs(what: string, table: string, envs: Readonly<Record<string, string>>): Promise<void> {
    await this.meta.demand(what, RPC.RPC_CM_UPDATE_APP_ENV, {
      app_name: table,
      op: AppEnvOperation.APP_ENV_OP_SET,
      keys: Object.keys(envs),
      values: Object.values(envs),
    });
  }
}
