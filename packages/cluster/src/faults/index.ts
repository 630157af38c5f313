export { ClusterFaults, listedFaults } from './cluster-faults';
export type { ClearedFaults, SetFault } from './cluster-faults';
export type { CountedFault } from './counted-fault';
export type { ExpiredSession } from './expire-session';
export { endFaults } from './end-of-faults';
export type { ListedFault } from './listed-fault';
export { rolesText } from './rpc-name';
export type { CutOptions, DelayOptions, DropOptions, FaultOptions } from './new-fault';
export type { UntoldServer } from './tell-servers';
