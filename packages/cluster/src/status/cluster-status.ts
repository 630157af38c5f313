import type { EffectiveTimers } from '@onebox/server';
import type { DashboardProcess } from '../dashboard/dashboard-process';
import type { ListedFault } from '../faults/listed-fault';
import type { ReplicaCounts } from '../health/server-status';
import type { TableView } from '../health/leader-client';
import type { InstanceName, ServerRole } from '../topology';

/** `frozen`: stopped by a signal. `exited`: it is known how it ended. `stopped`: it does not run, and that is all there is to say. */
export type InstanceState = 'running' | 'frozen' | 'exited' | 'stopped' | 'external';

/** What `onebox status --json` prints: a stable shape, described in docs/status-json.md. Members are added, never changed. */
export interface ClusterStatus {
  readonly name: string;
  /** Absolute path of the state directory. */
  readonly directory: string;
  /** `partly running`: at least one server runs and at least one does not. */
  readonly state: 'running' | 'partly running' | 'stopped';
  readonly health: ClusterHealth;
  readonly leader: string | null;
  readonly metaServers: readonly string[];
  readonly functionLevel: string | null;
  readonly pegasusVersion: string;
  readonly timeScale: number;
  readonly portOffset: number;
  readonly zookeeper: { readonly provider: string; readonly hosts: string; readonly root: string };
  readonly instances: readonly InstanceStatus[];
  /** What is broken on purpose. */
  readonly faults: readonly ListedFault[];
  /** Where its dashboard is; null when none runs. */
  readonly dashboard: string | null;
  /** How its process is; null when there is none, and when it was ended as asked. */
  readonly dashboardProcess: DashboardProcess | null;
  /** Empty while no leader answers. */
  readonly tables: readonly TableView[];
}

export interface ClusterHealth {
  readonly healthy: boolean;
  /** Why it is not, or what it is when it is. */
  readonly reason: string;
}

/** What does not apply, or is not known, is null. */
export interface InstanceStatus {
  readonly name: InstanceName;
  readonly role: ServerRole | 'zookeeper';
  readonly state: InstanceState;
  readonly pid: number | null;
  /** The advertised `host:port`. */
  readonly address: string;
  readonly port: number | null;
  /** Whether it is the primary meta server. */
  readonly leader: boolean;
  /** Whether it answers: a server on its control socket, ZooKeeper by serving. */
  readonly answering: boolean;
  readonly uptimeMs: number | null;
  readonly rssBytes: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Whether it does not run because a command asked it to end. */
  readonly asked: boolean;
  /** Ids of the faults that were set on it. */
  readonly faults: readonly string[];
  readonly replicas: ReplicaCounts | null;
  /** Real milliseconds. */
  readonly timers: (EffectiveTimers & { readonly zookeeperSessionMs: number | null }) | null;
}
