import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file';
import type { StateDirectory } from '../state-directory/state-directory';

/** The dashboard among the cluster's processes, and its directory. */
export const DASHBOARD_PROCESS = 'dashboard';

/** What a dashboard is given and what it tells when it serves: `dashboard/dashboard.json` of the state directory, mode 0600. */
export interface DashboardFile {
  readonly format: 1;
  /** Loopback; 0 until it listens when any will do. */
  readonly port: number;
  /** Whoever knows it may do everything that the commands do. */
  readonly token: string;
  /** The process that serves with these; 0 until it does. */
  readonly pid: number;
}

export function dashboardFileOf(state: Pick<StateDirectory, 'instance'>): string {
  return join(state.instance(DASHBOARD_PROCESS), 'dashboard.json');
}

/** Undefined when there is none, and when it cannot be read. */
export function readDashboardFile(file: string): DashboardFile | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<DashboardFile>;
    const { format, port, token, pid } = found;
    if (format !== 1 || typeof port !== 'number' || typeof token !== 'string' || typeof pid !== 'number') {
      return undefined;
    }
    return { format, port, token, pid };
  } catch {
    return undefined;
  }
}

export function writeDashboardFile(file: string, content: DashboardFile): void {
  writeAtomically(file, `${JSON.stringify(content)}\n`);
}

/** The token goes with the dashboard. */
export function removeDashboardFile(file: string): void {
  rmSync(file, { force: true });
}

/** What a browser is given. */
export function dashboardUrl({ port, token }: Pick<DashboardFile, 'port' | 'token'>): string {
  return `http://127.0.0.1:${port}/?token=${token}`;
}
