import { dumpSorted, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import type { CompactionStatus } from '../compaction';
import { readAppId } from './app-id';

/** The replicas of this server that are open, as this call sees them. */
export interface CompactingReplica {
  readonly gpid: { readonly appId: number };
  readonly compaction: { readonly status: CompactionStatus };
}

/**
 * `/replica/manual_compaction?app_id=<id>`: how many replicas of a table on this server, primaries or not, are how far
 * (reference/http-api.md 3.22). A table without replicas here, or of which nobody knows, has none.
 */
export function replicaManualCompaction(
  replicas: Iterable<CompactingReplica>,
  request: HttpRequest,
): HttpResponse {
  const appId = readAppId(request, 'app_id');
  if (typeof appId !== 'number') return appId;
  const counts: Record<CompactionStatus, number> = { idle: 0, queuing: 0, running: 0, finished: 0 };
  for (const { gpid, compaction } of replicas) if (gpid.appId === appId) counts[compaction.status] += 1;
  return ok(dumpSorted({ status: counts }));
}
