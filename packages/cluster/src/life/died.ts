import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import { obstacleText, obstaclesOf } from '../faults/in-the-way';
import { lastLines } from '../logs/last-lines';
import { logFilesOf } from '../logs/log-files';
import { portInUse } from '../ports/check-ports';
import type { ProcessExit } from '../supervisor';
import { serversOf, zookeeperPortOf } from '../topology';
import type { InstanceName } from '../topology';
import { exitOf } from './cluster-context';
import type { ClusterContext } from './cluster-context';
import { saysPortTaken, takenPort } from './lost-port';

/** How many of its last lines are shown of a process that died. */
const LINES = 10;

/** `with exit code 1`, `by signal SIGKILL`, or nothing when nobody saw it. */
export function exitText(exit: ProcessExit | undefined): string {
  if (exit === undefined) return '';
  if (exit.signal !== null) return ` by signal ${exit.signal}`;
  return exit.code === null ? '' : ` with exit code ${exit.code}`;
}

/**
 * Looks whether processes that were started still run.
 * @throws OneboxError ONEBOX_SERVER_DIED with name, exit code, the last lines it wrote (`data.lines`) and the ids of the faults that
 * stand in its way (`data.faults`); ONEBOX_PORT_IN_USE
 * when they say that somebody took its port
 */
export async function refuseDeaths(context: ClusterContext, names: readonly InstanceName[]): Promise<void> {
  const { records, zookeeper } = context;
  const dead = names.find((name) => {
    const isProcess = name !== 'zookeeper' || zookeeper.isProcess;
    return isProcess && records.live(name) === undefined;
  });
  if (dead === undefined) return;
  const exit = await exitOf(context, dead);
  const lines = lastWords(context, dead);
  if (saysPortTaken(lines)) throw portInUse(dead, takenPort(lines) ?? portOf(context, dead), context.table);
  const obstacles = obstaclesOf(context, [dead]);
  throw new OneboxError('ONEBOX_SERVER_DIED', `${dead} died${exitText(exit)}`, {
    nextStep: obstacles.length > 0 ? obstacles.map(obstacleText).join(' ') : whereItsOutputIs(context, dead),
    data: {
      ...{ instance: dead, code: exit?.code ?? null, signal: exit?.signal ?? null, lines },
      faults: obstacles.map(({ fault }) => fault.id),
    },
  });
}

function whereItsOutputIs({ record, state }: ClusterContext, dead: InstanceName): string {
  return record.ephemeral === true
    ? 'Its files go with the ephemeral cluster; without --ephemeral they stay.'
    : `Its output is in ${join(state.path, dead)}.`;
}

function portOf({ record }: ClusterContext, name: InstanceName): number {
  const server = serversOf(record).find((each) => each.name === name);
  return server?.port ?? zookeeperPortOf(record);
}

/** What it wrote to its output is what it could not log; else its log. */
function lastWords({ state }: ClusterContext, name: InstanceName): readonly string[] {
  const [output, ...logs] = logFilesOf(state, name).map((file) => lastLines(file, LINES));
  return output !== undefined && output.length > 0 ? output : logs.flat().slice(-LINES);
}
