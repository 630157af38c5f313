import { OneboxError } from '@onebox/base';
import { obstacleText, obstaclesOf } from '../faults/in-the-way';
import { refuseDeaths } from '../life/died';
import type { ClusterContext } from '../life/cluster-context';
import { serversOf } from '../topology';
import type { InstanceName } from '../topology';
import { StartProgress } from './start-progress';

/** Often enough that nobody waits for the look, rare enough that seven starting servers keep their two cores. */
const LOOK_EVERY_MS = 15;

export interface HealthWait {
  /** Real milliseconds. */
  readonly withinMs: number;
  /** Processes that must not die meanwhile. */
  readonly watched: readonly InstanceName[];
  readonly signal?: AbortSignal;
}

/**
 * Waits until the cluster is healthy: ZooKeeper serves, a meta server leads, every server answers, every replica server is
 * in touch with the leader, and every partition has as many replicas as it can have. Emits each of these as it becomes true.
 *
 * @throws OneboxError ONEBOX_NOT_HEALTHY at the bound, saying what is lacking; ONEBOX_SERVER_DIED at once; what `signal`
 * was aborted with
 */
export async function waitHealthy(context: ClusterContext, wait: HealthWait): Promise<void> {
  const deadline = performance.now() + wait.withinMs;
  const progress = new StartProgress(context);
  try {
    for (;;) {
      wait.signal?.throwIfAborted();
      await refuseDeaths(context, wait.watched);
      const lacking = await progress.look();
      if (lacking === undefined) return;
      if (performance.now() >= deadline) throw notHealthy(context, lacking, wait.withinMs);
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    progress.close();
  }
}

function notHealthy(context: ClusterContext, lacking: string, withinMs: number): OneboxError {
  const { record, will } = context;
  const names = serversOf(record).map(({ name }) => name);
  const obstacles = obstaclesOf(context, names).map((each) => `${obstacleText(each)} `);
  return new OneboxError(
    'ONEBOX_NOT_HEALTHY',
    `cluster '${record.name}' is not healthy after ${withinMs / 1000} s: ${lacking}`,
    {
      nextStep: `${obstacles.join('')}${
        will === undefined
          ? 'It is left running: see `onebox status` and `onebox logs`, or end it with `onebox stop`.'
          : 'Give it more time with --timeout, or look at it: start it with `onebox start`, which leaves it running.'
      }`,
      data: { lacking },
    },
  );
}
