import type { Node } from '@onebox/base';
import type { Policy } from './backup';
import type { DuplicationView } from './duplication';
import type { TableView } from './state/table';

export type FunctionLevel = 'stopped' | 'blind' | 'freezed' | 'steady' | 'lively' | 'invalid';

/** A replica server the leader remembers. Memory only: a new leader starts with those named in configurations (3.4). */
export interface NodeView {
  readonly node: Node;
  readonly alive: boolean;
}

/** Counters of the last balancer check or run; total -1 while some node has not reported its replicas (6.1). */
export interface BalanceCounts {
  readonly movePrimary: number;
  readonly copyPrimary: number;
  readonly copySecondary: number;
  readonly total: number;
}

/** The leader's state as HTTP calls and query RPCs see it. Nothing here is computed for display: encoders do that. */
export interface ClusterView {
  readonly self: Node;
  readonly metaServers: readonly Node[];
  readonly zookeeperHosts: string;
  readonly zookeeperRoot: string;
  readonly clusterName: string;
  /** The effective level (section 5). */
  functionLevel(): FunctionLevel;
  balanceCounts(): BalanceCounts;
  /** Every table the leader knows, dropped ones included, in id order. */
  tables(): readonly TableView[];
  /** The table that owns this name now: available or in transition, never a dropped one. */
  tableNamed(name: string): TableView | undefined;
  /** `duplication_enabled`. */
  duplicationEnabled(): boolean;
  /** The duplications of a table, in the order of their ids. */
  duplications(appId: number): readonly DuplicationView[];
  /** In node order. */
  nodes(): readonly NodeView[];
  /** In name order; undefined when cold backup is switched off. */
  backupPolicies(): readonly Policy[] | undefined;
  /** False while a new leader is still loading its state. */
  ready(): boolean;
}
