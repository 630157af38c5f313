import { describeError, gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, GpidText } from '@onebox/base';
import {
  RPC,
  configurationDropAppRequest,
  configurationReportRestoreStatusRequest,
  dropAppOptions,
  make,
} from '@onebox/protocol';
import { PROGRESS_FINISHED, blockErrorCode, restoreSourceOf } from '@onebox/server';
import type { RestoreSource } from '@onebox/server';
import type { ReplicaRecord } from '../disk/replica-record';
import type { ReplicaContext } from '../partition/replica-context';
import type { TableInfo } from '../partition/table-info';
import { fetchCheckpoint } from './fetch-checkpoint';

/** What a first primary of a restored table begins with; undefined: nothing, its backup was bad and may be skipped. */
export type RestoredContent = Omit<ReplicaRecord, 'gpid' | 'ballot' | 'table'> | undefined;

/** Brings the data of restored tables to this server before their first replicas are made (upstream's src/replica/replica_restore.cpp). */
export class ReplicaRestores {
  private readonly busy = new Set<GpidText>();
  private closed = false;

  constructor(
    private readonly context: Pick<ReplicaContext, 'blockService' | 'network' | 'meta' | 'log'>,
    private readonly hasReplica: (gpid: Gpid) => boolean,
  ) {}

  /**
   * Begins to restore a partition when its table comes from a backup and it has no replica here yet.
   *
   * @param go on with what made this necessary, when the data is here; not called when it cannot be had
   * @returns false when there is nothing to restore
   */
  begin(gpid: Gpid, table: TableInfo, go: (content: RestoredContent) => void): boolean {
    const source = restoreSourceOf(table.envs);
    if (source === undefined || this.hasReplica(gpid)) return false;
    const key = gpidText(gpid);
    if (this.busy.has(key)) return true;
    this.busy.add(key);
    this.restore(gpid, table, source, go)
      .catch((error: unknown) => this.context.log.error(`${key}: restore: ${describeError(error)}`))
      .finally(() => this.busy.delete(key));
    return true;
  }

  close(): void {
    this.closed = true;
  }

  private async restore(
    gpid: Gpid,
    table: TableInfo,
    source: RestoreSource,
    go: (content: RestoredContent) => void,
  ): Promise<void> {
    const { log } = this.context;
    const label = `${gpidText(gpid)}: restore from backup ${source.backupId} of ${source.appName}`;
    try {
      const record = await this.fetch(gpid, source);
      if (this.closed) return;
      log.info(`${label}: decree ${record.lastCommittedDecree}`);
      this.report(gpid, 'ERR_OK', PROGRESS_FINISHED);
      const { gpid: _gpid, ballot: _ballot, table: _table, ...content } = record;
      go({ ...content, uncommitted: [] });
    } catch (error) {
      if (this.closed) return;
      const code = blockErrorCode(error);
      log.error(`${label}: ${describeError(error)}`);
      if (code !== 'ERR_OBJECT_NOT_FOUND' && code !== 'ERR_CORRUPTION') {
        // The next proposal tries again.
        this.report(gpid, 'ERR_OK', 0);
      } else if (source.skipBadPartition) {
        this.report(gpid, 'ERR_IGNORE_BAD_DATA', PROGRESS_FINISHED);
        go(undefined);
      } else {
        this.report(gpid, 'ERR_CORRUPTION', 0);
        this.rollBack(table);
      }
    }
  }

  private async fetch(gpid: Gpid, source: RestoreSource): Promise<ReplicaRecord> {
    const block = this.context.blockService(source.provider);
    if (block === undefined) throw new Error(`there is no [block_service.${source.provider}]`);
    return fetchCheckpoint(block, source, gpid.partitionIndex, (progress) => {
      this.report(gpid, 'ERR_OK', progress);
    });
  }

  private report(gpid: Gpid, status: ErrorCode, progress: number): void {
    const { meta, network, log } = this.context;
    if (meta.leader === undefined) return;
    const request = make(configurationReportRestoreStatusRequest, {
      pid: gpid,
      restore_status: status,
      progress,
    });
    network.call(meta.leader, RPC.RPC_CM_REPORT_RESTORE_STATUS, request).catch((error: unknown) => {
      log.info(`${gpidText(gpid)}: restore not reported: ${describeError(error)}`);
    });
  }

  /** A table that cannot be restored in full is no table: it is dropped. While it is there, the next proposal drops it again. */
  private rollBack({ appName }: TableInfo): void {
    const { meta, network, log } = this.context;
    if (meta.leader === undefined) return;
    const options = make(dropAppOptions, { success_if_not_exist: true, reserve_seconds: 1 });
    const request = make(configurationDropAppRequest, { app_name: appName, options });
    network.call(meta.leader, RPC.RPC_CM_DROP_APP, request).then(
      ({ err }) => log.warn(`table ${appName} cannot be restored and is dropped: ${err}`),
      (error: unknown) =>
        log.warn(`table ${appName} cannot be restored, nor dropped now: ${describeError(error)}`),
    );
  }
}
