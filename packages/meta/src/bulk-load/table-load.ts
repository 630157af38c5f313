import { describeError, gpidText } from '@onebox/base';
import type { ErrorCode, Timer } from '@onebox/base';
import { eachLimited } from '../state/each-limited';
import type { PartitionConfig } from '../state/partition';
import type { TableState } from '../state/table-state';
import { Turn } from '../state/turn';
import { PARTITION_WRITES_AT_ONCE } from '../tables/table-operations';
import type { SharedByLoads } from './bulk-load-parts';
import { judgeReply, judgeSilence } from './judge-reply';
import type { Trouble, Verdict } from './judge-reply';
import { setBulkLoading } from './load-flag';
import { INGESTING_PERIOD_MS, NEW_PARTITION, REQUEST_PERIOD_MS, UNHEALTHY_RETRY_MS } from './load-info';
import type { GroupStates, LoadStatus, PartitionLoadInfo, TableLoadInfo } from './load-info';
import { askPrimary, groupStatesOf } from './load-requests';
import {
  afterRollback,
  canBeAsked,
  imposesOnPartitions,
  isOver,
  nextTableStatus,
  withPartitionStatus,
  withTableStatus,
} from './load-steps';
import {
  createPartitionLoads,
  fitsInPartitionZnode,
  removeLoad,
  storeLoad,
  storePartitionLoad,
} from './load-znodes';
import { PartitionIngestion } from './partition-ingestion';

/** A partition of a load: what is stored, and what its primary said. */
interface PartitionLoad {
  info: PartitionLoadInfo;
  states: GroupStates;
  cleanedUp: boolean;
}

/**
 * The load of one table: asks the primaries, follows what they answer, stores every step before it counts. Decisions are
 * pure (judge-reply.ts, load-steps.ts); one thing changes at a time (the turn); it ends with its owner.
 */
export class TableLoad {
  private readonly partitions: PartitionLoad[];
  private readonly turn = new Turn();
  private readonly timers = new Set<Timer>();
  /** The partitions that are being asked, or will be. */
  private readonly asking = new Set<number>();
  private readonly ingestion: PartitionIngestion;
  private rollbacks = 0;
  /** Counts how often the partitions were given a status all at once. */
  private round = 0;
  private isActive = false;

  /** @param partitions in index order; undefined where none is stored yet */
  constructor(
    private readonly parts: SharedByLoads,
    private current: TableLoadInfo,
    partitions: readonly (PartitionLoadInfo | undefined)[],
  ) {
    this.partitions = partitions.map((info) => ({
      info: info ?? NEW_PARTITION,
      states: [],
      cleanedUp: false,
    }));
    this.ingestion = new PartitionIngestion(parts, {
      info: () => this.current,
      partition: (index) => this.partition(index).info,
      config: (index) => this.config(index),
      after: (ms, work) => this.after(ms, work),
      follow: (index, verdict) => this.inTurn(() => this.follow(index, verdict)),
    });
  }

  get info(): TableLoadInfo {
    return this.current;
  }

  /** In partition order. */
  get partitionStatuses(): readonly LoadStatus[] {
    return this.partitions.map(({ info }) => info.status);
  }

  /** In partition order: what was heard of each group last. */
  get groupStates(): readonly GroupStates[] {
    return this.partitions.map(({ states }) => states);
  }

  /** Its znodes have just been made: begins to ask. */
  begin(): void {
    this.isActive = true;
    this.wakeAll();
  }

  /** An earlier leader began it: makes its partitions agree with it, and goes on (reference/cluster-behaviour.md 9.2, step 6). */
  resume(stored: ReadonlyMap<number, PartitionLoadInfo>): void {
    this.isActive = true;
    this.own(
      this.inTurn(async () => {
        const missing = [...this.partitions.keys()].filter((index) => !stored.has(index));
        if (missing.length > 0) {
          const nodes = missing.map((index) => [index, NEW_PARTITION] as const);
          await createPartitionLoads(this.parts.operations, this.current, nodes);
        }
        if (imposesOnPartitions(this.current.status)) await this.impose();
        if (this.current.status === 'BLS_PAUSED') return;
        this.wakeAll();
        if (this.current.status === 'BLS_INGESTING') this.ingestion.startAll(this.partitions.length);
      }),
    );
  }

  /** An operator's word. What was decided is stored a little later; the answer does not wait for that, as upstream's. */
  control(status: LoadStatus): void {
    this.own(this.inTurn(() => this.setStatus(status)));
  }

  /** Nothing more happens; what is known of it stays. */
  stop(): void {
    this.isActive = false;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.asking.clear();
    this.ingestion.stop(this.partitions.length);
  }

  private wakeAll(): void {
    for (const index of this.partitions.keys()) {
      if (this.asking.has(index)) continue;
      this.asking.add(index);
      this.own(this.ask(index));
    }
  }

  /** One request to a partition's primary, and the next one after its period. */
  private async ask(index: number): Promise<void> {
    const table = this.table();
    if (table === undefined) return;
    const config = table.partition(index);
    const { info } = this.partition(index);
    if (!canBeAsked(config, info.status)) {
      this.askAfter(index, UNHEALTHY_RETRY_MS);
      return;
    }
    const { round } = this;
    const verdictOf = await this.answer(config, info);
    await this.inTurn(async () => {
      // What was asked before the status changed says nothing about the present one: a node that died costs one rollback,
      // not one for each of its partitions.
      if (round !== this.round || this.partition(index).info.status !== info.status) return;
      await this.follow(index, verdictOf(index));
      // Who is paused is not asked: whoever wakes the load begins anew.
      if (this.partition(index).info.status === 'BLS_PAUSED') this.asking.delete(index);
    });
    if (!this.asking.has(index)) return;
    this.askAfter(index, info.status === 'BLS_INGESTING' ? INGESTING_PERIOD_MS : REQUEST_PERIOD_MS);
  }

  /** What the answer means, to be judged by what is so when its turn comes. */
  private async answer(
    config: PartitionConfig,
    info: PartitionLoadInfo,
  ): Promise<(index: number) => Verdict> {
    const { primary, gpid, ballot: askedBallot } = config;
    if (primary === undefined) return judgeSilence;
    try {
      const response = await askPrimary(this.parts, this.current, info, config, primary);
      if (response.err !== 'ERR_OK')
        this.log('info', `${gpidText(gpid)}: ${primary} answered ${response.err}`);
      return (index) => {
        const ballot = this.config(index)?.ballot ?? askedBallot;
        const now = { gpid, tableStatus: this.current.status, partition: info, askedBallot, ballot };
        return judgeReply(now, response, groupStatesOf(response));
      };
    } catch (error) {
      this.log('warn', `${gpidText(gpid)}: ${describeError(error)}`);
      return judgeSilence;
    }
  }

  private async follow(index: number, verdict: Verdict): Promise<void> {
    const partition = this.partition(index);
    partition.states = verdict.states ?? partition.states;
    partition.cleanedUp = verdict.cleanedUp ?? partition.cleanedUp;
    if (verdict.trouble !== undefined) {
      await this.meet(verdict.trouble, index);
      return;
    }
    const told = verdict.metadata;
    const known = told === undefined ? partition.info : { ...partition.info, metadata: told };
    if (told !== undefined && !fitsInPartitionZnode(known)) {
      await this.meet({ act: 'fail', error: 'ERR_CAPACITY_EXCEEDED' }, index);
      return;
    }
    const next = verdict.to === undefined ? known : withPartitionStatus(known, verdict.to, partition.states);
    if (next.status !== partition.info.status || next.metadata !== partition.info.metadata) {
      await this.setPartition(index, next);
    }
    const infos = this.partitions.map(({ info }) => info);
    const status = nextTableStatus(this.current.status, infos);
    if (status !== undefined) await this.setStatus(status);
    if (isOver(this.current.status) && this.partitions.every(({ cleanedUp }) => cleanedUp)) {
      await this.finish();
    }
  }

  private async meet(trouble: Trouble, index: number): Promise<void> {
    if (isOver(this.current.status)) return;
    if (trouble.act === 'fail') {
      this.log('error', `partition ${index}: ${trouble.error}`);
      await this.setStatus('BLS_FAILED', trouble.error);
      return;
    }
    const most = this.parts.operations.flags.get('bulk_load_max_rollback_times');
    const after = afterRollback(this.current, this.rollbacks, most);
    if (after === undefined) return;
    this.log('warn', `partition ${index}: ${after.status} after ${this.rollbacks} rollbacks`);
    if (after.status === 'BLS_DOWNLOADING') this.rollbacks += 1;
    await this.setStatus(after.status, after.error);
  }

  private async setStatus(status: LoadStatus, error: ErrorCode = 'ERR_OK'): Promise<void> {
    const before = this.current.status;
    if (status === before && status !== 'BLS_DOWNLOADING') return;
    const next = withTableStatus(this.current, status, error);
    await storeLoad(this.parts.operations, next);
    this.current = next;
    const outcome = error === 'ERR_OK' ? '' : ` ${error}`;
    this.parts.operations.chronicle.tableChanged(next, `bulk load: ${before} -> ${status}${outcome}`);
    this.log('info', `${before} -> ${status}${outcome}`);
    if (before === 'BLS_INGESTING') this.ingestion.stop(this.partitions.length);
    if (status === 'BLS_INGESTING') this.ingestion.startAll(this.partitions.length);
    if (!imposesOnPartitions(status)) return;
    await this.impose();
    this.wakeAll();
  }

  /** Every partition gets the table's status, and what is known of its group is void. */
  private async impose(): Promise<void> {
    const { status } = this.current;
    this.round += 1;
    await eachLimited([...this.partitions.keys()], PARTITION_WRITES_AT_ONCE, async (index) => {
      const partition = this.partition(index);
      if (partition.info.status !== status) await this.setPartition(index, { ...partition.info, status });
      if (status === 'BLS_DOWNLOADING') partition.states = [];
      partition.cleanedUp = false;
    });
  }

  private async setPartition(index: number, next: PartitionLoadInfo): Promise<void> {
    await storePartitionLoad(this.parts.operations, this.current, index, next);
    const partition = this.partition(index);
    const { status } = partition.info;
    partition.info = next;
    if (next.status !== status) this.log('info', `partition ${index}: ${status} -> ${next.status}`);
    if (next.status === 'BLS_SUCCEED') this.ingestion.done(index);
  }

  /** Everybody has cleaned up: the flag goes, the result stays. */
  private async finish(): Promise<void> {
    this.stop();
    const { operations, lock } = this.parts;
    const table = operations.state.table(this.current.appId);
    const wasThere = table !== undefined && (await setBulkLoading(operations, table, false));
    if (!wasThere) await removeLoad(operations, this.current.appId);
    else lock.unlock();
    this.log('info', `ended with ${this.current.status}`);
  }

  /** The table while it is loaded; one that was dropped ends the load here, and leaves the operation lock taken: upstream's quirk (9.2, step 7). */
  private table(): TableState | undefined {
    if (!this.isActive) return undefined;
    const { operations } = this.parts;
    const table = operations.state.table(this.current.appId);
    if (table?.info.status === 'AS_AVAILABLE') return table;
    this.log('warn', 'its table is not available any more');
    this.stop();
    if (table !== undefined) this.own(setBulkLoading(operations, table, false).then(() => undefined));
    return undefined;
  }

  private config(index: number): PartitionConfig | undefined {
    return this.parts.operations.state.table(this.current.appId)?.partitions[index];
  }

  private partition(index: number): PartitionLoad {
    const partition = this.partitions[index];
    if (partition === undefined) throw new RangeError(`a load has no partition ${index}`);
    return partition;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    return this.turn.during(async () => {
      if (this.table() !== undefined) await work();
    });
  }

  private askAfter(index: number, ms: number): void {
    this.after(ms, () => this.ask(index));
  }

  private after(ms: number, work: () => Promise<void>): void {
    if (!this.isActive) return;
    const timer = this.parts.operations.clock.after(ms, () => {
      this.timers.delete(timer);
      this.own(work());
    });
    this.timers.add(timer);
  }

  /** A write that failed for good has ended the leader; it is only told here. */
  private own(work: Promise<void>): void {
    work.catch((error: unknown) => this.log('error', describeError(error)));
  }

  private log(level: 'info' | 'warn' | 'error', what: string): void {
    this.parts.operations.log[level](`bulk load of ${this.current.appName}: ${what}`);
  }
}
