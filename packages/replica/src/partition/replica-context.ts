import type { Clock, Logger, Node } from '@onebox/base';
import type { ReplicaStore } from '../disk/replica-store';
import type { AddressBook, Network } from '../network';
import type { ReplicaSettings } from '../settings';
import type { OpenEngine } from '../storage/storage-engine';
import type { LearnSlots } from './learn-slots';

/** How the meta servers are reached, as a replica sees it. */
export interface MetaView {
  /** True while the lease holds and roles were agreed on since it was granted. */
  readonly connected: boolean;
  /** The meta server that acknowledged the last beacon as leader. */
  readonly leader: Node | undefined;
}

/** What all replicas of a server share. */
export interface ReplicaContext {
  readonly self: Node;
  readonly clock: Clock;
  readonly log: Logger;
  readonly network: Network;
  readonly addresses: AddressBook;
  readonly settings: ReplicaSettings;
  readonly meta: MetaView;
  readonly store: ReplicaStore;
  readonly openEngine: OpenEngine;
  readonly learnSlots: LearnSlots;
  /** When this process started, Pegasus ms of the clock. */
  readonly startedMs: number;
}
