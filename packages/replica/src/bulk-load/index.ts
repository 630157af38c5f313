export { BulkLoadMetrics } from './bulk-load-metrics';
export { BulkLoader } from './bulk-loader';
export type { CountedLoad } from './bulk-loader';
export { DownloadSlots } from './download-slots';
