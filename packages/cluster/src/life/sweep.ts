import { existsSync, statSync } from 'node:fs';
import { OneboxError, describeError } from '@onebox/base';
import { systemProcessTable } from '../process-table/process-table';
import { readRecord } from '../record/record-file';
import { ClusterLock } from '../state-directory/cluster-lock';
import { StateDirectory, clusterNames } from '../state-directory/state-directory';
import { ChildProcessSupervisor, ProcessRecords, killNow } from '../supervisor';
import { contextOf } from './cluster-context';
import type { ClusterParts } from './cluster-context';
import type { Installation } from './installation';
import { isOver, readLifespan } from './lifespan';

/** A directory without a record belongs to a start that was killed, unless one has just begun. */
const NOT_RECORDED_WITHIN_MS = 1000;

/**
 * Deletes what is left of ephemeral clusters whose time is over, and of starts that were killed before they recorded
 * anything: for those whose last will could not do it, because the machine was switched off, or something of theirs is in a
 * container or in an ensemble of somebody else. Cheap when there is nothing to do; never rejects because of one cluster.
 *
 * @param tell gets a line for each that was removed, or could not be
 */
export async function sweepClusters(
  home: string,
  installation: Installation,
  tell: (line: string) => void,
): Promise<void> {
  const table = systemProcessTable();
  for (const name of clusterNames(home)) {
    try {
      const state = new StateDirectory(home, name);
      const records = new ProcessRecords(state.runDirectory, table);
      const children = new ChildProcessSupervisor({ records });
      const emit = () => undefined;
      const parts = {
        state,
        table,
        records,
        installation,
        servers: children,
        zookeeperSupervisor: children,
        emit,
      };
      if (!isLeftOver(parts)) continue;
      const lock = new ClusterLock(state.lockDirectory, table);
      await lock.take('removing what is left', 0);
      try {
        if (isLeftOver(parts)) tell(await removeOver(parts, 'directory'));
      } finally {
        lock.release();
      }
    } catch (error) {
      // Another command is at it, or was faster.
      if (error instanceof OneboxError && ['ONEBOX_BUSY', 'ONEBOX_CLEARED'].includes(error.code)) continue;
      tell(`What is left of cluster '${name}' cannot be removed: ${describeError(error)}`);
    }
  }
}

function isLeftOver(parts: ClusterParts): boolean {
  const { state } = parts;
  if (existsSync(state.recordFile)) return isOver(readLifespan(state), parts);
  const age = Date.now() - statSync(state.path).mtimeMs;
  return age > NOT_RECORDED_WITHIN_MS && parts.records.allLive().length === 0;
}

/**
 * Ends and deletes an ephemeral cluster whose time is over. The caller holds its lock.
 *
 * @param what the `directory`, or only its `contents`, for a cluster that begins anew in it
 * @returns a line that says what was done
 */
export async function removeOver(parts: ClusterParts, what: 'directory' | 'contents'): Promise<string> {
  const { state, records } = parts;
  for (let live = records.allLive(); live.length > 0; live = records.allLive()) await killNow(records, live);
  let left = '';
  const record = readRecord(state);
  if (record !== undefined) {
    try {
      await contextOf(parts, record).zookeeper.clear();
    } catch (error) {
      left = `; what it stored in ZooKeeper at ${record.zookeeper.hosts}, below ${record.root}, stays: ${describeError(error)}`;
    }
  }
  if (what === 'directory') state.delete();
  else state.empty();
  return `Removed what was left of cluster '${state.name}'${left}.`;
}
