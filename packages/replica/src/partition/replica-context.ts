import type { Clock, Logger, Node } from '@onebox/base';
import type { DiskStatus } from '@onebox/protocol';
import type { BlockFileSystem, EventLog } from '@onebox/server';
import type { CompactionPool } from '../compaction';
import type { DuplicationContext } from '../duplication';
import type { DownloadSlots } from '../bulk-load';
import type { ReplicaStore } from '../disk/replica-store';
import type { ServerMetrics } from '../metrics';
import type { AddressBook, Network } from '../network';
import type { ReplicaSettings } from '../settings';
import type { OpenEngine } from '../storage/storage-engine';
import type { LearnSlots } from './learn-slots';

/** How the meta servers are reached, as a replica sees it. */
export interface MetaView {
  /** True while the lease holds and roles were agreed on since it was granted. */
  readonly connected: boolean;
  /** When that became so last; Pegasus ms of the monotonic clock. */
  readonly connectedSinceMs: number;
  /** The meta server that acknowledged the last beacon as leader. */
  readonly leader: Node | undefined;
}

/** What all replicas of a server share. */
export interface ReplicaContext {
  readonly self: Node;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventLog;
  readonly network: Network;
  readonly addresses: AddressBook;
  readonly settings: ReplicaSettings;
  readonly meta: MetaView;
  readonly store: ReplicaStore;
  /** Of the disk below {@link store}, as it was looked at last. */
  readonly diskStatus: () => DiskStatus;
  readonly openEngine: OpenEngine;
  readonly learnSlots: LearnSlots;
  readonly metrics: ServerMetrics;
  /** The block service of a name; undefined when none is configured so. */
  readonly blockService: (name: string) => BlockFileSystem | undefined;
  readonly compactions: CompactionPool;
  readonly downloads: DownloadSlots;
  readonly duplication: DuplicationContext;
}

/**
 * How long a primary waits for a peer before it finds it failed, Pegasus ms. Soon after this node got its roles (back) it
 * waits longer: when a whole cluster starts, or all lost their leases, the others come a moment later, and the meta
 * servers give them the grace period too.
 *
 * @param usualMs what a peer has at any other time
 */
export function patienceMs({ clock, meta, settings }: ReplicaContext, usualMs: number): number {
  return Math.max(usualMs, settings.graceMs - (clock.monotonicMs() - meta.connectedSinceMs));
}
