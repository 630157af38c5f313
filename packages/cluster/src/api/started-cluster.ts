import { randomBytes } from 'node:crypto';
import { OneboxError } from '@onebox/base';
import type { AdminCluster } from '../admin';
import { ClusterControl } from '../cluster-control';
import type { ClusterEvent } from '../events';
import type { Installation } from '../life/installation';
import { sweepClusters } from '../life/sweep';
import type { ClusterRecord } from '../record/cluster-record';
import { oneboxHome } from '../state-directory/state-directory';
import { checkOptions } from './check-options';
import { clusterOptionsOf, replicaServersOf } from './cluster-options-of';
import { eventLine } from './event-line';
import type { OneboxStartOptions } from './onebox-options';
import { START, TABLE_SPEC } from './option-rules';
import { createTable } from './table-calls';
import { planTables } from './table-plan';
import type { TablePlan } from './table-plan';

/** A cluster that this process started. */
export interface StartedCluster {
  readonly control: ClusterControl;
  readonly record: ClusterRecord;
  readonly home: string;
}

/**
 * Starts a cluster whose servers die with this process, and makes its tables. Nobody else knows of it yet, so when it fails
 * it ends here.
 *
 * @throws OneboxError ONEBOX_RUNS_ALREADY and those of `Onebox.start`
 */
export async function startedCluster(
  options: OneboxStartOptions,
  installation: Installation,
  environment: NodeJS.ProcessEnv,
): Promise<StartedCluster> {
  checkStartOptions(options);
  const { name = newName(), home = oneboxHome(environment), signal, timeoutMs } = options;
  const plan = planTables(options.tables, replicaServersOf(options));
  const listener = new CallersListener(options);
  const control = new ClusterControl({
    ...{ name, home, installation },
    supervisor: 'child-processes',
    onEvent: (event) => listener.hear(event),
  });
  // As every command does: those whose processes were switched off with their machine are still there.
  await sweepClusters(home, installation, options.log ?? (() => undefined));
  const said = clusterOptionsOf(options, plan.options, control.record !== undefined);
  const { record, started } = await control.start({ ...said, signal, timeoutMs });
  if (started.length === 0) throw runsAlready(name);
  try {
    listener.complain();
    await createLater({ directory: control.directory, record }, plan, options);
    listener.complain();
  } catch (error) {
    await control.stop();
    throw error;
  }
  return { control, record, home };
}

/** @throws OneboxError ONEBOX_BAD_OPTION */
function checkStartOptions(options: OneboxStartOptions): void {
  checkOptions(options, START);
  for (const table of options.tables ?? [])
    if (typeof table !== 'string') checkOptions(table, TABLE_SPEC, ['name']);
}

/** A name that no other cluster of this home has: workers of a test runner start theirs at the same time. */
function newName(): string {
  return `api-${randomBytes(5).toString('hex')}`;
}

/** The caller's own functions. What they throw must not break a start in the middle: it is kept for afterwards. */
class CallersListener {
  private thrown: { readonly error: unknown } | undefined;

  constructor(private readonly functions: Pick<OneboxStartOptions, 'log' | 'onEvent'>) {}

  hear(event: ClusterEvent): void {
    const { log, onEvent } = this.functions;
    try {
      onEvent?.(event);
      log?.(eventLine(event));
    } catch (error) {
      this.thrown ??= { error };
    }
  }

  /** Throws the first thing that was thrown. */
  complain(): void {
    if (this.thrown !== undefined) throw this.thrown.error;
  }
}

async function createLater(
  cluster: AdminCluster,
  { later }: TablePlan,
  { signal, timeoutMs }: OneboxStartOptions,
): Promise<void> {
  await Promise.all(
    later.map((spec) =>
      createTable(cluster, spec.name, {
        ...spec,
        signal,
        timeoutMs,
        ifNotExists: cluster.record.ephemeral !== true,
      }),
    ),
  );
}

function runsAlready(name: string): OneboxError {
  return new OneboxError('ONEBOX_RUNS_ALREADY', `cluster '${name}' runs already`, {
    nextStep: 'Use Onebox.attach, or leave the name out to get another cluster.',
    data: { name },
  });
}
