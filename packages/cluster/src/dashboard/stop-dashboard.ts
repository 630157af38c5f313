import type { ClusterParts } from '../life/cluster-context';
import { terminate } from '../supervisor';
import { DASHBOARD_PROCESS, dashboardFileOf, removeDashboardFile } from './dashboard-file';

/** It has nothing to put in order. */
const END_WITHIN_MS = 2000;

/**
 * Ends the dashboard and forgets its token. The caller holds the cluster's lock.
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
  removeDashboardFile(dashboardFileOf(state));
  return live !== undefined;
}
