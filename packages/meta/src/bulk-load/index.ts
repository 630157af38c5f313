export { BulkLoadService } from './bulk-load-service';
export type { LoadReport } from './bulk-load-service';
export type { GroupStates, LoadStatus } from './load-info';
export { qualifiedStatus } from './load-info';
export type { StartRequest } from './start-checks';
