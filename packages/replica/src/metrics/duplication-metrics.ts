import type { DuplicateRequest } from '@onebox/protocol';
import type { MetricEntity } from '@onebox/server';

/** The metrics of a replica as a source, and as a target, of duplication (reference/metrics.md 3). */
export class DuplicationMetrics {
  constructor(private readonly entity: MetricEntity) {}

  /** A duplication runs on this replica: from now on it has the metrics of a source. */
  onStarted(): void {
    this.entity.admit('dup-source');
  }

  onPending(mutations: number): void {
    this.entity.gauge('dup_pending_mutations').set(mutations);
  }

  onConfirmed(mutations: number): void {
    this.entity.admit('dup-source');
    this.entity.counter('dup_confirmed_mutations').add(mutations);
  }

  /** @param bytes of the request */
  onShipped(bytes: number): void {
    this.entity.counter('dup_shipped_successful_requests').add();
    this.entity.counter('dup_shipped_bytes').add(bytes);
  }

  onShipFailed(): void {
    this.entity.counter('dup_shipped_failed_requests').add();
  }

  onLoadFailed(): void {
    this.entity.counter('dup_log_file_load_failed_count').add();
  }

  onLost(mutations: number): void {
    this.entity.gauge('dup_recent_lost_mutations').set(mutations);
  }

  /**
   * A batch of another cluster has arrived.
   *
   * @param lagsMs how old each of its writes was, real milliseconds
   */
  onReceived(lagsMs: readonly number[], laggingFromMs: number): void {
    if (lagsMs.length === 0) return;
    this.entity.counter('dup_requests').add(lagsMs.length);
    const lags = this.entity.percentile('dup_time_lag_ms');
    for (const lagMs of lagsMs) lags.sample(lagMs);
    const lagging = lagsMs.filter((lagMs) => lagMs > laggingFromMs).length;
    if (lagging > 0) this.entity.counter('dup_lagging_writes').add(lagging);
  }
}

/** What one write of a batch is called on arrival: its age, never negative. */
export function lagsOf({ entries }: DuplicateRequest, nowUnixMs: number): number[] {
  return entries.map(({ timestamp = 0 }) => Math.max(0, Math.floor(nowUnixMs - timestamp / 1000)));
}
