import { OneboxError } from '@onebox/base';
import type { ClusterContext } from '../life/cluster-context';
import { refuseDeaths } from '../life/died';
import { serversOf } from '../topology';
import type { InstanceName } from '../topology';
import { ClusterHttp, reachableHost } from './cluster-http';
import type { HealthWait } from './wait-healthy';

const LOOK_EVERY_MS = 15;

/**
 * Waits until one instance answers: a server on its Pegasus port, ZooKeeper by serving.
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

async function answers({ record, zookeeper }: ClusterContext, instance: InstanceName): Promise<boolean> {
  if (instance === 'zookeeper') return zookeeper.isServing();
  const server = serversOf(record).find(({ name }) => name === instance);
  const http = new ClusterHttp(reachableHost(record.bind));
  return server !== undefined && (await http.get(server.node, '/version')) !== undefined;
}
