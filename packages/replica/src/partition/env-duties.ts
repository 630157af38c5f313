import { ManualCompaction, usageScenario } from '../compaction';
import type { CompactedReplica, CompactionContext, CompactionStatus, UsageScenario } from '../compaction';
import type { ReplicaRecord } from '../disk/replica-record';
import type { ReplicaMetrics } from '../metrics';

/** What the envs of its table ask of a replica. They count from the config-sync on that brings them (10.1, 10.2). */
export class EnvDuties {
  readonly compaction: ManualCompaction;
  private scenario: UsageScenario;

  constructor(
    private readonly context: CompactionContext,
    private readonly replica: CompactedReplica & { readonly metrics: Pick<ReplicaMetrics, 'entity'> },
    record: Pick<ReplicaRecord, 'lastCompactionFinishMs' | 'table'>,
  ) {
    const { entity } = replica.metrics;
    this.compaction = new ManualCompaction(context, replica, record.lastCompactionFinishMs, () =>
      entity.counter('rdb_compaction_completed_count').add(),
    );
    // The envs it was stored with: it is in the scenario it was in.
    this.scenario = usageScenario(record.table.envs) ?? 'normal';
    const counts = (status: CompactionStatus) => () => (this.compaction.status === status ? 1 : 0);
    entity.gauge('rdb_manual_compact_queued_tasks').derive(counts('queuing'));
    entity.gauge('rdb_manual_compact_running_tasks').derive(counts('running'));
  }

  get usageScenario(): UsageScenario {
    return this.scenario;
  }

  apply(envs: ReadonlyMap<string, string>): void {
    const next = usageScenario(envs);
    if (next !== undefined && next !== this.scenario) {
      this.context.log.info(`${this.replica.label}: usage scenario ${this.scenario} -> ${next}`);
      this.scenario = next;
    }
    this.compaction.onEnvs(envs);
  }

  close(): void {
    this.compaction.close();
  }
}
