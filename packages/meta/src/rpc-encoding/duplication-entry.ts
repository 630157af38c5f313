import {
  DuplicationFailMode,
  DuplicationStatus,
  duplicationEntry,
  duplicationPartitionState,
  make,
} from '@onebox/protocol';
import type { DuplicationEntry } from '@onebox/protocol';
import type { DuplicationView } from '../duplication';

/** A duplication for tools: with the state of each partition (reference/rpc-protocol.md A, duplication_entry). */
export function toListedDuplication(dup: DuplicationView): DuplicationEntry {
  return {
    ...entryOf(dup),
    partition_states: dup.progress.map(({ storedDecree, lastCommittedDecree }, index) => [
      index,
      make(duplicationPartitionState, {
        confirmed_decree: storedDecree,
        last_committed_decree: lastCommittedDecree,
      }),
    ]),
  };
}

/** A duplication for replica servers: with the confirmed decree each partition goes on from. */
export function toSyncedDuplication(dup: DuplicationView): DuplicationEntry {
  return { ...entryOf(dup), progress: dup.progress.map(({ storedDecree }, index) => [index, storedDecree]) };
}

function entryOf({ info }: DuplicationView): DuplicationEntry {
  return make(duplicationEntry, {
    dupid: info.dupId,
    status: DuplicationStatus[info.status],
    remote: info.remote,
    create_ts: info.createTimestampMs,
    fail_mode: DuplicationFailMode[info.failMode],
    remote_app_name: info.remoteAppName,
    remote_replica_count: info.remoteReplicaCount,
  });
}
