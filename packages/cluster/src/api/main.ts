import { join } from 'node:path';
import { installationIn } from '../life/installation';
import { installedAt } from './installed';

/** The programmatic API, `import { Onebox } from 'pegasus-onebox'`: this is all that is exported, values and types. */
export { Onebox } from './onebox';
export type { Dashboard } from './dashboard';
export type { DashboardOptions } from '../dashboard';
export type { StatusPredicate } from './wait-for-status';
export type {
  AttachTarget,
  CreateTableOptions,
  EventsOptions,
  OneboxStartOptions,
  TableSpec,
  WaitOptions,
} from './onebox-options';
export { OneboxError } from '@onebox/base';
export type { ListedPartition, ListedTable } from '../admin';
export type { ClusterEvent } from '../events';
export type { EventType, LoggedEvent } from '@onebox/server';
export type { CutOptions, FaultCalls } from './fault-calls';
export type {
  ClearedFaults,
  CountedFault,
  DelayOptions,
  DropOptions,
  ExpiredSession,
  FaultOptions,
  ListedFault,
  SetFault,
  UntoldServer,
} from '../faults';
export type { ClusterHealth, ClusterStatus, InstanceState, InstanceStatus } from '../status/cluster-status';
export type { InstanceName, ServerName } from '../topology';

// This file is dist/api.js; everything else of the package lies beside dist.
installedAt(installationIn(join(__dirname, '..')));
