import { join } from 'node:path';
import { OneboxError, until } from '@onebox/base';
import type { ClusterContext } from '../life/cluster-context';
import { lookFor } from '../process-table/process-table';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table';
import { killNow } from '../supervisor';
import type { LiveProcess } from '../supervisor';
import type { InstanceName } from '../topology';

/** The kernel stops a process when it next runs, which takes a moment; so it may be when it goes on. */
const SEEN_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 3;

/** The name, in the records of processes, of whoever resumes an instance when its time is over. */
export const resumerOf = (instance: InstanceName): string => `resumer-${instance}`;

/** @throws OneboxError ONEBOX_NOT_A_PROCESS for a ZooKeeper in a container or of somebody else */
export function refuseNoProcess(
  { zookeeper }: Pick<ClusterContext, 'zookeeper'>,
  instance: InstanceName,
): void {
  if (instance !== 'zookeeper' || zookeeper.isProcess) return;
  const where = zookeeper.isOurs ? 'runs in a container' : 'is not run by this cluster';
  throw new OneboxError('ONEBOX_NOT_A_PROCESS', `the ZooKeeper ${where}, so it has no process to pause`, {
    nextStep: 'Cut meta servers off from it: `onebox fault cut leader --from zookeeper`.',
    data: { instance, provider: zookeeper.kind },
  });
}

/** The process of an instance that is to be paused or resumed. @throws OneboxError ONEBOX_NOT_RUNNING */
export function processToPause(
  { records }: Pick<ClusterContext, 'records'>,
  instance: InstanceName,
): LiveProcess {
  const live = records.live(instance);
  if (live !== undefined) return live;
  throw new OneboxError('ONEBOX_NOT_RUNNING', `${instance} does not run`, {
    nextStep: 'See `onebox status`.',
    data: { instance },
  });
}

/**
 * SIGSTOP; returns when it is in force, or when its time is over: then it may have ended before anybody saw it.
 *
 * @param untilUnixMs null: no end
 * @throws OneboxError ONEBOX_NOT_RUNNING when the process ended meanwhile
 */
export async function freeze(
  table: ProcessTable,
  { name, identity }: Pick<LiveProcess, 'name' | 'identity'>,
  untilUnixMs: number | null,
): Promise<void> {
  signalProcess(table, identity, 'SIGSTOP');
  const state = () => lookFor(table, identity)?.state;
  const isOver = (): boolean => untilUnixMs !== null && Date.now() >= untilUnixMs;
  await until(`the pause of ${name}`, () => state() !== 'running' || isOver(), {
    withinMs: SEEN_WITHIN_MS,
    everyMs: LOOK_EVERY_MS,
  });
  if (state() !== undefined) return;
  throw new OneboxError('ONEBOX_NOT_RUNNING', `${name} ended meanwhile`, {
    nextStep: 'See `onebox status`.',
    data: { instance: name },
  });
}

/** SIGCONT, if this very process is there; returns when it goes on, or has ended. */
export async function thaw(
  table: ProcessTable,
  { name, identity }: Pick<LiveProcess, 'name' | 'identity'>,
): Promise<void> {
  signalProcess(table, identity, 'SIGCONT');
  await until(`the end of the pause of ${name}`, () => lookFor(table, identity)?.state !== 'frozen', {
    withinMs: SEEN_WITHIN_MS,
    everyMs: LOOK_EVERY_MS,
  });
}

/** The look and the signal are one step: nobody else can have got the pid in between, unless a process ends just then. */
function signalProcess(table: ProcessTable, identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (lookFor(table, identity) === undefined) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts a small process that outlives this command and resumes another one then, or ends when that is gone before. */
export async function resumeLater(
  { zookeeperSupervisor, installation, state }: ClusterContext,
  instance: InstanceName,
  { pid, startToken }: ProcessIdentity,
  untilUnixMs: number,
): Promise<void> {
  const name = resumerOf(instance);
  await zookeeperSupervisor.start([
    {
      name,
      command: process.execPath,
      args: [
        installation.resumerProgram,
        join(state.path, name),
        ...[String(pid), startToken, String(untilUnixMs)],
      ],
      cwd: state.path,
      outputFile: '/dev/null',
    },
  ]);
}

/** Nobody resumes this instance by itself any more. */
export async function resumeNoMore(
  { records }: Pick<ClusterContext, 'records'>,
  instance: InstanceName,
): Promise<void> {
  const resumer = records.live(resumerOf(instance));
  if (resumer !== undefined) await killNow(records, [resumer]);
  records.forget(resumerOf(instance));
}
