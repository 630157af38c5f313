import type { EventListener } from '../events';
import type { ProcessTable } from '../process-table/process-table';
import type { ClusterRecord } from '../record/cluster-record';
import type { StateDirectory } from '../state-directory/state-directory';
import type { LastWill, ProcessExit, ProcessRecords, Supervisor } from '../supervisor';
import type { InstanceName } from '../topology';
import { ClusterZooKeeper } from './cluster-zookeeper';
import type { Installation } from './installation';

/** What is needed to change a cluster, apart from what it was created with. */
export interface ClusterParts {
  readonly state: StateDirectory;
  readonly records: ProcessRecords;
  readonly table: ProcessTable;
  readonly installation: Installation;
  /** Runs the servers. */
  readonly servers: Supervisor;
  /**
   * Runs a ZooKeeper that is a process: as a plain child also under pm2, because it is to start at once, without waiting
   * for pm2's daemon, which starts meanwhile.
   */
  readonly zookeeperSupervisor: Supervisor;
  /** Of this process, when the cluster dies with it. */
  readonly will?: LastWill;
  /** Aborted when ending processes politely takes too long for the person who waits. */
  readonly hurry?: AbortSignal;
  readonly emit: EventListener;
}

/** One cluster with everything that is needed to change it. */
export interface ClusterContext extends ClusterParts {
  readonly record: ClusterRecord;
  readonly zookeeper: ClusterZooKeeper;
}

/** @param signal of a start: aborting it ends what of ZooKeeper's start takes long */
export function contextOf(parts: ClusterParts, record: ClusterRecord, signal?: AbortSignal): ClusterContext {
  const { state, records, zookeeperSupervisor: supervisor, installation, emit } = parts;
  const zookeeper = new ClusterZooKeeper({ record, state, records, supervisor, installation, signal, emit });
  return { ...parts, record, zookeeper };
}

/** How an instance ended, when somebody saw it. */
export function exitOf(
  context: Pick<ClusterContext, 'servers' | 'zookeeper'>,
  name: InstanceName,
): Promise<ProcessExit | undefined> {
  return name === 'zookeeper' ? context.zookeeper.exit() : context.servers.exitOf(name);
}
