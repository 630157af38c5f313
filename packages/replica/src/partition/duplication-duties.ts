import { describeError, gpidText } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { MutationLog, MutationLogFile, PartitionDuplications } from '../duplication';
import type { DuplicatedReplica, SyncedReplica } from '../duplication';
import { DuplicationMetrics } from '../metrics';
import type { ReplicaMetrics } from '../metrics';
import { EMPTY_WRITE } from '../storage/storage-engine';
import type { Mutation, MutationUpdate, StorageEngine } from '../storage/storage-engine';
import type { ReplicaContext } from './replica-context';
import type { Standing } from './replica-status';
import type { TableInfo } from './table-info';

/** What duplication needs of a replica. */
export interface Duplicable {
  readonly gpid: Gpid;
  readonly standing: Standing;
  readonly table: TableInfo;
  readonly engine: StorageEngine;
  readonly metrics: ReplicaMetrics;
  readonly leading: { write(updates: readonly MutationUpdate[]): boolean };
  store(): boolean;
  fail(why: string): void;
}

/** What a replica does for duplication: it keeps what it has committed, and as a primary ships it (reference/cluster-behaviour.md 8). */
export class DuplicationDuties implements DuplicatedReplica, SyncedReplica {
  readonly mutations: MutationLog;
  readonly duplications: PartitionDuplications;
  readonly dupMetrics: DuplicationMetrics;

  /** @param directory of the replica */
  constructor(
    context: Pick<ReplicaContext, 'duplication' | 'log'>,
    private readonly replica: Duplicable,
    directory: string,
  ) {
    const file = new MutationLogFile(directory);
    const { gpid, engine, metrics } = replica;
    this.mutations = new MutationLog(file, file.read(), engine.lastCommittedDecree, (error) =>
      context.log.error(`${gpidText(gpid)}: its mutations cannot be written: ${describeError(error)}`),
    );
    this.dupMetrics = new DuplicationMetrics(metrics.entity);
    this.duplications = new PartitionDuplications(context.duplication, this);
  }

  get gpid(): Gpid {
    return this.replica.gpid;
  }

  get table(): TableInfo {
    return this.replica.table;
  }

  get isPrimary(): boolean {
    return this.replica.standing.status === 'PS_PRIMARY';
  }

  get lastCommittedDecree(): number {
    return this.replica.engine.lastCommittedDecree;
  }

  get lastDurableDecree(): number {
    return this.replica.engine.lastDurableDecree;
  }

  onCommitted(mutation: Mutation): void {
    this.mutations.append(mutation);
    this.duplications.wake();
  }

  /** The table may be duplicated, as the meta server says. */
  setDuplicating(duplicating: boolean): void {
    this.mutations.keep(duplicating);
  }

  /** A primary says what every other cluster has confirmed. */
  onConfirmedByPrimary(decree: number | undefined): void {
    if (decree !== undefined) this.mutations.trim(decree);
  }

  /** What a learner has to keep as well. */
  learnableMutations(): readonly Mutation[] {
    return this.mutations.kept;
  }

  writeEmpty(): void {
    this.replica.leading.write([{ code: EMPTY_WRITE, data: Buffer.alloc(0) }]);
  }

  checkpoint(): void {
    if (!this.replica.store()) return;
    try {
      this.replica.engine.checkpoint();
    } catch (error) {
      this.replica.fail(`checkpoint failed: ${describeError(error)}`);
    }
  }

  close(): void {
    this.duplications.close();
  }
}
