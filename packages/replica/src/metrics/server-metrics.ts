import type { ErrorCode, Gpid } from '@onebox/base';
import type { CounterName, MetricEntity, MetricRegistry } from '@onebox/server';
import { DISK_TAG } from '../disk/disk-space';
import type { DiskSpace } from '../disk/disk-space';
import { ReplicaMetrics } from './replica-metrics';
import type { ReplicaCensus } from './replica-census';

/** The directories that are not replicas, as one look at the disk finds and leaves them. */
export interface DirectoryReport {
  readonly removed: number;
  readonly err: number;
  readonly gar: number;
  readonly tmp: number;
  readonly ori: number;
}

/** The metrics of a replica server: those of the `server` entity that its replicas move, and its disk's. */
export class ServerMetrics {
  private readonly server: MetricEntity;
  private disk: MetricEntity | undefined;

  constructor(private readonly registry: Pick<MetricRegistry, 'entity' | 'server'>) {
    this.server = registry.server;
  }

  /** Counts that are never old: what is open, and what is about to be closed. Opening takes no time here. */
  showReplicas(now: { readonly total: () => number; readonly closing: () => number }): void {
    this.server.gauge('total_replicas').derive(now.total);
    this.server.gauge('closing_replicas').derive(now.closing);
  }

  /** A replica was opened; the first one brings the storage engine's metrics of the whole server. */
  replica(gpid: Gpid): ReplicaMetrics {
    this.server.admit('first-replica');
    return new ReplicaMetrics(this.registry, gpid);
  }

  /** Every `replicas_stat_interval_ms`. */
  measureReplicas({ statuses, learning, loading }: ReplicaCensus): void {
    const { server } = this;
    server.gauge('inactive_replicas').set(statuses.PS_INACTIVE);
    server.gauge('error_replicas').set(statuses.PS_ERROR);
    server.gauge('primary_replicas').set(statuses.PS_PRIMARY);
    server.gauge('secondary_replicas').set(statuses.PS_SECONDARY);
    server.gauge('learning_replicas').set(statuses.PS_POTENTIAL_SECONDARY);
    server.gauge('learning_replicas_max_duration_ms').set(learning.maxDurationMs);
    server.gauge('bulk_load_running_count').set(loading.count);
    server.gauge('bulk_load_max_duration_ms').set(loading.maxDurationMs);
    server.gauge('bulk_load_ingestion_max_duration_ms').set(loading.maxIngestionMs);
  }

  /** At the start, then every `disk_stat_interval_seconds`. @param directory the data directory, `…/replica/reps` */
  measureDisk(directory: string, { capacityMb, availableMb }: DiskSpace): void {
    this.disk ??= this.registry.entity('disk', `disk@${DISK_TAG}`, { tag: DISK_TAG, data_dir: directory });
    this.disk.gauge('disk_capacity_total_mb').set(capacityMb);
    this.disk.gauge('disk_capacity_avail_mb').set(availableMb);
  }

  measureDirectories({ removed, err, gar, tmp, ori }: DirectoryReport): void {
    const { server } = this;
    server.counter('replica_removed_dirs').add(removed);
    server.gauge('replica_error_dirs').set(err);
    server.gauge('replica_garbage_dirs').set(gar);
    server.gauge('replica_tmp_dirs').set(tmp);
    server.gauge('replica_origin_dirs').set(ori);
  }

  /** A replica's directory was renamed: it is broken, or no longer wanted. */
  onSetAside(kind: 'err' | 'gar'): void {
    this.server.counter(kind === 'err' ? 'moved_error_replicas' : 'moved_garbage_replicas').add();
  }

  /** A beacon got no answer. */
  onBeaconFailed(): void {
    this.server.counter('beacon_failed_count').add();
  }

  /** A client's request was answered (reference/metrics.md 3.5, "Errors to clients"). */
  onClientAnswered(access: 'read' | 'write', error: ErrorCode): void {
    if (error === 'ERR_OK') return;
    const counter = `${access}_${error === 'ERR_BUSY' ? 'busy' : 'failed'}_requests` as const;
    this.server.counter(counter satisfies CounterName).add();
  }

  close(): void {
    this.disk?.release();
  }
}
