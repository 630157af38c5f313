import { OneboxError } from '@onebox/base';
import { checkServerConfigs } from '../configuration/server-configs';
import { commandFacts, tellCommand } from '../event-log/command-events';
import { endFaults } from '../faults/end-of-faults';
import { forgetDeadDashboard } from '../dashboard/stop-dashboard';
import { obstacleText, obstaclesOf } from '../faults/in-the-way';
import { waitHealthy } from '../health/wait-healthy';
import { waitReady } from '../health/wait-ready';
import type { ClusterOptions } from '../record/cluster-options';
import type { ClusterRecord } from '../record/cluster-record';
import { refuseContradictions } from '../record/contradictions';
import { readRecord, writeRecord } from '../record/record-file';
import type { InstanceName } from '../topology';
import { contextOf } from './cluster-context';
import type { ClusterContext, ClusterParts } from './cluster-context';
import { isOver, readLifespan, startedNow, writeLifespan } from './lifespan';
import { withLock } from './lock';
import { isPortLost } from './lost-port';
import { newRecord } from './new-record';
import { refuseExisting, refuseRunning } from './refuse-existing';
import { checkPlannedPorts, planStart, plannedNames, startPlanned } from './start-instances';
import { liveServers } from './stop-instances';
import { removeOver } from './sweep';
import { undoStart } from './undo-start';

export interface StartOptions extends ClusterOptions {
  /** Only this one, and the ZooKeeper it needs. */
  readonly instance?: InstanceName;
  /** The cluster must not exist yet. */
  readonly fresh?: boolean;
  /** Wait until the cluster is healthy, or the one instance answers. Default true. */
  readonly wait?: boolean;
  /** Bound of the wait, real milliseconds. Default 60 s. */
  readonly timeoutMs?: number;
  /** Aborting it stops again what was started. */
  readonly signal?: AbortSignal;
}

export interface StartOutcome {
  readonly record: ClusterRecord;
  /** What was started; empty when everything wanted was running. */
  readonly started: readonly InstanceName[];
}

/** Whether the event log has what led to this start already. */
type Told = 'told' | 'to be told';

const NOTHING_PERSISTS = 'Ephemeral: nothing of this cluster persists; it is deleted when it stops.';

const TIMEOUT_MS = 60_000;

/** So often a cluster that may be anywhere is tried on other ports, when somebody was faster. */
const MOST_PLACES = 5;

/** So often a directory is made again that another command deleted before it could be locked. */
const MOST_DIRECTORIES = 5;

/**
 * Starts what does not run of a cluster, or of one instance. A new cluster is recorded, a known one is started from its
 * record. Whatever is wrong with the flags, the configuration or the ports is told before a process is spawned.
 * A start that is aborted, or in which a server dies, stops again what it started; one that only takes too long does not,
 * unless the cluster dies with this process.
 *
 * With `ports: 'auto'` a new cluster whose port was taken by somebody else meanwhile begins anew on other ports.
 *
 * @throws OneboxError of the steps it takes; what `signal` was aborted with
 */
export async function startCluster(
  parts: ClusterParts,
  options: StartOptions,
  told: Told = 'to be told',
): Promise<StartOutcome> {
  for (let place = 1; ; place += 1) {
    try {
      return await startOnce(parts, options, told);
    } catch (error) {
      // One that is recorded has its ports, and keeps them.
      const mayMove = options.ports === 'auto' && readRecord(parts.state) === undefined;
      if (!mayMove || !isPortLost(error) || place === MOST_PLACES) throw error;
      parts.emit({ kind: 'notice', line: 'Trying other ports.' });
    }
  }
}

async function startOnce(parts: ClusterParts, options: StartOptions, told: Told): Promise<StartOutcome> {
  const { context, started, isNew } = await startProcesses(parts, options, told);
  if (started.length === 0 || options.wait === false) return { record: context.record, started };
  const wait = { withinMs: options.timeoutMs ?? TIMEOUT_MS, watched: started, signal: options.signal };
  try {
    await (options.instance === undefined
      ? waitHealthy(context, wait)
      : waitReady(context, options.instance, wait));
  } catch (failure) {
    // Ctrl-C may hit what was just started, too: that this died is then no news.
    const error: unknown = options.signal?.aborted === true ? options.signal.reason : failure;
    if (!isOutOfTime(error) || parts.will !== undefined) {
      const undo = { started, isNew, mayMove: options.ports === 'auto', error };
      await withLock(parts, 'undoing a start', () => undoStart(context, undo));
    }
    throw error;
  }
  return { record: context.record, started };
}

function isOutOfTime(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ONEBOX_NOT_HEALTHY' || code === 'ONEBOX_NOT_READY';
}

interface StartedProcesses {
  readonly context: ClusterContext;
  readonly started: readonly InstanceName[];
  /** Whether this start created the cluster. */
  readonly isNew: boolean;
}

async function startProcesses(
  parts: ClusterParts,
  options: StartOptions,
  told: Told,
): Promise<StartedProcesses> {
  const { state } = parts;
  for (let directory = 1; ; directory += 1) {
    const isNewDirectory = !state.exists();
    state.create();
    try {
      return await withLock(parts, 'start', () => startLocked(parts, options, told, isNewDirectory));
    } catch (error) {
      const cleared = error instanceof OneboxError && error.code === 'ONEBOX_CLEARED';
      if (!cleared || directory === MOST_DIRECTORIES) throw error;
    }
  }
}

async function startLocked(
  parts: ClusterParts,
  options: StartOptions,
  told: Told,
  isNewDirectory: boolean,
): Promise<StartedProcesses> {
  const { state } = parts;
  if (isOver(readLifespan(state), parts)) await removeOver(parts, 'contents');
  const recorded = readRecord(state);
  try {
    refuseExisting(recorded, options);
    if (recorded !== undefined) refuseContradictions(recorded, options);
    const record = recorded ?? (await newRecord(parts, options));
    const context = contextOf(parts, record, options.signal);
    const isNew = recorded === undefined;
    return { context, isNew, started: await startMissing(context, options, told, isNew) };
  } catch (error) {
    // A cluster that never came to be leaves nothing behind.
    if (isNewDirectory && readRecord(state) === undefined) state.delete();
    throw error;
  }
}

async function startMissing(
  context: ClusterContext,
  { instance, signal, ports }: StartOptions,
  told: Told,
  isNew: boolean,
): Promise<readonly InstanceName[]> {
  const { record, state, zookeeper, emit } = context;
  const plan = await planStart(context, instance);
  const names = plannedNames(plan);
  refuseRunning(context);
  if (names.length === 0) return names;
  const warnings = checkServerConfigs(record);
  await checkPlannedPorts(context, plan);
  for (const message of warnings) emit({ kind: 'config-warning', message });
  signal?.throwIfAborted();
  // Of a cluster whose processes were killed: neither a fault nor a token outlives its cluster.
  if (liveServers(context).length === 0) {
    endFaults(context);
    forgetDeadDashboard(context);
  }
  // Before the record: a cluster whose root belongs to somebody else never comes to be.
  await zookeeper.claimRoot();
  writeLifespan(state, startedNow(context, record.ephemeral === true));
  writeRecord(state, record);
  if (isNew && record.ephemeral === true) emit({ kind: 'notice', line: NOTHING_PERSISTS });
  // What is outside of the directory is left to the next command: the will can only delete files.
  if (record.ephemeral === true && zookeeper.isProcess) context.will?.vanish();
  if (told === 'to be told') tellCommand(state, 'command', commandFacts('start', instance));
  try {
    await startPlanned(context, plan, signal);
  } catch (error) {
    await undoStart(context, { started: names, isNew, mayMove: ports === 'auto', error });
    throw error;
  }
  for (const name of names) emit({ kind: 'instance-started', instance: name });
  // It may heal in time, so it is no reason to refuse; but nobody is to wait for the end of all patience without knowing why.
  for (const obstacle of obstaclesOf(context, names)) emit({ kind: 'notice', line: obstacleText(obstacle) });
  return names;
}
