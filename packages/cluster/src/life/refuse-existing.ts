import { OneboxError } from '@onebox/base';
import { ownIdentity } from '../process-table/process-table';
import type { ClusterRecord } from '../record/cluster-record';
import type { ClusterContext } from './cluster-context';
import { readLifespan } from './lifespan';

/** @throws OneboxError ONEBOX_CLUSTER_EXISTS when a cluster that must be new is not */
export function refuseExisting(
  recorded: ClusterRecord | undefined,
  { fresh }: { readonly fresh?: boolean },
): void {
  if (recorded === undefined || fresh !== true) return;
  const { name } = recorded;
  throw new OneboxError('ONEBOX_CLUSTER_EXISTS', `there is a cluster '${name}' already`, {
    nextStep: 'Take another --name, or none; `onebox list` shows those there are.',
    data: { name },
  });
}

/**
 * A cluster cannot be made to die with this process when something of it runs already.
 * @throws OneboxError ONEBOX_RUNS_ALREADY
 */
export function refuseRunning({ state, table, records, record, will }: ClusterContext): void {
  if (will === undefined) return;
  const { startedBy, owned = false } = readLifespan(state) ?? {};
  const self = ownIdentity(table);
  if (owned && startedBy?.pid === self.pid && startedBy.startToken === self.startToken) return;
  if (records.allLive().length === 0) return;
  throw new OneboxError('ONEBOX_RUNS_ALREADY', `cluster '${record.name}' runs already`, {
    nextStep: 'End it with `onebox stop`, or take another --name.',
    data: { name: record.name, running: records.allLive().map(({ name }) => name) },
  });
}
