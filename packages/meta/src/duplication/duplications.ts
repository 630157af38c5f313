import { describeError } from '@onebox/base';
import type { ErrorCode, Gpid, Node } from '@onebox/base';
import { eachLimited } from '../state/each-limited';
import type { TableState } from '../state/table-state';
import { storeTable, stored } from '../tables/table-operations';
import type { TableOperationParts } from '../tables/table-operations';
import { Duplication } from './duplication';
import type { DuplicationInfo, DuplicationView } from './duplication';
import { isRunning } from './duplication-status';
import type { DupFailMode, DupStatus } from './duplication-status';
import { DuplicationStore } from './duplication-store';
import type { FollowerTable } from './follower-table';
import { judgeAdd, judgeSharedTarget } from './judge-add';
import type { AddRequest, AddSurroundings } from './judge-add';
import { afterReport, afterStored } from './partition-progress';
import type { PartitionReport } from './partition-progress';

/** Tables are loaded side by side, but not thousands at once. */
const TABLES_AT_ONCE = 16;

export interface DuplicationsParts {
  readonly operations: TableOperationParts;
  readonly follower: FollowerTable;
  /** What {@link judgeAdd} looks at besides the table. */
  readonly around: Omit<AddSurroundings, 'table'>;
}

export interface AddAnswer {
  readonly error: ErrorCode;
  readonly hint?: string;
  /** The duplication that is there now; undefined when the request was refused. */
  readonly info?: DuplicationInfo;
}

/** What a replica server reports of one duplication of one partition. */
export interface Report extends PartitionReport {
  readonly gpid: Gpid;
  readonly dupId: number;
}

/**
 * The duplications of all tables (reference/cluster-behaviour.md 8): what the znodes hold, in memory, and what changes it. Memory
 * follows ZooKeeper, never the other way round.
 */
export class Duplications {
  private readonly byTable = new Map<number, Map<number, Duplication>>();
  private readonly store: DuplicationStore;
  /** Duplications whose follower is just being asked for. */
  private readonly asking = new Set<Duplication>();
  /** What was last said about a follower. */
  private readonly told = new WeakMap<Duplication, string>();
  private closed = false;

  constructor(private readonly parts: DuplicationsParts) {
    this.store = new DuplicationStore(parts.operations.store, parts.operations.paths);
  }

  /** `duplication_enabled`: without it nothing is served, and what is stored stays as it is. */
  get enabled(): boolean {
    return this.parts.operations.flags.get('duplication_enabled');
  }

  /** Reads everything from ZooKeeper: nothing starts anew with a new leader (8.2). @throws OneboxError ONEBOX_BAD_ZNODE, or what the store throws */
  async load(): Promise<void> {
    if (!this.enabled) return;
    await eachLimited(this.parts.operations.state.tables(), TABLES_AT_ONCE, async (table) => {
      const dups = await this.store.load(table.info);
      if (dups.length > 0)
        this.byTable.set(table.info.appId, new Map(dups.map((dup) => [dup.info.dupId, dup])));
      await this.refreshDuplicating(table);
    });
  }

  /** In the order of their ids. */
  of(appId: number): readonly DuplicationView[] {
    return this.dupsOf(appId);
  }

  /** Adds a duplication; one to the same cluster is started again instead, and the answer is ERR_DUP_EXIST. */
  async add(request: AddRequest): Promise<AddAnswer> {
    const { state } = this.parts.operations;
    const table = state.tableNamed(request.appName);
    const refused = judgeAdd(request, { ...this.parts.around, table: table?.info });
    if (refused !== undefined || table === undefined) return refused ?? { error: 'ERR_APP_NOT_EXIST' };
    const existing = this.dupsOf(table.info.appId).find(({ info }) => info.remote === request.remote);
    if (existing !== undefined) return this.startAgain(table, existing, request.withCheckpoint);
    const others = state.namedTables().filter((other) => other !== table);
    const shared = judgeSharedTarget(
      request,
      others.map(({ info }) => ({
        appName: info.appName,
        infos: this.dupsOf(info.appId).map((dup) => dup.info),
      })),
    );
    return shared ?? this.create(table, request);
  }

  /**
   * Pauses, starts, removes, or changes the fail mode; what is undefined stays.
   *
   * @returns ERR_BUSY, ERR_OBJECT_NOT_FOUND, ERR_INVALID_PARAMETERS as {@link Duplication.judge}; ERR_APP_NOT_EXIST
   */
  async modify(
    appName: string,
    dupId: number,
    change: { readonly status?: DupStatus; readonly failMode?: DupFailMode },
  ): Promise<{ readonly error: ErrorCode; readonly appId: number }> {
    const table = this.parts.operations.state.tableNamed(appName);
    if (table?.info.status !== 'AS_AVAILABLE') return { error: 'ERR_APP_NOT_EXIST', appId: 0 };
    const { appId } = table.info;
    const dup = this.byTable.get(appId)?.get(dupId);
    if (dup === undefined) return { error: 'ERR_OBJECT_NOT_FOUND', appId };
    const next = {
      ...dup.info,
      status: change.status ?? dup.status,
      failMode: change.failMode ?? dup.failMode,
    };
    const error = await this.alter(table, dup, next);
    return { error, appId };
  }

  /** What replica servers run: the duplications of the tables that a node leads partitions of. Undefined for a node nobody knows. */
  ledBy(node: Node): readonly DuplicationView[] | undefined {
    const { nodes, state } = this.parts.operations;
    if (!nodes.knows(node)) return undefined;
    return this.ledTables(state.tables(), node).flatMap(({ info }) =>
      this.dupsOf(info.appId).filter((dup) => isRunning(dup.status)),
    );
  }

  /** Takes reports in and stores what has grown; settles when it is stored. Reports of what is not there, or not led by the node, are void. */
  async report(node: Node, reports: readonly Report[]): Promise<void> {
    const { state } = this.parts.operations;
    const led = new Set(this.ledTables(state.tables(), node).map(({ info }) => info.appId));
    await Promise.all(
      reports.map(async (report) => {
        const dup = this.byTable.get(report.gpid.appId)?.get(report.dupId);
        if (dup === undefined || !led.has(report.gpid.appId) || !isRunning(dup.status)) return;
        await this.takeReport(dup, report);
      }),
    );
  }

  /** With every sync a duplication that waits for its follower takes the next step (8.2). */
  advance(node: Node): void {
    for (const table of this.ledTables(this.parts.operations.state.tables(), node)) {
      for (const dup of this.dupsOf(table.info.appId)) {
        this.logProgress(dup);
        const waits = dup.status === 'DS_PREPARE' || dup.status === 'DS_APP';
        if (!waits || !dup.allCheckpointsPrepared || dup.altering || this.asking.has(dup)) continue;
        this.asking.add(dup);
        void this.askFollower(table, dup).finally(() => this.asking.delete(dup));
      }
    }
  }

  close(): void {
    this.closed = true;
  }

  private dupsOf(appId: number): Duplication[] {
    const dups = [...(this.byTable.get(appId)?.values() ?? [])];
    return dups.sort((a, b) => a.info.dupId - b.info.dupId);
  }

  private ledTables(tables: readonly TableState[], node: Node): readonly TableState[] {
    return tables.filter(
      ({ info, partitions }) =>
        info.status === 'AS_AVAILABLE' &&
        this.byTable.has(info.appId) &&
        partitions.some(({ primary }) => primary === node),
    );
  }

  private async create(table: TableState, request: AddRequest): Promise<AddAnswer> {
    const { clock, log } = this.parts.operations;
    const { appId, partitionCount, maxReplicaCount } = table.info;
    const dups = this.byTable.get(appId) ?? new Map<number, Duplication>();
    let dupId = Math.floor(clock.unixMs() / 1000);
    while (dups.has(dupId)) dupId += 1;
    const info: DuplicationInfo = {
      appId,
      dupId,
      remote: request.remote,
      remoteAppName: request.remoteAppName,
      remoteReplicaCount: request.remoteReplicaCount === 0 ? maxReplicaCount : request.remoteReplicaCount,
      createTimestampMs: Math.floor(clock.unixMs()),
      status: 'DS_INIT',
      failMode: 'FAIL_SLOW',
    };
    // Taken at once: the next request for the same cluster finds it, being made.
    const dup = Duplication.create(info, partitionCount);
    this.byTable.set(appId, dups.set(dupId, dup));
    const next: DuplicationInfo = { ...info, status: startStatus(request.withCheckpoint) };
    await this.altering(dup, () => this.store.create(next, partitionCount));
    dup.info = next;
    this.tell(table, next, `added, ${next.status}`);
    await this.refreshDuplicating(table);
    log.info(`duplication ${dupText(next)} added: ${table.info.appName} to ${next.remote}, ${next.status}`);
    return { error: 'ERR_OK', info: dup.info };
  }

  /** What cannot be started is left as it is: it is there, and that is what the caller wants to know. */
  private async startAgain(table: TableState, dup: Duplication, withCheckpoint: boolean): Promise<AddAnswer> {
    const error = await this.alter(table, dup, { ...dup.info, status: startStatus(withCheckpoint) });
    if (error === 'ERR_BUSY') {
      const name = `${table.info.appName}(${dup.info.dupId})`;
      return { error, hint: `start dup[${name}] failed: err = ERR_BUSY` };
    }
    return { error: 'ERR_DUP_EXIST', info: dup.info };
  }

  private async alter(table: TableState, dup: Duplication, next: DuplicationInfo): Promise<ErrorCode> {
    const verdict = dup.judge(next.status, next.failMode);
    if (verdict === 'keep') return 'ERR_OK';
    if (verdict !== 'change') return verdict;
    const from = dup.status;
    const removed = next.status === 'DS_REMOVED';
    await this.altering(dup, () => (removed ? this.store.remove(next) : this.store.save(next)));
    dup.info = next;
    this.tell(table, next, `${from} -> ${next.status}, ${next.failMode}`);
    if (removed) {
      this.forget(dup);
      await this.refreshDuplicating(table);
    }
    this.parts.operations.log.info(
      `duplication ${dupText(next)}: ${from} -> ${next.status}, ${next.failMode}`,
    );
    return 'ERR_OK';
  }

  private tell(table: TableState, { dupId, remote }: DuplicationInfo, what: string): void {
    this.parts.operations.chronicle.tableChanged(table.info, `duplication ${dupId} to ${remote}: ${what}`);
  }

  private forget({ info }: Duplication): void {
    const dups = this.byTable.get(info.appId);
    dups?.delete(info.dupId);
    if (dups?.size === 0) this.byTable.delete(info.appId);
  }

  /** A write that cannot be done ends the leader, so the mark need not be taken off then. */
  private async altering(dup: Duplication, write: () => Promise<void>): Promise<void> {
    dup.altering = true;
    await Promise.all(dup.saving);
    await stored(this.parts.operations, `duplication ${dupText(dup.info)}`, write);
    dup.altering = false;
  }

  /** `duplicating` of the table: whether it has any duplication (8.1). */
  private async refreshDuplicating(table: TableState): Promise<void> {
    const { operations } = this.parts;
    await table.turn.during(async () => {
      const duplicating = this.byTable.has(table.info.appId);
      if (table.info.status !== 'AS_AVAILABLE' || table.info.duplicating === duplicating) return;
      await storeTable(operations, { ...table.info, duplicating }, 'AS_AVAILABLE');
      operations.state.updateInfo(table, { duplicating });
    });
  }

  private async takeReport(dup: Duplication, report: Report): Promise<void> {
    const { clock, flags } = this.parts.operations;
    const { partitionIndex } = report.gpid;
    const before = dup.progress[partitionIndex];
    // While it is being changed, perhaps removed, nothing is stored: the next sync reports the same.
    if (before === undefined || dup.altering) return;
    const periodMs = Number(flags.get('dup_progress_min_update_period_ms'));
    const after = afterReport(before, report, clock.monotonicMs(), periodMs);
    dup.progress[partitionIndex] = after;
    if (before.storing || !after.storing) return;
    const decree = after.reportedDecree;
    const saved = stored(this.parts.operations, `progress of duplication ${dupText(dup.info)}`, () =>
      this.store.saveDecree(dup.info, partitionIndex, decree),
    );
    dup.saving.add(saved);
    try {
      await saved;
      dup.progress[partitionIndex] = afterStored(dup.progress[partitionIndex] ?? after, decree);
    } finally {
      dup.saving.delete(saved);
    }
  }

  private async askFollower(table: TableState, dup: Duplication): Promise<void> {
    const { log } = this.parts.operations;
    const { info } = dup;
    const what = `duplication ${dupText(info)}: follower ${info.remoteAppName} of ${info.remote}`;
    try {
      const error = await this.followerStep(table, dup);
      if (this.closed) return;
      if (error === 'ERR_OK') {
        // It may have been removed, or changed, while the other cluster was asked.
        if (dup.status !== info.status || !this.isThere(dup)) return;
        const status = info.status === 'DS_PREPARE' ? 'DS_APP' : 'DS_LOG';
        const altered = await this.alter(table, dup, { ...dup.info, status });
        if (altered !== 'ERR_OK') log.warn(`${what}: ${status} refused: ${altered}`);
        return;
      }
      this.tellOnce(dup, `${what} is not there yet: ${error}`);
    } catch (error) {
      if (!this.closed) this.tellOnce(dup, `${what}: ${describeError(error)}`);
    }
  }

  /** It is tried again with every sync, perhaps for days: the same line comes once. */
  private tellOnce(dup: Duplication, line: string): void {
    if (this.told.get(dup) === line) this.parts.operations.log.debug(line);
    else this.parts.operations.log.warn(line);
    this.told.set(dup, line);
  }

  private async followerStep({ info: table }: TableState, { info }: Duplication): Promise<ErrorCode> {
    const { follower } = this.parts;
    if (info.status === 'DS_PREPARE') return follower.create(info, table, 'creating');
    const marked = await follower.create(info, table, 'created');
    return marked === 'ERR_OK' ? follower.check(info, table) : marked;
  }

  /** Once in `dup_progress_min_report_period_ms`, with the first sync after that. */
  private logProgress(dup: Duplication): void {
    const { clock, flags, log } = this.parts.operations;
    const nowMs = clock.monotonicMs();
    if (nowMs < dup.loggedMs + Number(flags.get('dup_progress_min_report_period_ms'))) return;
    dup.loggedMs = nowMs;
    const decrees = dup.progress.map((each) => `${each.storedDecree}/${each.lastCommittedDecree}`).join(' ');
    log.info(`duplication ${dupText(dup.info)}: ${dup.status}, confirmed/committed ${decrees}`);
  }

  private isThere({ info }: Duplication): boolean {
    return this.byTable.get(info.appId)?.has(info.dupId) === true;
  }
}

function startStatus(withCheckpoint: boolean): DupStatus {
  return withCheckpoint ? 'DS_PREPARE' : 'DS_LOG';
}

/** As upstream's logs name a duplication. */
function dupText({ appId, dupId }: DuplicationInfo): string {
  return `a${appId}d${dupId}`;
}
