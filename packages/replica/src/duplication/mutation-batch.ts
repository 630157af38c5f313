import { duplicateEntry, duplicateRequest, make } from '@onebox/protocol';
import type { DuplicateEntry, DuplicateRequest } from '@onebox/protocol';
import { DUPLICATED_WRITE, EMPTY_WRITE, INGESTION_WRITE } from '../storage/storage-engine';
import type { Mutation } from '../storage/storage-engine';

/** Mutations that are shipped together. */
export interface MutationBatch {
  /** When these are confirmed, everything up to here is. */
  readonly lastDecree: number;
  readonly mutationCount: number;
  /** What goes to the other cluster; undefined when nothing does. */
  readonly request: DuplicateRequest | undefined;
}

/**
 * What of some mutations is shipped. As upstream, an empty write has no operation and hence no entry, the files of a bulk load stay here, and what came from another
 * cluster is not passed on. A batch of nothing but own empty writes is shipped all the same, with no entry: then what is confirmed
 * is what the other cluster has really acknowledged (docs/compatibility.md). One of only passed-on writes is not, or two clusters
 * that duplicate to each other would never rest.
 *
 * @param mutations at least one, in decree order
 * @param clusterId of this cluster in `[duplication-group]`; undefined when it has none
 */
export function batchOf(mutations: readonly Mutation[], clusterId: number | undefined): MutationBatch {
  const own = mutations.filter(({ updates }) => updates.some(({ code }) => code !== DUPLICATED_WRITE));
  const entries = own.flatMap((mutation) => entriesOf(mutation, clusterId));
  return {
    lastDecree: mutations.at(-1)?.decree ?? 0,
    mutationCount: mutations.length,
    request: own.length === 0 ? undefined : make(duplicateRequest, { entries }),
  };
}

function entriesOf({ timestampUs, updates }: Mutation, clusterId: number | undefined): DuplicateEntry[] {
  return updates
    .filter(({ code }) => code !== EMPTY_WRITE && code !== DUPLICATED_WRITE && code !== INGESTION_WRITE)
    .map(({ code, data }) =>
      make(duplicateEntry, {
        timestamp: timestampUs,
        task_code: code,
        raw_message: data,
        cluster_id: clusterId,
      }),
    );
}

/**
 * How many of the mutations make a batch: up to `maxBytes` (`duplicate_log_batch_bytes`) of operations, the one that reaches it
 * included; empty writes weigh nothing.
 */
export function batchLength(mutations: readonly Mutation[], maxBytes: number): number {
  let bytes = 0;
  for (const [index, { updates }] of mutations.entries()) {
    for (const { data } of updates) bytes += data.length;
    if (bytes >= maxBytes) return index + 1;
  }
  return mutations.length;
}
