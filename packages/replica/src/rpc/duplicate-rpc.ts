import type { Clock } from '@onebox/base';
import { RPC, duplicateRequest, duplicateResponse, encodeArgument, make } from '@onebox/protocol';
import type { DuplicateRequest, DuplicateResponse } from '@onebox/protocol';
import { NO_REPLY } from '@onebox/server';
import type { RpcRegistry } from '@onebox/server';
import type { RemoteClusters } from '../duplication';
import { lagsOf } from '../metrics';
import type { ServerMetrics } from '../metrics';
import { DUPLICATED_WRITE } from '../storage/storage-engine';
import { answeringClient, commitWrite, writableReplica } from './client-write';
import type { ClientWriteParts } from './client-write';

/** Storage results (reference/rpc-protocol.md 3.4). */
const OK = 0;
const NOT_SUPPORTED = 3;
const INVALID_ARGUMENT = 4;

export interface DuplicateRpcParts extends ClientWriteParts {
  readonly clusters: Pick<RemoteClusters, 'accepts' | 'ownId'>;
  readonly clock: Clock;
  readonly laggingFromMs: number;
  readonly metrics: Pick<ServerMetrics, 'onClientAnswered'>;
}

/**
 * Serves RPC_RRDB_RRDB_DUPLICATE: the writes of another cluster, in one batch. It is a write like any other: on the primary only, and
 * answered when it is committed on all members. A batch without operations, which is what idle partitions ship, is committed too.
 */
export function serveDuplicate(registry: RpcRegistry, parts: DuplicateRpcParts): void {
  registry.on(RPC.RPC_RRDB_RRDB_DUPLICATE, (request, call) =>
    answeringClient(parts.metrics, 'write', async () => {
      const data = encodeArgument(0, duplicateRequest, request, false);
      const replica = writableReplica(parts, call, data.length);
      if (replica === NO_REPLY) return NO_REPLY;
      const refused = judgeBatch(request, parts.clusters);
      if (refused !== undefined) return refused;
      await commitWrite(replica, { code: DUPLICATED_WRITE, data });
      replica.duplication.dupMetrics.onReceived(lagsOf(request, parts.clock.unixMs()), parts.laggingFromMs);
      return make(duplicateResponse, { error: OK });
    }),
  );
}

/** Why the writes of a batch are not taken, as upstream's storage says it; undefined when they are. */
function judgeBatch(
  { entries }: DuplicateRequest,
  clusters: DuplicateRpcParts['clusters'],
): DuplicateResponse | undefined {
  const refused = (error: number, hint: string): DuplicateResponse =>
    make(duplicateResponse, { error, error_hint: hint });
  for (const { cluster_id: clusterId, task_code: code = '' } of entries) {
    if (!clusters.accepts(clusterId)) return refused(INVALID_ARGUMENT, 'request cluster id is unconfigured');
    if (clusterId === clusters.ownId) return refused(INVALID_ARGUMENT, 'self-duplicating');
    if (!DUPLICABLE.has(code)) return refused(INVALID_ARGUMENT, `unrecognized task code ${code}`);
    return refused(NOT_SUPPORTED, 'this server keeps no user data yet');
  }
  return undefined;
}

/** The operations that upstream's clusters duplicate. */
const DUPLICABLE: ReadonlySet<string> = new Set([
  'RPC_RRDB_RRDB_PUT',
  'RPC_RRDB_RRDB_REMOVE',
  'RPC_RRDB_RRDB_MULTI_PUT',
  'RPC_RRDB_RRDB_MULTI_REMOVE',
]);
