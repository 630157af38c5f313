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
  /** Whoever knows it may do everything that the commands do. Null while none is served: what is left is the port, for the next one. */
  readonly token: string | null;
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
    if (format !== 1 || typeof port !== 'number' || typeof pid !== 'number') return undefined;
    if (typeof token !== 'string' && token !== null) return undefined;
    return { format, port, token, pid };
  } catch {
    return undefined;
  }
}

export function writeDashboardFile(file: string, content: DashboardFile): void {
  writeAtomically(file, `${JSON.stringify(content)}\n`);
}

/** The token goes with the dashboard; the port stays, so that the next one is found where this one was. Idempotent. */
export function forgetToken(state: Pick<StateDirectory, 'instance'>): void {
  rmSync(openFileOf(state), { force: true });
  const file = dashboardFileOf(state);
  const found = readDashboardFile(file);
  if (found === undefined || found.port === 0) rmSync(file, { force: true });
  else if (found.token !== null) writeDashboardFile(file, { ...found, token: null, pid: 0 });
}

/** What `--open` gives to a browser in place of the URL: it leads there. Mode 0600. */
export function openFileOf(state: Pick<StateDirectory, 'instance'>): string {
  return join(state.instance(DASHBOARD_PROCESS), 'open.html');
}

/** What a browser is given. */
export function dashboardUrl({ port, token }: { readonly port: number; readonly token: string }): string {
  return `http://127.0.0.1:${port}/?token=${token}`;
}
