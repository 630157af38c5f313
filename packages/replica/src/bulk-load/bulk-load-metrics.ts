import type { CounterName, MetricEntity } from '@onebox/server';

/** What a replica's bulk loads count (reference/metrics.md 3): what happened in this process, on this replica. */
export class BulkLoadMetrics {
  constructor(private readonly entity: Pick<MetricEntity, 'counter'>) {}

  onDownloading(): void {
    this.count('bulk_load_downloading_count');
  }

  onIngesting(): void {
    this.count('bulk_load_ingesting_count');
  }

  onSuccess(): void {
    this.count('bulk_load_successful_count');
  }

  onFailed(): void {
    this.count('bulk_load_failed_count');
  }

  onFile(bytes: number): void {
    this.count('bulk_load_download_file_successful_count');
    this.count('bulk_load_download_file_bytes', bytes);
  }

  onFileFailed(): void {
    this.count('bulk_load_download_file_failed_count');
  }

  onWriteRejected(): void {
    this.count('bulk_load_ingestion_rejected_write_requests');
  }

  private count(name: CounterName, n = 1): void {
    this.entity.counter(name).add(n);
  }
}
