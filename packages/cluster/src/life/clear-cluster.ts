import { OneboxError } from '@onebox/base';
import { readRecord } from '../record/record-file';
import { killNow } from '../supervisor';
import { contextOf } from './cluster-context';
import type { ClusterParts } from './cluster-context';
import { withLock } from './lock';
import { stopEverything } from './stop-instances';

/**
 * Stops a cluster and deletes all of it: its directory, and what it stored in its ZooKeeper. Nothing happens when there is
 * no such cluster.
 *
 * @returns whether there was one
 * @throws OneboxError ONEBOX_FOREIGN_DIRECTORY, ONEBOX_FOREIGN_ROOT, ONEBOX_ZOOKEEPER_UNREACHABLE: then the directory stays
 */
export async function clearCluster(parts: ClusterParts): Promise<boolean> {
  const { state, records, servers } = parts;
  if (!state.exists()) return false;
  if (!state.isOurs()) {
    state.delete();
    return true;
  }
  await withLock(parts, 'clear', async () => {
    const record = readableRecord(parts);
    if (record === undefined) {
      await killNow(records, records.allLive());
      await servers.close();
    } else {
      const context = contextOf(parts, record);
      await stopEverything(context);
      await context.zookeeper.clear();
    }
    state.delete();
    parts.will?.close();
  });
  return true;
}

/** Undefined for one that another version wrote: its processes and files can be removed all the same. */
function readableRecord({ state, emit }: ClusterParts): ReturnType<typeof readRecord> {
  try {
    return readRecord(state);
  } catch (error) {
    if (!(error instanceof OneboxError) || error.code !== 'ONEBOX_BAD_RECORD') throw error;
    emit({
      kind: 'notice',
      line: `${error.message}; whatever it stored in a ZooKeeper of others stays there.`,
    });
    return undefined;
  }
}
