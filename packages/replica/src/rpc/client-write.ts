import type { ErrorCode } from '@onebox/base';
import { DiskStatus } from '@onebox/protocol';
import { NO_REPLY, RpcFrameError } from '@onebox/server';
import type { RpcCallContext } from '@onebox/server';
import type { ServerMetrics } from '../metrics';
import type { Replica } from '../partition/replica';
import type { ReplicaStub } from '../replica-stub';
import type { MutationUpdate } from '../storage/storage-engine';

/** What every write of a client is checked against. */
export interface ClientWriteParts {
  readonly stub: Pick<ReplicaStub, 'get'>;
  readonly diskStatus: () => DiskStatus;
  /** `max_allowed_write_size` in bytes; 0: any. */
  readonly maxWriteBytes: () => number;
}

/**
 * The replica that takes a write, checked in upstream's order (reference/rpc-protocol.md 1.6).
 *
 * @throws RpcFrameError with the name the client gets in the frame
 */
export function writableReplica(
  { stub, diskStatus, maxWriteBytes }: ClientWriteParts,
  { gpid, partitionHash }: Pick<RpcCallContext, 'gpid' | 'partitionHash'>,
  bytes: number,
): Replica | typeof NO_REPLY {
  if (gpid.appId <= 0) throw new RpcFrameError('ERR_HANDLER_NOT_FOUND');
  const replica = stub.get(gpid);
  if (replica === undefined) throw new RpcFrameError('ERR_OBJECT_NOT_FOUND');
  const { envs, partitionCount } = replica.table;
  const denied = envs.get(DENY_CLIENT_REQUEST);
  if (denied === 'timeout*all' || denied === 'timeout*write') return NO_REPLY;
  const limit = maxWriteBytes();
  const refusals: readonly (readonly [ErrorCode, boolean])[] = [
    ['ERR_INVALID_STATE', denied === 'reconfig*all' || denied === 'reconfig*write'],
    ['ERR_DISK_INSUFFICIENT', diskStatus() === DiskStatus.SPACE_INSUFFICIENT],
    [
      'ERR_PARENT_PARTITION_MISUSED',
      envs.get(VALIDATE_PARTITION_HASH) === 'true' &&
        (partitionHash & BigInt(partitionCount - 1)) !== BigInt(gpid.partitionIndex),
    ],
    ['ERR_INVALID_DATA', limit > 0 && bytes > limit],
  ];
  const refused = refusals.find(([, applies]) => applies)?.[0];
  if (refused === 'ERR_INVALID_DATA') replica.metrics.onWriteTooBig();
  if (refused !== undefined) throw new RpcFrameError(refused);
  return replica;
}

/** Does the work of a client's request, and counts the error it is answered with (reference/metrics.md 3.5). */
export async function answeringClient<T>(
  metrics: Pick<ServerMetrics, 'onClientAnswered'>,
  access: 'read' | 'write',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RpcFrameError) metrics.onClientAnswered(access, error.errorCode);
    throw error;
  }
}

/** Commits a write. @throws RpcFrameError when this replica is not primary, it ingests a bulk load, its group is too small, or it loses its role meanwhile */
export async function commitWrite(replica: Replica, update: MutationUpdate): Promise<void> {
  const disabled = replica.standing.status === 'PS_PRIMARY' ? replica.loader.refuseWrite() : undefined;
  if (disabled !== undefined) throw new RpcFrameError(disabled);
  const outcome = await replica.leading.writeCommitted([update]);
  if (outcome !== 'committed') throw new RpcFrameError(outcome);
}

const DENY_CLIENT_REQUEST = 'replica.deny_client_request';
const VALIDATE_PARTITION_HASH = 'replica.split.validate_partition_hash';
