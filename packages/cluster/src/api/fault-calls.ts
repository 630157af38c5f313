import type { ClearedFaults, ClusterFaults, CountedFault, ExpiredSession, SetFault } from '../faults';
import type { CutOptions, DelayOptions, DropOptions } from '../faults';
import type { InstanceName } from '../topology';

/**
 * What is broken on purpose, `cluster.fault`. A fault lasts over restarts of servers, until it is cleared or its time is over,
 * and ends with its cluster.
 *
 * Every method but `list` throws ONEBOX_NOT_RUNNING when no server runs, ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_LEADER, and
 * ONEBOX_FAULT_UNTOLD when a server that runs did not take it.
 */
export interface FaultCalls {
  /**
   * No RPC and no ZooKeeper traffic between an instance and others, both ways: from everybody, tools included, unless `from`
   * names them. What is sent is lost; no connection is closed. Its HTTP goes on, unless `http` is true.
   *
   * @throws OneboxError ONEBOX_BAD_FAULT
   */
  cut(instance: InstanceName | 'leader', options?: CutOptions): Promise<SetFault>;
  /**
   * Requests of one task code that an instance sends or receives come late.
   * @throws OneboxError ONEBOX_BAD_FAULT, ONEBOX_UNKNOWN_RPC
   */
  delay(instance: InstanceName | 'leader', options: DelayOptions): Promise<SetFault>;
  /**
   * Requests of one task code that an instance sends or receives are lost.
   * @throws OneboxError ONEBOX_BAD_FAULT, ONEBOX_UNKNOWN_RPC
   */
  drop(instance: InstanceName | 'leader', options: DropOptions): Promise<SetFault>;
  /**
   * Ends the ZooKeeper session of a meta server from outside; its process ends when it hears of it.
   * @throws OneboxError ONEBOX_NO_SESSION, ONEBOX_NOT_ANSWERING, ONEBOX_ZOOKEEPER_UNREACHABLE
   */
  expireSession(instance: InstanceName | 'leader'): Promise<ExpiredSession>;
  /** What is in force now, pauses among it. */
  list(): Promise<readonly CountedFault[]>;
  /** Ends faults and resumes what is paused: those of these ids, or all. @throws OneboxError ONEBOX_NO_SUCH_FAULT */
  clear(ids?: readonly string[]): Promise<ClearedFaults>;
}

export function faultCalls(faults: ClusterFaults): FaultCalls {
  return {
    cut: (instance, options) => faults.cut(instance, options),
    delay: (instance, options) => faults.delay(instance, options),
    drop: (instance, options) => faults.drop(instance, options),
    expireSession: (instance) => faults.expireSession(instance),
    list: () => faults.list(),
    clear: (ids) => faults.clear(ids),
  };
}
