import { describeError } from '@onebox/base';
import type { Clock, Gpid, Logger, Node, Timer } from '@onebox/base';
import { RPC, duplicationConfirmEntry, duplicationSyncRequest, make } from '@onebox/protocol';
import type { DuplicationConfirmEntry, DuplicationEntry } from '@onebox/protocol';
import type { AddressBook, Network } from '../network';
import type { MetaView } from '../partition/replica-context';
import { nodeFields } from '../wire/node-fields';
import { readDupEntry } from './dup-entry';
import type { Confirmation } from './duplicator';
import type { PartitionDuplications } from './partition-duplications';

/** Pegasus ms; a sync that takes longer is made up for by the next one. */
const ANSWER_WITHIN_MS = 3000;

/** A replica of this server, as a sync sees it. */
export interface SyncedReplica {
  readonly gpid: Gpid;
  readonly isPrimary: boolean;
  readonly table: { readonly appName: string };
  readonly duplications: PartitionDuplications;
  readonly dupMetrics: { onPending(mutations: number): void };
  /** Whether its table is duplicated at all. */
  setDuplicating(duplicating: boolean): void;
}

export interface DuplicationSyncParts {
  readonly self: Node;
  readonly clock: Clock;
  readonly log: Logger;
  readonly network: Network;
  readonly addresses: AddressBook;
  readonly meta: Pick<MetaView, 'connected' | 'leader'>;
  readonly periodMs: number;
  readonly replicas: () => Iterable<SyncedReplica>;
}

/**
 * Every `duplication_sync_period_second` a replica server tells the leader how far the partitions it leads are, and learns what to
 * duplicate (reference/cluster-behaviour.md 8.2).
 */
export class DuplicationSync {
  private timer: Timer | undefined;
  private underWay = false;
  private closed = false;

  constructor(private readonly parts: DuplicationSyncParts) {}

  start(): void {
    this.timer ??= this.parts.clock.every(this.parts.periodMs, () => void this.sync());
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private async sync(): Promise<void> {
    const { meta, network, self, addresses, log } = this.parts;
    if (this.underWay || !meta.connected || meta.leader === undefined) return;
    this.underWay = true;
    try {
      const request = make(duplicationSyncRequest, {
        ...nodeFields(self, addresses),
        confirm_list: this.confirmList(),
      });
      const answer = await network.call(meta.leader, RPC.RPC_CM_DUPLICATION_SYNC, request, {
        timeoutMs: ANSWER_WITHIN_MS,
      });
      if (this.closed) return;
      if (answer.err === 'ERR_OK') this.apply(new Map(answer.dup_map));
      else log.debug(`duplication sync: ${meta.leader}: ${answer.err}`);
    } catch (error) {
      log.debug(`duplication sync: ${describeError(error)}`);
    } finally {
      this.underWay = false;
    }
  }

  private confirmList(): [Gpid, DuplicationConfirmEntry[]][] {
    const list: [Gpid, DuplicationConfirmEntry[]][] = [];
    for (const { gpid, isPrimary, duplications, dupMetrics } of this.parts.replicas()) {
      dupMetrics.onPending(duplications.pendingMutations);
      const confirmations = isPrimary ? duplications.confirmations() : [];
      if (confirmations.length > 0) list.push([gpid, confirmations.map(confirmEntry)]);
    }
    return list;
  }

  private apply(byTable: ReadonlyMap<number, readonly [number, DuplicationEntry][]>): void {
    for (const replica of this.parts.replicas()) {
      const { gpid, table, duplications } = replica;
      const wire = byTable.get(gpid.appId);
      // Only a server that leads a partition of the table is told of its duplications.
      if (wire !== undefined || replica.isPrimary) replica.setDuplicating(wire !== undefined);
      const entries = (wire ?? []).map(([, entry]) =>
        readDupEntry(entry, gpid.partitionIndex, table.appName),
      );
      duplications.update(entries.filter((entry) => entry !== undefined));
    }
  }
}

function confirmEntry(confirmation: Confirmation): DuplicationConfirmEntry {
  return make(duplicationConfirmEntry, {
    dupid: confirmation.dupId,
    confirmed_decree: confirmation.confirmedDecree,
    checkpoint_prepared: confirmation.checkpointPrepared,
    last_committed_decree: confirmation.lastCommittedDecree,
  });
}
