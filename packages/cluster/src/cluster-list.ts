import { OneboxError } from '@onebox/base';
import { systemProcessTable } from './process-table/process-table';
import { readRecord } from './record/record-file';
import { StateDirectory, clusterNames } from './state-directory/state-directory';
import { ProcessRecords } from './supervisor';
import { metaServersOf, serversOf } from './topology';

/** A line of `onebox list`. */
export interface ListedCluster {
  readonly name: string;
  readonly directory: string;
  readonly running: number;
  readonly servers: number;
  readonly metaServers: readonly string[];
  /** Recorded provider of its ZooKeeper. */
  readonly zookeeper: string;
  /** Why its record cannot be read; null when it can. */
  readonly problem: string | null;
}

/** The clusters below a home, by name: what their records say, and how many of their servers run. */
export function listClusters(home: string): readonly ListedCluster[] {
  const table = systemProcessTable();
  return clusterNames(home).map((name) => {
    const state = new StateDirectory(home, name);
    const records = new ProcessRecords(state.runDirectory, table);
    const empty = { name, directory: state.path, servers: 0, running: 0, metaServers: [], zookeeper: '' };
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
        problem: null,
      };
    } catch (error) {
      if (!(error instanceof OneboxError)) throw error;
      return { ...empty, problem: error.message };
    }
  });
}
