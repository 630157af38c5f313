import type { FaultsFile } from '@onebox/server';
import type { ProcessIdentity } from '../process-table/process-table';
import type { InstanceName } from '../topology';

/** An instance that was stopped with SIGSTOP. It counts as long as this very process is frozen. */
export interface Pause {
  /** Unique among faults and pauses of a cluster: `f1`, `f2` … */
  readonly id: string;
  readonly instance: InstanceName;
  readonly process: ProcessIdentity;
  readonly sinceUnixMs: number;
  /** Unix milliseconds at which it is to be resumed; null: until somebody does. */
  readonly untilUnixMs: number | null;
}

/** `faults.json` as commands write it: servers look at the faults only. */
export interface CommandsFaultsFile extends FaultsFile {
  readonly pauses?: readonly Pause[];
}
