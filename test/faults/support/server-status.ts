import { join } from 'node:path';
import { CONTROL_SOCKET, askControl } from '@onebox/server';
import type { ServerStatus } from '@onebox/server';
import type { TestCluster } from '../../support/test-cluster';

/** What a server says of itself where no fault reaches. */
export async function statusOf(cluster: TestCluster, instance: string): Promise<ServerStatus> {
  const socket = join(cluster.directory, instance, CONTROL_SOCKET);
  return (await askControl(socket, { command: 'status' }, { withinMs: 3000 })) as ServerStatus;
}

/** How many messages a server's only fault has lost, or let come late. */
export async function costOfFault(
  cluster: TestCluster,
  instance: string,
): Promise<{ readonly lost: number; readonly delayed: number }> {
  const [fault] = (await statusOf(cluster, instance)).faults;
  if (fault === undefined) throw new Error(`${instance} enforces no fault`);
  return fault;
}

/** Of a replica server: `disconnected` without a lease, `connecting` before roles are agreed on, `connected`. */
export async function leaseOf(cluster: TestCluster, instance: string): Promise<string> {
  return ((await statusOf(cluster, instance)).facts as { lease: { state: string } }).lease.state;
}
