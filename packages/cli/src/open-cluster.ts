import { ClusterControl } from '@onebox/cluster';
import type { ClusterRecord, ClusterControlOptions } from '@onebox/cluster';
import type { Command } from 'commander';
import { clusterNameOf, contextOf, homeOf } from './cli-context';

/** The cluster that the command line names; it need not exist. */
export function oneboxOf(
  command: Command,
  options: Pick<ClusterControlOptions, 'onEvent' | 'supervisor' | 'hurry'> = {},
): ClusterControl {
  const { installation } = contextOf(command);
  return new ClusterControl({
    name: clusterNameOf(command),
    home: homeOf(command),
    installation,
    ...options,
  });
}

/** What a command that talks to a cluster has to know about it. */
export interface OpenCluster {
  readonly onebox: ClusterControl;
  readonly record: ClusterRecord;
}

/** The cluster that the command line names, which must exist. @throws OneboxError ONEBOX_NO_CLUSTER */
export async function openCluster(command: Command): Promise<OpenCluster> {
  const onebox = oneboxOf(command);
  return { onebox, record: onebox.demandRecord() };
}
