import { liveServers } from '../life/stop-instances';
import type { ClusterContext } from '../life/cluster-context';
import { DASHBOARD_PROCESS } from './dashboard-file';

/** How the process of the dashboard is. */
export interface DashboardProcess {
  /** `frozen`: stopped by a signal. `died`: nobody asked it to end. */
  readonly state: 'running' | 'frozen' | 'died';
  readonly pid: number | null;
  /** How it ended, when that is known. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Null when there is none: it was never started, was ended as asked, or its whole cluster does not run. */
export async function dashboardProcessOf(context: ClusterContext): Promise<DashboardProcess | null> {
  const { records, servers } = context;
  const live = records.live(DASHBOARD_PROCESS);
  if (live !== undefined) {
    const state = live.facts.state === 'frozen' ? 'frozen' : 'running';
    return { state, pid: live.identity.pid, exitCode: null, signal: null };
  }
  const isOver = !records.has(DASHBOARD_PROCESS) || records.wasAsked(DASHBOARD_PROCESS);
  if (isOver || liveServers(context).length === 0) return null;
  const exit = await servers.exitOf(DASHBOARD_PROCESS);
  return { state: 'died', pid: null, exitCode: exit?.code ?? null, signal: exit?.signal ?? null };
}
