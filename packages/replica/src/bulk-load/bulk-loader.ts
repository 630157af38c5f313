import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid } from '@onebox/base';
import {
  BulkLoadStatus,
  IngestionStatus,
  bulkLoadResponse,
  decodeArgument,
  encodeArgument,
  groupBulkLoadResponse,
  ingestionRequest,
  make,
  partitionBulkLoadState,
} from '@onebox/protocol';
import type {
  BulkLoadRequest,
  BulkLoadResponse,
  GroupBulkLoadRequest,
  GroupBulkLoadResponse,
  IngestionRequest,
  PartitionBulkLoadState,
} from '@onebox/protocol';
import { joinBlockPath } from '@onebox/server';
import type { ReplicaMetrics } from '../metrics';
import type { ReplicaContext } from '../partition/replica-context';
import type { ReplicaStatus, Standing } from '../partition/replica-status';
import type { ReplicationGroup } from '../partition/replication-group';
import { EMPTY_WRITE, INGESTION_WRITE } from '../storage/storage-engine';
import type { Mutation, MutationUpdate, StorageEngine } from '../storage/storage-engine';
import { readRoleConfig } from '../wire/role-config-wire';
import { BulkLoadMetrics } from './bulk-load-metrics';
import { FileDownload } from './file-download';
import { summarize } from './group-states';
import { Ingestion } from './ingestion';
import { LoadDirectory } from './load-directory';
import { LoadGroup } from './load-group';
import { goesTogether, loadStatusOf, stepOf } from './load-status';
import type { LoadStatus } from './load-status';

/** What loading needs from its replica. */
export interface LoadingReplica {
  readonly gpid: Gpid;
  readonly standing: Standing;
  readonly metrics: Pick<ReplicaMetrics, 'entity'>;
  readonly engine: Pick<StorageEngine, 'ingest' | 'checkpoint'>;
  readonly leading: {
    readonly group: ReplicationGroup;
    write(updates: readonly MutationUpdate[]): boolean;
    writeCommitted(updates: readonly MutationUpdate[]): Promise<'committed' | ErrorCode>;
  };
}

/** A load as the statistics of the server count it; Pegasus ms. */
export interface CountedLoad {
  readonly durationMs: number;
  readonly ingestionMs: number;
}

/** Where a file set is, and what the meta server is in. */
type LoadOrder = Pick<
  GroupBulkLoadRequest,
  'app_name' | 'cluster_name' | 'provider_name' | 'remote_root_path'
>;

/** A replica's part in a bulk load (reference/cluster-behaviour.md 9.2). All of it is memory: a replica that lost it begins anew. */
export class BulkLoader {
  private status: LoadStatus = 'BLS_INVALID';
  private readonly directory: LoadDirectory;
  private readonly ingestion: Ingestion;
  private readonly group: LoadGroup;
  private readonly metrics: BulkLoadMetrics;
  private download: FileDownload | undefined;
  private releaseSlot: (() => void) | undefined;
  private startedMs: number | undefined;
  /** Since when other writes are refused. */
  private ingestingSinceMs: number | undefined;
  private isFollowedByEmptyWrite = false;

  constructor(
    private readonly context: ReplicaContext,
    private readonly replica: LoadingReplica,
    /** Of the replica. */
    directory: string,
  ) {
    this.metrics = new BulkLoadMetrics(replica.metrics.entity);
    this.directory = new LoadDirectory(directory, context.clock, context.log);
    this.ingestion = new Ingestion(replica.engine, this.directory.path, (message) => this.log(message));
    this.group = new LoadGroup(context, replica.gpid, () =>
      replica.standing.status === 'PS_PRIMARY' ? replica.standing.ballot : undefined,
    );
  }

  /** For the statistics; undefined while nothing is loaded. */
  get counted(): CountedLoad | undefined {
    if (this.status === 'BLS_INVALID') return undefined;
    const nowMs = this.context.clock.monotonicMs();
    const since = (ms: number | undefined): number => (ms === undefined ? 0 : Math.floor(nowMs - ms));
    return { durationMs: since(this.startedMs), ingestionMs: since(this.ingestingSinceMs) };
  }

  /** Why a client's write is refused now; undefined when it is not. Counts the refusal (reference/rpc-protocol.md 1.6). */
  refuseWrite(): 'ERR_OPERATION_DISABLED' | undefined {
    if (this.ingestingSinceMs === undefined) return undefined;
    this.metrics.onWriteRejected();
    return 'ERR_OPERATION_DISABLED';
  }

  /** RPC_BULK_LOAD: the meta server asks the primary, who tells its secondaries. */
  onRequest(request: BulkLoadRequest): BulkLoadResponse {
    const { standing, gpid } = this.replica;
    const meta = loadStatusOf(request.meta_bulk_load_status);
    const answer = (err: ErrorCode, more: Partial<BulkLoadResponse> = {}): BulkLoadResponse =>
      make(bulkLoadResponse, {
        err,
        pid: gpid,
        app_name: request.app_name,
        primary_bulk_load_status: BulkLoadStatus[this.status],
        ...more,
      });
    if (standing.status !== 'PS_PRIMARY' || request.ballot !== standing.ballot)
      return answer('ERR_INVALID_STATE');
    if (meta === undefined) return answer('ERR_INVALID_PARAMETERS');
    const err = this.follow(meta, { ...request, provider_name: request.remote_provider_name });
    if (err !== 'ERR_OK') return answer(err);
    const { membership, learners } = this.replica.leading.group;
    const summary = summarize(
      meta,
      this.stateFor(meta),
      { ...membership, primary: this.context.self, states: this.group.states },
      this.context.addresses,
    );
    if (summary.is_group_ingestion_finished === true) this.ingestingSinceMs = undefined;
    const files = this.download?.metadata;
    const metadata = request.query_bulk_load_metadata && files?.files.length ? files : undefined;
    if (learners.size === 0) this.group.broadcast(request, membership.secondaries);
    return answer('ERR_OK', { ...summary, metadata });
  }

  /** RPC_GROUP_BULK_LOAD: the primary passes the meta server's word on. */
  onGroupRequest(request: GroupBulkLoadRequest): GroupBulkLoadResponse {
    const { standing } = this.replica;
    const role = readRoleConfig(request.config);
    const meta = loadStatusOf(request.meta_bulk_load_status);
    const answer = (err: ErrorCode, state?: PartitionBulkLoadState): GroupBulkLoadResponse =>
      make(groupBulkLoadResponse, {
        err,
        status: BulkLoadStatus[this.status],
        ...(state === undefined ? {} : { bulk_load_state: state }),
      });
    if (role === undefined || meta === undefined) return answer('ERR_INVALID_PARAMETERS');
    if (role.ballot < standing.ballot) return answer('ERR_VERSION_OUTDATED');
    const isMine = role.ballot === standing.ballot && role.status === standing.status;
    if (!isMine || standing.status !== 'PS_SECONDARY') return answer('ERR_INVALID_STATE');
    const err = this.follow(meta, request);
    return err === 'ERR_OK' ? answer(err, this.stateFor(meta)) : answer(err);
  }

  /**
   * RPC_RRDB_RRDB_BULK_LOAD: the write by which every member ingests. Settles when it is committed here.
   *
   * @returns the error of the frame; ERR_OK when it is committed
   */
  async onIngest(request: IngestionRequest): Promise<ErrorCode> {
    const { standing, leading } = this.replica;
    if (standing.status !== 'PS_PRIMARY') return 'ERR_INVALID_STATE';
    if (this.ingestingSinceMs !== undefined) return 'ERR_NO_NEED_OPERATE';
    if (this.status !== 'BLS_DOWNLOADED' && this.status !== 'BLS_INGESTING') return 'ERR_INVALID_STATE';
    const { secondaries, maxReplicaCount } = leading.group.membership;
    if (secondaries.length + 1 < maxReplicaCount) return 'ERR_NOT_ENOUGH_MEMBER';
    const sinceMs = this.context.clock.monotonicMs();
    this.ingestingSinceMs = sinceMs;
    const data = encodeArgument(1, ingestionRequest, request, true);
    const outcome = await leading.writeCommitted([{ code: INGESTION_WRITE, data }]);
    if (outcome === 'committed') return 'ERR_OK';
    if (this.ingestingSinceMs === sinceMs) this.ingestingSinceMs = undefined;
    return outcome;
  }

  /** A mutation was applied here, on whatever member. */
  onCommitted({ updates }: Mutation): void {
    for (const { code, data } of updates) {
      if (code !== INGESTION_WRITE) continue;
      const request = readRequest(data);
      if (request === undefined) this.log('an ingestion that cannot be read is ignored');
      else this.ingestion.start(request, this.replica.standing.ballot);
    }
  }

  /** Whoever becomes primary or secondary has not heard what the others did meanwhile: it begins anew. */
  onRole(from: ReplicaStatus, to: ReplicaStatus): void {
    if (from === to) return;
    if (from === 'PS_PRIMARY') this.group.forget();
    if (to !== 'PS_PRIMARY' && to !== 'PS_SECONDARY') return;
    if (this.status !== 'BLS_INVALID' && this.status !== 'BLS_SUCCEED') this.clear();
  }

  close(): void {
    this.clear();
    this.group.forget();
  }

  /** Does what the meta server's status asks of this replica. */
  private follow(meta: LoadStatus, order: LoadOrder): ErrorCode {
    if (!goesTogether(meta, this.status)) {
      this.log(`cannot follow ${meta} in ${this.status}`);
      return 'ERR_INVALID_STATE';
    }
    switch (stepOf(meta, this.status)) {
      case 'download':
        return this.startDownload(order);
      case 'begin to ingest':
        this.become('BLS_INGESTING');
        this.metrics.onIngesting();
        this.isFollowedByEmptyWrite = false;
        break;
      case 'look after ingestion':
        this.lookAfterIngestion();
        break;
      case 'succeed':
        this.succeed();
        break;
      case 'pause':
        this.stopDownload();
        this.become('BLS_PAUSED');
        break;
      case 'clean up':
        if (meta === 'BLS_FAILED') this.metrics.onFailed();
        this.cleanUp();
        break;
      case 'nothing':
        break;
    }
    return 'ERR_OK';
  }

  private startDownload(order: LoadOrder): ErrorCode {
    const release = this.context.downloads.tryTake();
    if (release === undefined) {
      this.log(`${this.context.downloads.inUse} replicas download here already`);
      return 'ERR_BUSY';
    }
    // What a process that died left, or another load.
    if (this.status === 'BLS_INVALID') this.directory.remove();
    this.group.forget();
    this.clear();
    this.releaseSlot = release;
    this.become('BLS_DOWNLOADING');
    this.metrics.onDownloading();
    this.startedMs = this.context.clock.monotonicMs();
    const { app_name: appName, cluster_name: clusterName, remote_root_path: root } = order;
    const index = String(this.replica.gpid.partitionIndex);
    const download = new FileDownload({
      files: this.context.blockService(order.provider_name),
      remoteDirectory: joinBlockPath(root, clusterName, appName, index),
      localDirectory: this.directory.path,
      onFile: (bytes) => this.metrics.onFile(bytes),
      onFileFailed: () => this.metrics.onFileFailed(),
      onEnd: (error) => this.onDownloadEnd(error),
    });
    this.download = download;
    void download.run();
    return 'ERR_OK';
  }

  private onDownloadEnd(error: string | undefined): void {
    this.giveSlotBack();
    if (error !== undefined) this.log(`download failed: ${error}`);
    else if (this.status === 'BLS_DOWNLOADING') this.become('BLS_DOWNLOADED');
  }

  /** Secondaries commit the ingestion when the next write comes: the primary sees to it that one does. */
  private lookAfterIngestion(): void {
    const { standing, leading } = this.replica;
    if (standing.status !== 'PS_PRIMARY' || this.isFollowedByEmptyWrite) return;
    if (this.ingestion.status !== IngestionStatus.IS_SUCCEED) return;
    this.isFollowedByEmptyWrite = leading.write([{ code: EMPTY_WRITE, data: Buffer.alloc(0) }]);
  }

  /** Learners get ingested files from what is durable: from now on that includes these. */
  private succeed(): void {
    this.replica.engine.checkpoint();
    this.ingestion.reset();
    this.become('BLS_SUCCEED');
    this.metrics.onSuccess();
    const { standing, leading } = this.replica;
    if (standing.status === 'PS_PRIMARY') leading.write([{ code: EMPTY_WRITE, data: Buffer.alloc(0) }]);
  }

  private cleanUp(): void {
    if (this.isCleanedUp()) return;
    if (this.replica.standing.status === 'PS_PRIMARY') {
      this.group.resetStates(this.replica.leading.group.membership.secondaries);
    }
    this.log(`cleans up after ${this.status}`);
    this.directory.remove();
    this.clear();
  }

  private clear(): void {
    this.stopDownload();
    this.download = undefined;
    this.ingestion.reset();
    this.ingestingSinceMs = undefined;
    this.startedMs = undefined;
    this.status = 'BLS_INVALID';
  }

  private stopDownload(): void {
    this.download?.cancel();
    this.giveSlotBack();
  }

  private giveSlotBack(): void {
    this.releaseSlot?.();
    this.releaseSlot = undefined;
  }

  private isCleanedUp(): boolean {
    return this.status === 'BLS_INVALID' && this.download === undefined && !this.directory.exists;
  }

  /** What this replica says about itself. */
  private stateFor(meta: LoadStatus): PartitionBulkLoadState {
    switch (meta) {
      case 'BLS_DOWNLOADING':
      case 'BLS_DOWNLOADED':
        return make(partitionBulkLoadState, {
          download_progress: this.download?.progress ?? 0,
          download_status: this.download?.status ?? 'ERR_OK',
        });
      case 'BLS_INGESTING':
        return make(partitionBulkLoadState, { ingest_status: this.ingestion.status });
      case 'BLS_SUCCEED':
      case 'BLS_CANCELED':
      case 'BLS_FAILED':
        return make(partitionBulkLoadState, { is_cleaned_up: this.isCleanedUp() });
      case 'BLS_PAUSING':
        return make(partitionBulkLoadState, { is_paused: this.status === 'BLS_PAUSED' });
      default:
        return make(partitionBulkLoadState, {});
    }
  }

  private become(status: LoadStatus): void {
    this.log(`${this.status} -> ${status}`);
    this.status = status;
  }

  private log(message: string): void {
    this.context.log.info(`${gpidText(this.replica.gpid)}: bulk load: ${message}`);
  }
}

function readRequest(data: Buffer): IngestionRequest | undefined {
  try {
    return decodeArgument(ingestionRequest, data);
  } catch {
    return undefined;
  }
}
