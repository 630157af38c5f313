import { OneboxError } from '@onebox/base';
import { dashboardUrlOf } from './dashboard/serving-dashboard';
import { ownerOf, readLifespan } from './life/lifespan';
import { systemProcessTable } from './process-table/process-table';
import type { ClusterRecord } from './record/cluster-record';
import { readRecord } from './record/record-file';
import { StateDirectory, clusterNames } from './state-directory/state-directory';
import { ProcessRecords } from './supervisor';
import { metaServersOf, serversOf, zookeeperPortOf } from './topology';
import type { ServerRole } from './topology';

/** A line of `onebox list`. */
export interface ListedCluster {
  readonly name: string;
  readonly directory: string;
  readonly running: number;
  readonly servers: number;
  readonly metaServers: readonly string[];
  /** Recorded provider of its ZooKeeper. */
  readonly zookeeper: string;
  /** Its ports; null when its record cannot be read. */
  readonly ports: ListedPorts | null;
  /** Whether it is deleted when it stops. */
  readonly ephemeral: boolean;
  /** The living process it dies with: `onebox exec`, `onebox start --foreground`, or a program that uses the API; null when there is none. */
  readonly ownerPid: number | null;
  /** Where its dashboard is; null when none runs. */
  readonly dashboard: string | null;
  /** Why its record cannot be read; null when it can. */
  readonly problem: string | null;
}

export interface ListedPorts {
  readonly offset: number;
  readonly metas: readonly number[];
  readonly replicas: readonly number[];
  readonly collector: number | null;
  /** Of a ZooKeeper of its own. */
  readonly zookeeper: number | null;
}

function portsListed(record: ClusterRecord): ListedPorts {
  const of = (wanted: ServerRole) => {
    return serversOf(record)
      .filter(({ role }) => role === wanted)
      .map(({ port }) => port);
  };
  return {
    offset: record.portOffset,
    metas: of('meta'),
    replicas: of('replica'),
    collector: of('collector')[0] ?? null,
    zookeeper: record.zookeeper.kind === 'external' ? null : zookeeperPortOf(record),
  };
}

/** The clusters below a home, by name: what their records say, and how many of their servers run. */
export function listClusters(home: string): readonly ListedCluster[] {
  const table = systemProcessTable();
  return clusterNames(home).map((name) => {
    const state = new StateDirectory(home, name);
    const records = new ProcessRecords(state.runDirectory, table);
    const lifespan = readLifespan(state);
    const empty = {
      ...{ name, directory: state.path, servers: 0, running: 0, metaServers: [], zookeeper: '', ports: null },
      ephemeral: lifespan?.ephemeral ?? false,
      ownerPid: ownerOf(lifespan, table)?.pid ?? null,
      dashboard: dashboardUrlOf(state, records),
    };
    try {
      const record = readRecord(state);
      if (record === undefined) return { ...empty, problem: 'it was never started' };
      const servers = serversOf(record);
      const running = servers.filter((server) => records.live(server.name) !== undefined).length;
      return {
        ...empty,
        servers: servers.length,
        running,
        metaServers: metaServersOf(record),
        zookeeper: record.zookeeper.provider,
        ports: portsListed(record),
        problem: null,
      };
    } catch (error) {
      if (!(error instanceof OneboxError)) throw error;
      return { ...empty, problem: error.message };
    }
  });
}
