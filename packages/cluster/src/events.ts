import type { Node } from '@onebox/base';
import type { InstanceName } from './topology';

/** What becomes true while a cluster is started or cleared: in the order it does, for a person who waits. */
export type ClusterEvent =
  | { readonly kind: 'notice'; readonly line: string }
  | { readonly kind: 'config-warning'; readonly message: string }
  | { readonly kind: 'instance-started'; readonly instance: InstanceName }
  | {
      readonly kind: 'instance-ended';
      readonly instance: InstanceName;
      readonly code: number | null;
      readonly signal: string | null;
    }
  | { readonly kind: 'instance-ready'; readonly instance: InstanceName }
  | { readonly kind: 'zookeeper-ready'; readonly hosts: string }
  | { readonly kind: 'leader-elected'; readonly leader: Node }
  | { readonly kind: 'nodes-alive'; readonly alive: number; readonly expected: number }
  | { readonly kind: 'tables-healthy'; readonly healthy: number; readonly total: number }
  | { readonly kind: 'undoing'; readonly why: string };

export type EventListener = (event: ClusterEvent) => void;
