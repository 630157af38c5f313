export * from './fault';
export { readFaultSet, readFaultsFile } from './fault-set';
export { faultText } from './fault-text';
export { Faults } from './faults';
export type { EnforcedFault, FaultsOptions } from './faults';
export { loggedFault } from './logged-fault';
export type { Cut } from './standing-cut';
