import type { ClusterFaults, UntoldServer } from '@onebox/cluster';
import type { Command } from 'commander';
import { oneboxOf } from '../../open-cluster';

/** What is broken on purpose in the cluster that the command line names. */
export function faultsOf(command: Command): ClusterFaults {
  return oneboxOf(command).faults;
}

/** Who did not hear of a change, in a line. */
export function untoldText(untold: readonly UntoldServer[]): string {
  if (untold.length === 0) return '';
  const names = untold.map(({ instance }) => instance).join(', ');
  const [is, learn] = untold.length === 1 ? ['is', 'learns'] : ['are', 'learn'];
  return `${names} ${is} frozen and ${learn} of it when resumed.\n`;
}
