import { randomBytes } from 'node:crypto';
import { OneboxError, until } from '@onebox/base';
import type { ClusterContext } from '../life/cluster-context';
import { liveServers } from '../life/stop-instances';
import { lastLines } from '../logs/last-lines';
import { portRefusal } from '../ports/check-ports';
import { findPortOwner } from '../ports/port-owner';
import { killNow } from '../supervisor';
import type { ProcessSpec } from '../supervisor';
import { dashboardAnswers } from './dashboard-answers';
import { DASHBOARD_PROCESS, dashboardFileOf, dashboardUrl } from './dashboard-file';
import { readDashboardFile, writeDashboardFile } from './dashboard-file';
import { servingDashboard } from './serving-dashboard';

export interface DashboardOptions {
  /** Of 127.0.0.1; left out: one that is free. */
  readonly port?: number;
}

export interface RunningDashboard {
  /** With the token in it: whoever has it may do what the commands do. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** False: it ran already. */
  readonly started: boolean;
}

/** It loads one bundle; a busy machine may take its time. */
const SERVES_WITHIN_MS = 20_000;

const LOOK_EVERY_MS = 5;

/** As hard to guess as a session key. */
const TOKEN_BYTES = 32;

/** How many of its last lines are shown of one that died. */
const LINES = 10;

/**
 * The dashboard of a cluster that runs: the one there is, or one that is started as one more of its processes. One that crashed is
 * started with the port and the token it had, so that pages that are open find it again; one of a cluster that was stopped meanwhile
 * with the port alone, so that they learn that their token is over. The caller holds the cluster's lock.
 *
 * @throws OneboxError ONEBOX_NOT_RUNNING, ONEBOX_DASHBOARD_RUNS on another port than the one that is wanted, ONEBOX_PORT_IN_USE,
 * ONEBOX_DASHBOARD_SILENT when it does not answer, ONEBOX_DASHBOARD_DIED with the last lines it wrote (`data.lines`)
 */
export async function startDashboard(
  context: ClusterContext,
  { port }: DashboardOptions,
): Promise<RunningDashboard> {
  const { record, state, records, servers } = context;
  if (liveServers(context).length === 0) {
    throw new OneboxError('ONEBOX_NOT_RUNNING', `cluster '${record.name}' does not run`, {
      nextStep: 'Start it with `onebox start`.',
      data: { name: record.name },
    });
  }
  const serving = servingDashboard(state, records);
  if (serving !== undefined) {
    if (port !== undefined && port !== serving.port) throw runsElsewhere(serving.port, port);
    await demandAnswer(serving);
    return { ...serving, url: dashboardUrl(serving), started: false };
  }
  // One that hangs in its start, or never told that it serves.
  const silent = records.live(DASHBOARD_PROCESS);
  if (silent !== undefined) await killNow(records, [silent]);
  const file = dashboardFileOf(state);
  const before = readDashboardFile(file);
  const token = before?.token ?? randomBytes(TOKEN_BYTES).toString('base64url');
  state.createInstance(DASHBOARD_PROCESS);
  writeDashboardFile(file, { format: 1, port: await freePort(context, port, before?.port), token, pid: 0 });
  await servers.start([dashboardSpec(context, file)]);
  const started = await untilServing(context);
  await demandAnswer(started);
  return { ...started, url: dashboardUrl(started), started: true };
}

function dashboardSpec({ state, installation }: ClusterContext, file: string): ProcessSpec {
  return {
    name: DASHBOARD_PROCESS,
    command: process.execPath,
    args: [installation.dashboardProgram, file],
    cwd: state.instance(DASHBOARD_PROCESS),
    outputFile: state.outputFile(DASHBOARD_PROCESS),
  };
}

/** The one that is asked for, which must be free; else the one it had, if that is still free; else any. */
async function freePort(
  { table }: ClusterContext,
  wanted: number | undefined,
  before: number | undefined,
): Promise<number> {
  const isFree = async (port: number) => (await portRefusal({ bind: '127.0.0.1', port })) === undefined;
  if (wanted === undefined) return before !== undefined && (await isFree(before)) ? before : 0;
  if (wanted === 0 || (await isFree(wanted))) return wanted;
  const owner = findPortOwner(wanted, table);
  throw new OneboxError(
    'ONEBOX_PORT_IN_USE',
    `port ${wanted}, which the dashboard needs, is taken by ${owner === undefined ? 'another process' : `pid ${owner.pid}`}`,
    {
      nextStep: 'End it, or take another --port, or none.',
      data: { instance: DASHBOARD_PROCESS, port: wanted, pid: owner?.pid },
    },
  );
}

async function untilServing({
  state,
  records,
}: ClusterContext): Promise<{ port: number; token: string; pid: number }> {
  const died = () => records.live(DASHBOARD_PROCESS) === undefined;
  try {
    const found = await until('the dashboard', () => servingDashboard(state, records) ?? (died() && 'died'), {
      withinMs: SERVES_WITHIN_MS,
      everyMs: LOOK_EVERY_MS,
    });
    if (found !== 'died') return found;
  } catch (error) {
    throw new OneboxError('ONEBOX_DASHBOARD_DIED', 'the dashboard does not serve', {
      nextStep: 'Try again; `onebox dashboard --stop` ends it.',
      cause: error,
    });
  }
  throw new OneboxError('ONEBOX_DASHBOARD_DIED', 'the dashboard died while it started', {
    nextStep: 'Try again; `onebox doctor` looks at the machine.',
    data: { lines: lastLines(state.outputFile(DASHBOARD_PROCESS), LINES) },
  });
}

/** That its process runs is not enough: it may stand still. */
async function demandAnswer({ port, pid }: { readonly port: number; readonly pid: number }): Promise<void> {
  if (await dashboardAnswers(port)) return;
  throw new OneboxError('ONEBOX_DASHBOARD_SILENT', `the dashboard runs (pid ${pid}) and does not answer`, {
    nextStep: 'End it with `onebox dashboard --stop`; `onebox dashboard` then starts it again.',
    data: { port, pid },
  });
}

function runsElsewhere(port: number, wanted: number): OneboxError {
  return new OneboxError('ONEBOX_DASHBOARD_RUNS', `the dashboard runs on port ${port}, not on ${wanted}`, {
    nextStep: 'Leave out --port, or end it first with `onebox dashboard --stop`.',
    data: { port, wanted },
  });
}
