import type { ClusterRecord } from './record/cluster-record';
import { serversOf } from './topology';
import type { ServerRole } from './topology';

/**
 * The variables by which a program finds a cluster: `onebox exec` sets them, `onebox env` prints them. What a cluster does not
 * have is empty.
 *
 * @param home the directory that the cluster's own lies in, absolute
 */
export function environmentOf(record: ClusterRecord, home: string): Readonly<Record<string, string>> {
  const addresses = (wanted: ServerRole): string =>
    serversOf(record)
      .filter(({ role }) => role === wanted)
      .map(({ node }) => node)
      .join();
  return {
    ONEBOX_META_SERVERS: addresses('meta'),
    ONEBOX_REPLICA_SERVERS: addresses('replica'),
    ONEBOX_COLLECTOR: addresses('collector'),
    ONEBOX_ZOOKEEPER: record.zookeeper.hosts,
    ONEBOX_HOME: home,
    ONEBOX_NAME: record.name,
  };
}
