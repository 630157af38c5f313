import { describeError, gpidText, pause } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { RPC, backupRequest, make, policyInfo } from '@onebox/protocol';
import { PROGRESS_FINISHED } from '@onebox/server';
import { BackupFailure } from './backup-failure';
import type { BackupParts } from './backup-parts';

/** What is asked of the primary of a partition. */
export interface PartitionOrder {
  readonly gpid: Gpid;
  readonly policyName: string;
  readonly provider: string;
  readonly appName: string;
  readonly backupId: number;
  /** A path of the user's in the block service. */
  readonly backupPath: string | undefined;
}

export interface AskingTimes {
  readonly stepMs: number;
  readonly noPrimaryMs: number;
}

/** What became of a partition: its checkpoint is in the block service, its table is gone, or the run was given up. */
export type PartitionOutcome =
  | { readonly finished: true; readonly bytes: number }
  | { readonly finished: false; readonly why: 'gone' | 'aborted' };

/**
 * Asks whoever is the primary for the backup of a partition until it says that it is finished: a primary that dies is
 * replaced by the next one, which goes on where it can.
 *
 * @throws BackupFailure when the primary says that it cannot be done (ERR_LOCAL_APP_FAILURE)
 */
export async function askPrimary(
  { state, clock, log, rpcClient }: Pick<BackupParts, 'state' | 'clock' | 'log' | 'rpcClient'>,
  order: PartitionOrder,
  times: AskingTimes,
  signal: AbortSignal,
): Promise<PartitionOutcome> {
  const { gpid, policyName, provider, appName, backupId, backupPath } = order;
  const label = `backup ${policyName}@${backupId}: ${gpidText(gpid)}`;
  const request = make(backupRequest, {
    pid: gpid,
    policy: make(policyInfo, { policy_name: policyName, backup_provider_type: provider }),
    app_name: appName,
    backup_id: backupId,
    backup_path: backupPath,
  });
  while (!signal.aborted) {
    const found = state.find(gpid);
    if (found === undefined || found.table.info.status === 'AS_DROPPED')
      return { finished: false, why: 'gone' };
    const { primary } = found.table.partition(found.index);
    if (primary === undefined) {
      log.info(`${label}: no primary, again in ${times.noPrimaryMs} ms`);
      await pause(clock, times.noPrimaryMs, signal);
      continue;
    }
    const answer = await rpcClient
      .call(primary, RPC.RPC_COLD_BACKUP, request, { gpid })
      .catch((error: unknown) => {
        log.warn(`${label}: ${describeError(error)}`);
      });
    if (answer?.err === 'ERR_LOCAL_APP_FAILURE') {
      throw new BackupFailure('ERR_LOCAL_APP_FAILURE', `${label}: ${primary} cannot do it`);
    }
    if (answer?.err === 'ERR_OK' && answer.backup_id === backupId && answer.progress === PROGRESS_FINISHED) {
      log.info(`${label}: finished by ${primary}`);
      return { finished: true, bytes: answer.checkpoint_total_size };
    }
    if (answer !== undefined) {
      const busy = answer.err === 'ERR_OK' || answer.err === 'ERR_BUSY';
      log[busy ? 'debug' : 'warn'](`${label}: ${primary}: ${answer.err}, progress ${answer.progress}`);
    }
    await pause(clock, times.stepMs, signal);
  }
  return { finished: false, why: 'aborted' };
}
