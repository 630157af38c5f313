import { OneboxError } from '@onebox/base';
import type { ClusterContext } from '../life/cluster-context';
import { refuseDeaths } from '../life/died';
import type { InstanceName } from '../topology';
import { askServer } from './server-status';
import type { HealthWait } from './wait-healthy';

const LOOK_EVERY_MS = 15;

/**
 * Waits until one instance answers: a server on its control socket, when its role has started, ZooKeeper by serving.
 *
 * @throws OneboxError ONEBOX_NOT_READY at the bound; ONEBOX_SERVER_DIED at once; what `signal` was aborted with
 */
export async function waitReady(
  context: ClusterContext,
  instance: InstanceName,
  { withinMs, watched, signal }: HealthWait,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await answers(context, instance))) {
    signal?.throwIfAborted();
    await refuseDeaths(context, watched);
    if (performance.now() >= deadline) {
      throw new OneboxError('ONEBOX_NOT_READY', `${instance} does not answer after ${withinMs / 1000} s`, {
        nextStep: `It is left running: see \`onebox logs ${instance}\`.`,
        data: { instance },
      });
    }
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  context.emit({ kind: 'instance-ready', instance });
}

async function answers({ state, zookeeper }: ClusterContext, instance: InstanceName): Promise<boolean> {
  if (instance === 'zookeeper') return zookeeper.isServing();
  // Its port is open before it listens for control, and both before its role has started.
  return (await askServer(state.controlSocket(instance)))?.started === true;
}
