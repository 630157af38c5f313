export { countDisconnections, showNodeCounts } from './node-metrics';
export type { NodeCounts } from './node-metrics';
export type { BalanceMode, TableEvents } from './table-events';
export { TableMetrics } from './table-metrics';
