import { describeError, gpidText } from '@onebox/base';
import type { Clock, Logger, Timer } from '@onebox/base';
import type { Chronicle, Why } from '../chronicle';
import type { FunctionLevel } from '../cluster-view';
import { LEVEL_ALLOWS } from '../function-level';
import type { MetaStore } from '../state/meta-store';
import type { PartitionConfig } from '../state/partition';
import { writePartitionJson } from '../state/partition-json';
import type { AddressText } from '../state/partition-json';
import type { PendingChange } from '../state/partition-context';
import type { PartitionRef, ServerState } from '../state/server-state';
import type { ZnodePaths } from '../state/znode-paths';

/** How often a deferred write asks whether the level allows it now, Pegasus ms (section 5). */
const DEFERRED_WRITE_RETRY_MS = 1000;

/** A configuration to be written, and what makes it different from the one before. */
export interface PlannedChange extends PendingChange, Why {
  readonly next: PartitionConfig;
}

export interface PartitionWriterParts {
  readonly state: ServerState;
  readonly store: MetaStore;
  readonly paths: ZnodePaths;
  readonly level: () => FunctionLevel;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addressOf: AddressText;
  readonly chronicle: Chronicle;
  /** Called after memory followed a write, with the change that was written. */
  readonly onChanged: (partition: PartitionRef, change: PlannedChange) => void;
  /** A write that failed for good: the leader cannot go on. */
  readonly fatal: (reason: string) => void;
}

/**
 * The one way a partition's configuration changes: one write in flight per partition, memory after the write was
 * acknowledged (reference/cluster-behaviour.md 4.1, rules 1 and 2).
 */
export class PartitionWriter {
  private readonly deferred = new Set<Timer>();

  constructor(private readonly parts: PartitionWriterParts) {}

  /**
   * Waits for the partition's turn, plans the change from the configuration of that moment, and writes it.
   *
   * @param plan gives undefined when there is nothing to change any more
   * @returns the configuration that is stored afterwards
   */
  async change(
    partition: PartitionRef,
    plan: (stored: PartitionConfig) => PlannedChange | undefined,
  ): Promise<PartitionConfig> {
    const { table, index } = partition;
    const context = table.context(index);
    return context.turn.during(async () => {
      const planned = plan(table.partition(index));
      if (planned === undefined) return table.partition(index);
      context.pending = planned;
      try {
        await this.levelAllowsWriting();
        await this.store(planned.next);
      } finally {
        context.pending = undefined;
      }
      const { next, type, node } = planned;
      this.parts.log.info(`${gpidText(next.gpid)}: ${type}${node ? ` ${node}` : ''}, ballot ${next.ballot}`);
      this.parts.chronicle.changed(next, planned);
      this.parts.state.replacePartition(partition, next, planned);
      this.parts.onChanged(partition, planned);
      return next;
    });
  }

  /** Clears the flag of a partition whose table is recalled: the ballot stays, so nothing else hangs on it. */
  async clearFlag(
    partition: PartitionRef,
    recalled: (stored: PartitionConfig) => PartitionConfig,
    why: Why,
  ): Promise<void> {
    const { table, index } = partition;
    await table.context(index).turn.during(async () => {
      const next = recalled(table.partition(index));
      await this.store(next);
      this.parts.chronicle.changed(next, { type: 'CT_RECALL', node: undefined, ...why });
      this.parts.state.replaceFlags(partition, next);
    });
  }

  /** Writes that are deferred by the level never happen any more. */
  close(): void {
    for (const timer of this.deferred) timer.cancel();
    this.deferred.clear();
  }

  private async store(config: PartitionConfig): Promise<void> {
    const { store, paths, addressOf, fatal } = this.parts;
    try {
      await store.set(paths.partition(config.gpid), writePartitionJson(config, addressOf));
    } catch (error) {
      fatal(`the configuration of ${gpidText(config.gpid)} cannot be stored: ${describeError(error)}`);
      throw error;
    }
  }

  private async levelAllowsWriting(): Promise<void> {
    while (!LEVEL_ALLOWS[this.parts.level()].partitionWrites) {
      await new Promise<void>((resolve) => {
        const timer = this.parts.clock.after(DEFERRED_WRITE_RETRY_MS, () => {
          this.deferred.delete(timer);
          resolve();
        });
        this.deferred.add(timer);
      });
    }
  }
}
