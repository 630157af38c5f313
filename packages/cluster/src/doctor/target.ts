import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import type { ClusterRecord } from '../record/cluster-record';
import { DEFAULT_OPTIONS } from '../record/cluster-options';
import { readRecord } from '../record/record-file';
import { checkClusterName } from '../state-directory/cluster-name';
import { StateDirectory } from '../state-directory/state-directory';
import { defaultPortOffset } from '../topology';

/** What decides which ports a cluster opens. */
export type Shape = Pick<
  ClusterRecord,
  'metas' | 'replicas' | 'collector' | 'portOffset' | 'advertise' | 'bind'
>;

/** The cluster that is asked about. It need not exist. */
export interface Target {
  readonly name: string;
  readonly home: string;
  readonly directory: string;
  /** Undefined when it does not exist, or its record cannot be used. */
  readonly record: ClusterRecord | undefined;
  readonly shape: Shape;
}

/** @throws OneboxError ONEBOX_BAD_NAME */
export function findTarget(name: string, home: string, portOffset: number | undefined): Target {
  checkClusterName(name);
  const directory = join(home, name);
  const record = quietly(() => readRecord(new StateDirectory(home, name)));
  const shape: Shape = record ?? {
    ...DEFAULT_OPTIONS,
    advertise: DEFAULT_OPTIONS.bind,
    portOffset: defaultPortOffset(name),
  };
  return { name, home, directory, record, shape: { ...shape, portOffset: portOffset ?? shape.portOffset } };
}

/** Undefined for whatever is wrong with a directory or a record: that is for a check to find. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof OneboxError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
