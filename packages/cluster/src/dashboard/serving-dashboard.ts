import type { StateDirectory } from '../state-directory/state-directory';
import type { ProcessRecords } from '../supervisor';
import { DASHBOARD_PROCESS, dashboardFileOf, dashboardUrl, readDashboardFile } from './dashboard-file';

type Records = Pick<ProcessRecords, 'live'>;

/** The dashboard that runs and serves; undefined when there is none. */
export function servingDashboard(
  state: Pick<StateDirectory, 'instance'>,
  records: Records,
): { readonly port: number; readonly token: string; readonly pid: number } | undefined {
  const live = records.live(DASHBOARD_PROCESS);
  const file = live === undefined ? undefined : readDashboardFile(dashboardFileOf(state));
  if (file === undefined || file.pid !== live?.identity.pid) return undefined;
  const { port, token, pid } = file;
  return token === null ? undefined : { port, token, pid };
}

/** Where it is seen; null when none serves. */
export function dashboardUrlOf(state: Pick<StateDirectory, 'instance'>, records: Records): string | null {
  const serving = servingDashboard(state, records);
  return serving === undefined ? null : dashboardUrl(serving);
}
