import { StateDirectory, readEvents } from '@onebox/cluster';
import type { EventFilter } from '@onebox/cluster';
import type { LoggedEvent } from '@onebox/server';
import type { TestCluster } from './test-cluster';

/** What the servers of a cluster told, and what was done to them, in order. */
export function eventsOf(cluster: TestCluster, filter: EventFilter = {}): readonly LoggedEvent[] {
  return readEvents(new StateDirectory(cluster.home, cluster.name), filter);
}
