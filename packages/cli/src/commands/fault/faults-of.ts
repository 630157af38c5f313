import type { ClusterFaults } from '@onebox/cluster';
import type { Command } from 'commander';
import { oneboxOf } from '../../open-cluster';

/** What is broken on purpose in the cluster that the command line names. */
export function faultsOf(command: Command): ClusterFaults {
  return oneboxOf(command).faults;
}
