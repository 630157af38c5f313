import { REPLICA_STATUSES } from '../partition/replica-status';
import type { ReplicaStatus } from '../partition/replica-status';

/** A replica as the census sees it. */
export interface CountedReplica {
  readonly status: ReplicaStatus;
  /** Pegasus ms since its present learning began; undefined when it is no learner. */
  readonly learningMs: number | undefined;
  /** Of a bulk load it takes part in, Pegasus ms; undefined when it does not. */
  readonly load: { readonly durationMs: number; readonly ingestionMs: number } | undefined;
}

/** The replicas of a server by status, and how long the slowest learner has been learning. */
export interface ReplicaCensus {
  readonly statuses: Readonly<Record<ReplicaStatus, number>>;
  readonly learning: { readonly maxDurationMs: number };
  readonly loading: {
    readonly count: number;
    readonly maxDurationMs: number;
    readonly maxIngestionMs: number;
  };
}

/** What the status counts of a replica server show (reference/metrics.md 3.4). */
export function takeCensus(replicas: Iterable<CountedReplica>): ReplicaCensus {
  const statuses = Object.fromEntries(REPLICA_STATUSES.map((status) => [status, 0])) as Record<
    ReplicaStatus,
    number
  >;
  let maxDurationMs = 0;
  const loading = { count: 0, maxDurationMs: 0, maxIngestionMs: 0 };
  for (const { status, learningMs, load } of replicas) {
    statuses[status] += 1;
    if (status === 'PS_POTENTIAL_SECONDARY') maxDurationMs = Math.max(maxDurationMs, learningMs ?? 0);
    if (load === undefined || (status !== 'PS_PRIMARY' && status !== 'PS_SECONDARY')) continue;
    loading.count += 1;
    loading.maxDurationMs = Math.max(loading.maxDurationMs, load.durationMs);
    loading.maxIngestionMs = Math.max(loading.maxIngestionMs, load.ingestionMs);
  }
  return { statuses, learning: { maxDurationMs }, loading };
}
