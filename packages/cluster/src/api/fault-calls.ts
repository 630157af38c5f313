import type { ClearedFaults, ClusterFaults, CountedFault, ExpiredSession, SetFault } from '../faults';
import type { DelayOptions, DropOptions, FaultOptions } from '../faults';
import type { InstanceName } from '../topology';
import { checkOptions, checkValue } from './check-options';
import { CUT, DELAY, DROP, TEXT_OR_TEXTS } from './option-rules';

/** What is cut off from whom. */
export interface CutOptions extends FaultOptions {
  /** Instances, `leader` and `zookeeper`, or one of them; everybody, tools included, unless given. */
  readonly from?: InstanceName | 'leader' | readonly (InstanceName | 'leader')[];
  /** Its HTTP is not answered either. */
  readonly http?: boolean;
}

/**
 * What is broken on purpose, `cluster.fault`. A fault lasts over restarts of servers, until it is cleared or its time is over,
 * and ends with its cluster.
 *
 * Every method throws ONEBOX_BAD_OPTION for an option that is none, or of another type. Every one but `list`, and `clear` without ids,
 * throws ONEBOX_NOT_RUNNING when no server runs, ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_LEADER, and
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
  /** Ends faults and resumes what is paused: that of this id, those of these, or all. @throws OneboxError ONEBOX_NO_SUCH_FAULT */
  clear(ids?: string | readonly string[]): Promise<ClearedFaults>;
}

export function faultCalls(faults: ClusterFaults): FaultCalls {
  return {
    cut: async (instance, options) => {
      checkOptions(options, CUT);
      return faults.cut(instance, { ...options, from: listOf(options?.from) });
    },
    delay: async (instance, options) => {
      checkOptions(options, DELAY, ['rpc', 'ms']);
      return faults.delay(instance, options);
    },
    drop: async (instance, options) => {
      checkOptions(options, DROP, ['rpc']);
      return faults.drop(instance, options);
    },
    expireSession: (instance) => faults.expireSession(instance),
    list: () => faults.list(),
    clear: async (ids) => {
      if (ids !== undefined) checkValue('ids', ids, TEXT_OR_TEXTS);
      return faults.clear(listOf(ids));
    },
  };
}

function listOf<T extends string>(said: T | readonly T[] | undefined): readonly T[] | undefined {
  return typeof said === 'string' ? [said] : said;
}
