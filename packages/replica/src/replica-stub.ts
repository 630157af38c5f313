import { describeError, gpidText } from '@onebox/base';
import type { Gpid, GpidText } from '@onebox/base';
import { ManualCompactionStatus, PartitionStatus, make, replicaInfo } from '@onebox/protocol';
import type { ReplicaInfo } from '@onebox/protocol';
import type { CompactionStatus } from './compaction';
import type { RestoredContent } from './backup';
import type { SyncAnswer } from './config-sync/config-sync';
import { DISK_TAG } from './disk/disk-space';
import type { ReplicaRecord } from './disk/replica-record';
import { takeCensus } from './metrics';
import { askForRemoval } from './partition/ask-for-removal';
import type { Membership } from './partition/membership';
import { Replica } from './partition/replica';
import type { ReplicaContext } from './partition/replica-context';
import { REPLICA_STATUSES } from './partition/replica-status';
import type { ReplicaStatus } from './partition/replica-status';
import type { TableInfo } from './partition/table-info';

/** The replicas of a server: those that are open, and those that are only stored. */
export class ReplicaStub {
  private readonly replicas = new Map<GpidText, Replica>();
  /** Closed because no configuration has them; their directories stay until the meta server says so. */
  private readonly stored = new Map<GpidText, ReplicaRecord>();

  constructor(private readonly context: ReplicaContext) {
    context.metrics.showReplicas({
      total: () => this.replicas.size - this.closingCount(),
      closing: () => this.closingCount(),
    });
  }

  /** Opens every replica of the disk. Until the first config-sync they are inactive. */
  load(): void {
    const { store, log } = this.context;
    const records = store.load();
    for (const record of records) this.openRecord(record, 'at-start');
    if (records.length > 0) log.info(`${records.length} replicas loaded from ${store.directory}`);
  }

  get(gpid: Gpid): Replica | undefined {
    return this.replicas.get(gpidText(gpid));
  }

  all(): Iterable<Replica> {
    return this.replicas.values();
  }

  counts(): Readonly<Record<ReplicaStatus, number>> {
    const counts = Object.fromEntries(REPLICA_STATUSES.map((status) => [status, 0])) as Record<
      ReplicaStatus,
      number
    >;
    for (const { standing } of this.replicas.values()) counts[standing.status] += 1;
    return counts;
  }

  /** The status counts; what is about to be closed is counted apart (reference/metrics.md 3.4). */
  measure(): void {
    const staying = [...this.replicas.values()].filter((replica) => replica.unwantedSinceMs === undefined);
    this.context.metrics.measureReplicas(takeCensus(staying.map((replica) => replica.counted())));
  }

  get storedCount(): number {
    return this.stored.size;
  }

  /** Whether there is a replica of a partition, open or stored. */
  has(gpid: Gpid): boolean {
    return this.replicas.has(gpidText(gpid)) || this.stored.has(gpidText(gpid));
  }

  /**
   * The replica of a partition, opened or made if need be; undefined when that fails.
   *
   * @param restored what a new one begins with, when it comes from a backup
   */
  open(gpid: Gpid, table: TableInfo, restored?: RestoredContent): Replica | undefined {
    const open = this.get(gpid);
    if (open !== undefined) return open;
    const key = gpidText(gpid);
    const known = this.stored.get(key);
    const record: ReplicaRecord = known ?? {
      gpid,
      ballot: 0,
      lastCommittedDecree: 0,
      uncommitted: [],
      lastCompactionFinishMs: 0,
      ...restored,
      table,
    };
    try {
      if (known === undefined) this.context.store.create(record);
    } catch (error) {
      this.context.log.error(`${key}: replica cannot be made: ${describeError(error)}`);
      return undefined;
    }
    this.context.log.info(`${key}: replica ${known === undefined ? 'made' : 'opened again'}`);
    return this.openRecord(record, 'on-demand');
  }

  /** Everything this node holds, for config-sync. */
  report(): ReplicaInfo[] {
    const open = [...this.replicas.values()].map((replica) => openInfo(replica));
    return [...open, ...[...this.stored.values()].map((record) => storedInfo(record))];
  }

  /** Takes over what the meta server says (reference/cluster-behaviour.md 3.5). */
  applySync({ listed, garbage, askedMs }: SyncAnswer): void {
    const missing = new Map(this.replicas);
    for (const { membership, table } of listed) {
      const key = gpidText(membership.gpid);
      missing.delete(key);
      const replica = this.replicas.get(key);
      if (replica !== undefined) replica.onConfigSync(membership, table);
      // A primary that is not here must not stay in the configuration; of a secondary its primary takes care.
      else if (membership.primary === this.context.self) this.disown(membership, table);
    }
    for (const replica of missing.values()) replica.onUnlisted(askedMs);
    for (const gpid of garbage) this.discard(gpid);
  }

  /** Tells the meta server that this node has no replica of a partition whose configuration names it. */
  disown(membership: Membership, table: TableInfo): void {
    askForRemoval(this.context, membership, table);
  }

  onLeaseLost(cause: string): void {
    for (const replica of this.replicas.values()) replica.onLeaseLost(cause);
  }

  /** Closes what has been in no configuration for long, and sets broken replicas aside (11.2). */
  collectGarbage(): void {
    const { clock, settings, store, log } = this.context;
    const nowMs = clock.monotonicMs();
    for (const [key, replica] of this.replicas) {
      const { unwantedSinceMs, standing } = replica;
      const unwantedMs = unwantedSinceMs === undefined ? 0 : nowMs - unwantedSinceMs;
      if (standing.status !== 'PS_ERROR' && unwantedMs < settings.gcMemoryReplicaIntervalMs) continue;
      const record = replica.record();
      replica.close();
      this.replicas.delete(key);
      if (standing.status === 'PS_ERROR') {
        store.setAside(replica.gpid, replica.table.appType, 'err');
        log.error(`${key}: closed in error, set aside`);
      } else {
        store.flush();
        this.stored.set(key, record);
        log.info(`${key}: closed, in no configuration for ${Math.floor(unwantedMs)} ms`);
      }
    }
  }

  /** Lets every engine make durable what it has applied. */
  checkpoint(): void {
    for (const replica of this.replicas.values()) {
      try {
        replica.engine.checkpoint();
      } catch (error) {
        replica.fail(`checkpoint failed: ${describeError(error)}`);
      }
    }
  }

  close(): void {
    for (const replica of this.replicas.values()) replica.close();
  }

  /** In no configuration, and waiting to be closed for good. */
  private closingCount(): number {
    let closing = 0;
    for (const { unwantedSinceMs } of this.replicas.values()) if (unwantedSinceMs !== undefined) closing += 1;
    return closing;
  }

  private openRecord(record: ReplicaRecord, opened: 'at-start' | 'on-demand'): Replica | undefined {
    const key = gpidText(record.gpid);
    this.stored.delete(key);
    try {
      const replica = new Replica(this.context, record, opened);
      this.replicas.set(key, replica);
      return replica;
    } catch (error) {
      this.context.log.error(`${key}: PS_ERROR, set aside: cannot be opened: ${describeError(error)}`);
      this.context.store.setAside(record.gpid, record.table.appType, 'err');
      return undefined;
    }
  }

  /** Only what is closed may be discarded: an open replica may just be getting a role. */
  private discard(gpid: Gpid): void {
    const record = this.stored.get(gpidText(gpid));
    if (record === undefined) return;
    this.stored.delete(gpidText(gpid));
    this.context.store.setAside(gpid, record.table.appType, 'gar');
    this.context.log.info(`${gpidText(gpid)}: nobody needs it, set aside as garbage`);
  }
}

const COMPACTION_STATUS: Readonly<Record<CompactionStatus, ManualCompactionStatus>> = {
  idle: ManualCompactionStatus.IDLE,
  queuing: ManualCompactionStatus.QUEUING,
  running: ManualCompactionStatus.RUNNING,
  finished: ManualCompactionStatus.FINISHED,
};

/** What config-sync and RPC_QUERY_REPLICA_INFO tell about an open replica. */
function openInfo(replica: Replica): ReplicaInfo {
  const { gpid, standing, list, engine, table, compaction } = replica;
  return make(replicaInfo, {
    pid: gpid,
    ballot: standing.ballot,
    status: PartitionStatus[standing.status],
    last_committed_decree: list.lastCommittedDecree,
    last_prepared_decree: list.lastPreparedDecree,
    last_durable_decree: engine.lastDurableDecree,
    app_type: table.appType,
    disk_tag: DISK_TAG,
    manual_compact_status: COMPACTION_STATUS[compaction.status],
  });
}

function storedInfo(record: ReplicaRecord): ReplicaInfo {
  const lastPrepared = record.uncommitted.at(-1)?.decree ?? record.lastCommittedDecree;
  return make(replicaInfo, {
    pid: record.gpid,
    ballot: record.ballot,
    status: PartitionStatus.PS_INACTIVE,
    last_committed_decree: record.lastCommittedDecree,
    last_prepared_decree: lastPrepared,
    last_durable_decree: record.lastCommittedDecree,
    app_type: record.table.appType,
    disk_tag: DISK_TAG,
    manual_compact_status: ManualCompactionStatus.IDLE,
  });
}
