export { DuplicationMetrics, lagsOf } from './duplication-metrics';
export { takeCensus } from './replica-census';
export type { CountedReplica, ReplicaCensus } from './replica-census';
export { ReplicaMetrics } from './replica-metrics';
export type { GroupEvents, LearningEvents } from './replica-metrics';
export { ServerMetrics } from './server-metrics';
export type { DirectoryReport } from './server-metrics';
