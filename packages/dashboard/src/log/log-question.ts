import { StateDirectory, readRecord } from '@onebox/cluster';
import { OneboxError } from '@onebox/base';
import { partitionEvents } from './partition-events';

/** Where a cluster is. */
export interface ClusterPlace {
  readonly home: string;
  readonly name: string;
}

/** What the whole log is read for. */
export interface LogQuestion {
  readonly place: ClusterPlace;
  /** All about this one, `APP_ID.INDEX`: `PartitionEvents`. */
  readonly partition: string;
}

/**
 * Reads the whole log, which may be some ten MiB for each server and takes its time: it is called in a thread of its own.
 *
 * @throws OneboxError ONEBOX_NO_SUCH_PARTITION, ONEBOX_NO_CLUSTER
 */
export function answerFromLog({ place: { home, name }, partition }: LogQuestion): unknown {
  const state = new StateDirectory(home, name);
  const record = readRecord(state);
  if (record === undefined) {
    throw new OneboxError('ONEBOX_NO_CLUSTER', `there is no cluster '${name}' any more`, {
      nextStep: 'Start it with `onebox start`.',
    });
  }
  return partitionEvents(state, record, partition);
}
