import { tellCommand } from '../event-log/command-events';
import type { ClusterContext } from '../life/cluster-context';
import type { InstanceName } from '../topology';
import { forgetFaults, readFaults } from './faults-store';
import type { Pause } from './pause';
import { tellEndedWithCluster } from './tell-faults';

/** A pause is over when its process goes on or has ended, whoever saw to that. */
export function pausesInForce(
  { records }: Pick<ClusterContext, 'records'>,
  pauses: readonly Pause[],
): readonly Pause[] {
  return pauses.filter(({ instance, process }) => {
    const live = records.live(instance);
    return live?.identity.startToken === process.startToken && live.facts.state === 'frozen';
  });
}

/** A fault never outlives its cluster: for whoever has stopped it, or finds it stopped. Idempotent. */
export function endFaults({ state }: Pick<ClusterContext, 'state'>): void {
  tellEndedWithCluster(state, readFaults(state, Date.now()).faults);
  forgetFaults(state);
}

/**
 * Does what ends instances, and tells of those that were paused that they are not any more.
 *
 * @param end gives what it ended
 */
export async function tellingEndOfPauses(
  context: Pick<ClusterContext, 'state' | 'records'>,
  end: () => Promise<readonly InstanceName[]>,
): Promise<readonly InstanceName[]> {
  const { state } = context;
  const paused = pausesInForce(context, readFaults(state, Date.now()).pauses);
  const ended = await end();
  for (const { instance } of paused) {
    if (ended.includes(instance)) tellCommand(state, 'resumed', { instance, how: 'its process ended' });
  }
  return ended;
}
