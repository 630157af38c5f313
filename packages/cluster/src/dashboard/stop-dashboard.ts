import type { ClusterParts } from '../life/cluster-context';
import { terminate } from '../supervisor';
import { DASHBOARD_PROCESS, forgetToken } from './dashboard-file';

/** It has nothing to put in order. */
const END_WITHIN_MS = 2000;

/**
 * Ends the dashboard and forgets its token, not its port. The caller holds the cluster's lock.
 *
 * @returns whether it ran
 */
export async function stopDashboard({
  state,
  records,
  hurry,
}: Pick<ClusterParts, 'state' | 'records' | 'hurry'>): Promise<boolean> {
  const live = records.live(DASHBOARD_PROCESS);
  if (live !== undefined) await terminate(records, [live], END_WITHIN_MS, hurry);
  records.forget(DASHBOARD_PROCESS);
  forgetToken(state);
  return live !== undefined;
}

/** Forgets one that does not run any more, when its cluster begins anew. One that runs, and shows that everything else does not, stays. */
export function forgetDeadDashboard({ state, records }: Pick<ClusterParts, 'state' | 'records'>): void {
  if (records.live(DASHBOARD_PROCESS) !== undefined) return;
  records.forget(DASHBOARD_PROCESS);
  forgetToken(state);
}
