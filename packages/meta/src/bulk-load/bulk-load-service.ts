import { describeError } from '@onebox/base';
import type { TableInfo } from '../state/table';
import type { TableState } from '../state/table-state';
import type { HintedAnswer } from '../tables/hinted-answer';
import type { BulkLoadParts, SharedByLoads } from './bulk-load-parts';
import { decideControl } from './control-load';
import { IngestionSlots } from './ingestion-slots';
import { setBulkLoading } from './load-flag';
import { NEW_PARTITION } from './load-info';
import type { GroupStates, LoadStatus, PartitionLoadInfo, TableLoadInfo } from './load-info';
import { isOver } from './load-steps';
import { createLoad, readLoad, removeLoad } from './load-znodes';
import type { StoredLoad } from './load-znodes';
import { OperationLock } from './operation-lock';
import { whyImplausible } from './plausible-load';
import { alreadyLoading, checkFiles, checkTable } from './start-checks';
import type { StartRequest } from './start-checks';
import { TableLoad } from './table-load';

/** What a query about a table's load is told. */
export interface LoadReport extends HintedAnswer {
  readonly status: LoadStatus;
  /** In partition order; empty when the table is not there. */
  readonly partitions: readonly LoadStatus[];
  readonly states: readonly GroupStates[];
  readonly maxReplicaCount: number;
  /** Undefined when the table is not there. */
  readonly isBulkLoading: boolean | undefined;
}

const BUSY: HintedAnswer = { error: 'ERR_BUSY', hint: 'meta server is busy now, please wait' };
const OK: HintedAnswer = { error: 'ERR_OK', hint: '' };

/** The bulk loads of a leader: at most one at a time unless the flag says otherwise (reference/cluster-behaviour.md 9). */
export class BulkLoadService {
  private readonly loads = new Map<number, TableLoad>();
  /** Tables whose load has been asked for and is not stored yet. */
  private readonly starting = new Set<number>();
  private readonly shared: SharedByLoads;
  private closed = false;

  constructor(parts: BulkLoadParts) {
    const { flags } = parts.operations;
    const limits = () => ({
      perNode: flags.get('bulk_load_node_max_ingesting_count'),
      minDisks: flags.get('bulk_load_node_min_disk_count'),
    });
    this.shared = { ...parts, lock: new OperationLock(), slots: new IngestionSlots(limits) };
  }

  /** Takes up what earlier leaders left: running loads go on, results stay, what is implausible is deleted (9.2, step 6). */
  async load(): Promise<void> {
    const { store, paths, state, log } = this.shared.operations;
    await store.ensurePath(paths.bulkLoads);
    this.openBlockService();
    for (const name of await store.children(paths.bulkLoads)) {
      if (/^[1-9]\d*$/.test(name)) await this.takeUp(Number(name));
      else log.warn(`${paths.bulkLoads}/${name} is no bulk load, left alone`);
    }
    for (const table of state.tables()) {
      if (!table.info.isBulkLoading || this.loads.has(table.info.appId)) continue;
      log.error(`table ${table.info.appName}: is_bulk_loading without a bulk load, reset`);
      await setBulkLoading(this.shared.operations, table, false);
    }
  }

  /**
   * RPC_CM_START_BULK_LOAD, `/meta/app/start_bulk_load`: the checks of 9.1 in their order. ERR_OK only means accepted: the load is
   * stored after the answer.
   */
  async start(request: StartRequest): Promise<HintedAnswer> {
    const { operations, lock, blockService, level } = this.shared;
    const { state, flags, log } = operations;
    if (!flags.get('enable_concurrent_bulk_load') && !lock.tryLock()) return BUSY;
    const table = state.tableNamed(request.appName);
    const refused = await this.refusal(table, request, blockService);
    if (refused !== undefined || table === undefined) {
      lock.unlock();
      log.warn(`bulk load of ${request.appName} refused: ${refused?.error} ${refused?.hint}`);
      return refused ?? checkTable(undefined);
    }
    const { appId } = table.info;
    this.loads.get(appId)?.stop();
    this.loads.delete(appId);
    // No replica shall move while files come: the balancer waits until an operator says otherwise.
    if (level.configured !== 'steady') {
      const before = level.effective();
      level.set('steady');
      operations.chronicle.levelSet(before, 'steady', 'for a bulk load');
    }
    this.begin(table, request).catch((error: unknown) =>
      log.error(`bulk load of ${request.appName}: ${describeError(error)}`),
    );
    return OK;
  }

  /** RPC_CM_QUERY_BULK_LOAD_STATUS: the load that runs, or the result of the last one. */
  query(appName: string): LoadReport {
    const table = this.shared.operations.state.tableNamed(appName);
    const gone = unavailable(appName, table?.info);
    if (table === undefined || gone !== undefined) {
      return { ...(gone ?? OK), status: 'BLS_INVALID', partitions: [], states: [], ...NO_TABLE };
    }
    const { appId, partitionCount, maxReplicaCount, isBulkLoading } = table.info;
    const load = this.loads.get(appId);
    const status = load?.info.status ?? 'BLS_INVALID';
    const failed = !isBulkLoading && status === 'BLS_FAILED';
    return {
      error: failed ? (load?.info.error ?? 'ERR_OK') : 'ERR_OK',
      hint: isBulkLoading ? '' : `app(${appName}) is not during bulk load, return last time result`,
      status,
      partitions: load?.partitionStatuses ?? new Array<LoadStatus>(partitionCount).fill('BLS_INVALID'),
      states: load?.groupStates ?? new Array<GroupStates>(partitionCount).fill([]),
      maxReplicaCount,
      isBulkLoading,
    };
  }

  /** RPC_CM_CONTROL_BULK_LOAD. */
  control(appName: string, type: number): HintedAnswer {
    const table = this.shared.operations.state.tableNamed(appName);
    const gone = unavailable(appName, table?.info);
    if (table === undefined || gone !== undefined) return gone ?? OK;
    if (!table.info.isBulkLoading) {
      return { error: 'ERR_INACTIVE_STATE', hint: `app(${appName}) is not executing bulk load` };
    }
    const load = this.loads.get(table.info.appId);
    const decision = decideControl(appName, load?.info.status ?? 'BLS_INVALID', type);
    if ('refused' in decision) return decision.refused;
    if ('to' in decision) load?.control(decision.to);
    return OK;
  }

  /** RPC_CM_CLEAR_BULK_LOAD: forgets the result of a load that has ended. */
  async clear(appName: string): Promise<HintedAnswer> {
    const { operations } = this.shared;
    const table = operations.state.tableNamed(appName);
    const gone = unavailable(appName, table?.info);
    if (table === undefined || gone !== undefined) return gone ?? OK;
    const { appId, isBulkLoading } = table.info;
    if (isBulkLoading || this.starting.has(appId)) {
      return { error: 'ERR_INVALID_STATE', hint: `app(${appName}) is executing bulk load` };
    }
    await removeLoad(operations, appId);
    this.loads.get(appId)?.stop();
    this.loads.delete(appId);
    return {
      error: 'ERR_OK',
      hint: `clear app(${appName}) bulk load result succeed, remove bulk load dir succeed`,
    };
  }

  close(): void {
    this.closed = true;
    for (const load of this.loads.values()) load.stop();
  }

  /** Operators put files there before the first load: its directory shall be there by then. */
  private openBlockService(): void {
    try {
      this.shared.blockService('local_service');
    } catch (error) {
      this.shared.operations.log.error(describeError(error));
    }
  }

  private async refusal(
    table: TableState | undefined,
    request: StartRequest,
    blockService: BulkLoadParts['blockService'],
  ): Promise<HintedAnswer | undefined> {
    const first = checkTable(table?.info);
    if (table === undefined || first.error !== 'ERR_OK') return first;
    const { appId } = table.info;
    if (this.starting.has(appId)) return alreadyLoading(request.appName);
    this.starting.add(appId);
    const files = await checkFiles(request, table.info, blockService);
    // Reading takes a moment, in which the table may have been dropped.
    const last = files.error === 'ERR_OK' ? checkTable(table.info) : files;
    if (last.error === 'ERR_OK') return undefined;
    this.starting.delete(appId);
    return last;
  }

  private async begin(table: TableState, request: StartRequest): Promise<void> {
    const { operations, lock } = this.shared;
    const { appId, partitionCount } = table.info;
    try {
      if (!(await setBulkLoading(operations, table, true))) {
        lock.unlock();
        return;
      }
      const info: TableLoadInfo = {
        appId,
        partitionCount,
        appName: request.appName,
        clusterName: request.clusterName,
        provider: request.provider,
        status: 'BLS_DOWNLOADING',
        remoteRootPath: request.remoteRootPath,
        ingestBehind: request.ingestBehind,
        isEverIngesting: false,
        error: 'ERR_OK',
      };
      const partitions = new Array<PartitionLoadInfo>(partitionCount).fill(NEW_PARTITION);
      await createLoad(operations, info, partitions);
      if (this.closed) return;
      const load = new TableLoad(this.shared, info, partitions);
      this.loads.set(appId, load);
      operations.log.info(`bulk load of ${request.appName}: started from ${request.remoteRootPath}`);
      operations.chronicle.tableChanged(info, `bulk load: ${info.status} from ${info.remoteRootPath}`);
      load.begin();
    } finally {
      this.starting.delete(appId);
    }
  }

  private async takeUp(appId: number): Promise<void> {
    const { operations, lock } = this.shared;
    const { state, log, flags } = operations;
    const table = state.table(appId);
    const found = await this.readPlausible(appId, table?.info);
    if (found === undefined) {
      await removeLoad(operations, appId);
      if (table?.info.isBulkLoading === true) await setBulkLoading(operations, table, false);
      return;
    }
    const indices = Array.from({ length: found.info.partitionCount }, (_, index) => index);
    const load = new TableLoad(
      this.shared,
      found.info,
      indices.map((index) => found.partitions.get(index)),
    );
    this.loads.set(appId, load);
    // A result: upstream would clean up once more, under the lock that a load which runs needs.
    if (isOver(found.info.status) && table?.info.isBulkLoading === false) return;
    if (!flags.get('enable_concurrent_bulk_load') && !lock.tryLock()) {
      log.error(`bulk load of ${found.info.appName}: not continued, another one is`);
      return;
    }
    log.info(`bulk load of ${found.info.appName}: continued in ${found.info.status}`);
    load.resume(found.partitions);
  }

  private async readPlausible(appId: number, table: TableInfo | undefined): Promise<StoredLoad | undefined> {
    const { operations } = this.shared;
    let why: string | undefined;
    try {
      const found = await readLoad(operations, appId);
      why = whyImplausible(table, found.info, found.partitions);
      if (why === undefined) return found;
    } catch (error) {
      why = describeError(error);
    }
    operations.log.error(`bulk load of table ${appId}: deleted: ${why}`);
    return undefined;
  }
}

const NO_TABLE = { maxReplicaCount: 0, isBulkLoading: undefined } as const;

/** Why a table cannot be asked about; undefined when it can. */
function unavailable(appName: string, info: TableInfo | undefined): HintedAnswer | undefined {
  if (info?.status === 'AS_AVAILABLE') return undefined;
  return {
    error: info === undefined ? 'ERR_APP_NOT_EXIST' : 'ERR_APP_DROPPED',
    hint: `app(${appName}) is not existed or not available`,
  };
}
