import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { checkServerConfigs } from '../configuration/server-configs';
import { waitHealthy } from '../health/wait-healthy';
import { waitReady } from '../health/wait-ready';
import type { ClusterOptions } from '../record/cluster-options';
import type { ClusterRecord } from '../record/cluster-record';
import { refuseContradictions } from '../record/contradictions';
import { createRecord } from '../record/create-record';
import { readRecord, writeRecord } from '../record/record-file';
import type { InstanceName } from '../topology';
import { chooseProvider } from '../zookeeper-provider';
import { contextOf } from './cluster-context';
import type { ClusterContext, ClusterParts } from './cluster-context';
import { withLock } from './lock';
import { checkPlannedPorts, planStart, plannedNames, startPlanned } from './start-instances';
import { closeIdleSupervisor, stopInstances } from './stop-instances';

export interface StartOptions extends ClusterOptions {
  /** Only this one, and the ZooKeeper it needs. */
  readonly instance?: InstanceName;
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

const TIMEOUT_MS = 60_000;

/**
 * Starts what does not run of a cluster, or of one instance. A new cluster is recorded, a known one is started from its
 * record. Whatever is wrong with the flags, the configuration or the ports is told before a process is spawned.
 * A start that is aborted, or in which a server dies, stops again what it started; one that only takes too long does not.
 *
 * @throws OneboxError of the steps it takes; what `signal` was aborted with
 */
export async function startCluster(parts: ClusterParts, options: StartOptions): Promise<StartOutcome> {
  const { context, started } = await startProcesses(parts, options);
  if (started.length === 0 || options.wait === false) return { record: context.record, started };
  const wait = { withinMs: options.timeoutMs ?? TIMEOUT_MS, watched: started, signal: options.signal };
  try {
    await (options.instance === undefined
      ? waitHealthy(context, wait)
      : waitReady(context, options.instance, wait));
  } catch (error) {
    if (!isOutOfTime(error)) await withLock(parts, 'undoing a start', () => undo(context, started, error));
    throw error;
  }
  return { record: context.record, started };
}

function isOutOfTime(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ONEBOX_NOT_HEALTHY' || code === 'ONEBOX_NOT_READY';
}

async function startProcesses(
  parts: ClusterParts,
  options: StartOptions,
): Promise<{ context: ClusterContext; started: readonly InstanceName[] }> {
  const { state } = parts;
  const isNewDirectory = !state.exists();
  state.create();
  return withLock(parts, 'start', async () => {
    const recorded = readRecord(state);
    try {
      if (recorded !== undefined) refuseContradictions(recorded, options);
      const record = recorded ?? (await newRecord(parts, options));
      const context = contextOf(parts, record);
      return { context, started: await startMissing(context, options) };
    } catch (error) {
      // A cluster that never came to be leaves nothing behind.
      if (isNewDirectory && readRecord(state) === undefined) state.delete();
      throw error;
    }
  });
}

async function newRecord(parts: ClusterParts, options: StartOptions): Promise<ClusterRecord> {
  const { installation, emit } = parts;
  const file = basename(installation.template);
  const template = { file, text: readFileSync(installation.template, 'utf8') };
  return createRecord(parts.state.name, options, template, async (setting, ownPort) => {
    const announce = (line: string) => emit({ kind: 'notice', line });
    const { provider, line } = await chooseProvider(setting, { ...installation, announce });
    announce(line);
    const hosts = provider.kind === 'external' ? provider.recorded : `127.0.0.1:${ownPort}`;
    return { kind: provider.kind, provider: provider.recorded, hosts };
  });
}

async function startMissing(
  context: ClusterContext,
  { instance, signal }: StartOptions,
): Promise<readonly InstanceName[]> {
  const { record, state, zookeeper, emit } = context;
  const plan = await planStart(context, instance);
  const names = plannedNames(plan);
  if (names.length === 0) return names;
  const warnings = checkServerConfigs(record);
  await checkPlannedPorts(context, plan);
  for (const message of warnings) emit({ kind: 'config-warning', message });
  signal?.throwIfAborted();
  // Before the record: a cluster whose root belongs to somebody else never comes to be.
  await zookeeper.claimRoot();
  writeRecord(state, record);
  try {
    await startPlanned(context, plan);
    signal?.throwIfAborted();
  } catch (error) {
    await undo(context, names, error);
    throw error;
  }
  for (const name of names) emit({ kind: 'instance-started', instance: name });
  return names;
}

/** Stops what this start started; what ran before goes on running. */
async function undo(
  context: ClusterContext,
  started: readonly InstanceName[],
  error: unknown,
): Promise<void> {
  context.emit({ kind: 'undoing', why: error instanceof Error ? error.message : String(error) });
  await stopInstances(context, started, 'terminate');
  await closeIdleSupervisor(context);
}
