import type { Node } from '@onebox/base';

/** Somebody a server may be cut off from; `node` is null for ZooKeeper. */
export interface FaultPeer {
  /** An instance, or `zookeeper`. */
  readonly name: string;
  readonly node: Node | null;
}

interface FaultHead {
  /** `f1`, `f2` …: unique in the life of a cluster. */
  readonly id: string;
  /** The instance it was asked for. */
  readonly instance: string;
  readonly node: Node;
  /** Unix milliseconds at which it heals by itself; null: until it is cleared. */
  readonly untilUnixMs: number | null;
  readonly sinceUnixMs: number;
}

/** No RPC and no ZooKeeper traffic between `instance` and its peers, both ways. */
export interface CutFault extends FaultHead {
  readonly kind: 'cut';
  /** Empty: everybody, tools included. */
  readonly from: readonly FaultPeer[];
  /** Whether its HTTP is not answered either. */
  readonly http: boolean;
}

/** Requests of one task code that `instance` sends or receives come late. */
export interface DelayFault extends FaultHead {
  readonly kind: 'delay';
  readonly rpc: string;
  /** 0 to 1. */
  readonly probability: number;
  /** Real milliseconds. */
  readonly ms: number;
  readonly seed: number;
}

/** Requests of one task code that `instance` sends or receives are lost. */
export interface DropFault extends FaultHead {
  readonly kind: 'drop';
  readonly rpc: string;
  readonly probability: number;
  readonly seed: number;
}

/** What stands in the way of a running cluster on purpose. It lasts over restarts of servers and never outlives the cluster. */
export type Fault = CutFault | DelayFault | DropFault;

/**
 * The file in the state directory that says which faults there are: `{"format": 1, "last": 3, "faults": [...]}`, written atomically by whoever
 * sets them; servers read it when they start and are told of changes over their control sockets.
 */
export const FAULTS_FILE = 'faults.json';

export interface FaultsFile {
  readonly format: 1;
  /** The number of the last id that was given. */
  readonly last: number;
  readonly faults: readonly Fault[];
}

/** The control command `faults`: the whole set that is in force from now on, those of other instances included. */
export interface FaultsRequest {
  readonly command: 'faults';
  readonly faults: readonly Fault[];
}
