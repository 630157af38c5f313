import { describeError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';
import type { ConfigurationRestoreRequest } from '@onebox/protocol';
import { BackupLayout, backupRoot, blockErrorCode, restoreEnvs } from '@onebox/server';
import { parseTableJson } from '../state/table-json';
import type { TableInfo } from '../state/table';
import type { TableState } from '../state/table-state';
import { MAX_PARTITIONS, storeNewTable } from '../tables/create-table';
import { fitsInZnode } from '../tables/table-operations';
import type { TableOperationParts } from '../tables/table-operations';
import type { BackupParts } from './backup-parts';

export type RestoreAnswer = { readonly created: TableState } | { readonly error: ErrorCode };

/**
 * Makes a new table of the metadata of a backup. Its envs tell the replica servers where the data is; each partition gets it
 * when its first primary is made (upstream's src/meta/server_state_restore.cpp).
 */
export async function restoreTable(
  parts: TableOperationParts & Pick<BackupParts, 'blockService'>,
  request: ConfigurationRestoreRequest,
): Promise<RestoreAnswer> {
  const { state, log } = parts;
  const read = await readMetadata(parts, request);
  if ('error' in read) return read;
  const appName = request.new_app_name === '' ? request.app_name : request.new_app_name;
  const info: TableInfo = {
    ...read.info,
    status: 'AS_CREATING',
    appName,
    appId: state.nextAppId(),
    envs: restoreEnvs({
      provider: request.backup_provider_name,
      clusterName: request.cluster_name,
      policyName: request.policy_name,
      appName: request.app_name,
      appId: request.app_id,
      backupId: request.time_stamp,
      skipBadPartition: request.skip_bad_partition,
      restorePath: request.restore_path,
    }),
    // What the old table was in the middle of is not the new one's.
    duplicating: false,
    isBulkLoading: false,
  };
  const countIsSound = info.partitionCount > 0 && info.partitionCount <= MAX_PARTITIONS;
  if (state.tableNamed(appName) !== undefined || !countIsSound || !fitsInZnode(info)) {
    return { error: 'ERR_INVALID_PARAMETERS' };
  }
  log.info(`restore: table ${appName} from backup ${request.time_stamp} of ${request.app_name}`);
  return { created: await storeNewTable(parts, info) };
}

async function readMetadata(
  { blockService, log }: TableOperationParts & Pick<BackupParts, 'blockService'>,
  request: ConfigurationRestoreRequest,
): Promise<{ readonly info: TableInfo } | { readonly error: ErrorCode }> {
  const block = blockService(request.backup_provider_name);
  if (block === undefined) return { error: 'ERR_INVALID_PARAMETERS' };
  const root = backupRoot(request.cluster_name, request.restore_path, request.policy_name);
  const table = { appName: request.app_name, appId: request.app_id };
  const path = new BackupLayout(root, request.time_stamp).appMetadata(table);
  let bytes: Buffer;
  try {
    bytes = await block.read(path);
  } catch (error) {
    log.error(`restore: ${path}: ${describeError(error)}`);
    return { error: blockErrorCode(error) };
  }
  try {
    const info = parseTableJson(path, request.app_id, bytes);
    return info.appName === request.app_name ? { info } : { error: 'ERR_CORRUPTION' };
  } catch (error) {
    log.error(`restore: ${path}: ${describeError(error)}`);
    return { error: 'ERR_CORRUPTION' };
  }
}
