import type { ErrorCode } from '@onebox/base';
import { blockErrorCode, decodeBodyFields, joinBlockPath } from '@onebox/server';
import type { BlockFileSystem } from '@onebox/server';
import type { TableInfo } from '../state/table';
import type { HintedAnswer } from '../tables/hinted-answer';
import { mayIngestBehind } from './ingest-behind';

/** What an operator wants loaded. */
export interface StartRequest {
  readonly appName: string;
  readonly clusterName: string;
  readonly provider: string;
  readonly remoteRootPath: string;
  readonly ingestBehind: boolean;
}

const OK: HintedAnswer = { error: 'ERR_OK', hint: '' };

/** Checks 2 and 3 of reference/cluster-behaviour.md 9.1: the table. The name is missing from upstream's texts. */
export function checkTable(info: TableInfo | undefined): HintedAnswer {
  if (info === undefined) return { error: 'ERR_APP_NOT_EXIST', hint: 'app not existed is ' };
  if (info.status !== 'AS_AVAILABLE') return { error: 'ERR_APP_DROPPED', hint: 'app not available is ' };
  if (info.isBulkLoading) return alreadyLoading(info.appName);
  return OK;
}

export function alreadyLoading(appName: string): HintedAnswer {
  return { error: 'ERR_BUSY', hint: `app(${appName}) is already executing bulk load` };
}

/** Checks 4 to 8: the option, the provider, and the file that describes the set. */
export async function checkFiles(
  request: StartRequest,
  { appId, partitionCount, envs }: TableInfo,
  blockService: (name: string) => BlockFileSystem | undefined,
): Promise<HintedAnswer> {
  if (!mayIngestBehind(envs, request.ingestBehind)) {
    return { error: 'ERR_INCONSISTENT_STATE', hint: 'inconsistent ingestion behind option' };
  }
  let files: BlockFileSystem | undefined;
  try {
    files = blockService(request.provider);
  } catch {
    return { error: 'ERR_FILE_OPERATION_FAILED', hint: 'file_provider error' };
  }
  if (files === undefined) return { error: 'ERR_INVALID_PARAMETERS', hint: 'invalid file_provider' };
  const { remoteRootPath, clusterName, appName } = request;
  const path = joinBlockPath(remoteRootPath, clusterName, appName, 'bulk_load_info');
  let content: Buffer;
  try {
    content = await files.read(path);
  } catch (error) {
    return unreadable(blockErrorCode(error));
  }
  const info = decodeBodyFields(content, {
    app_id: 'int32',
    app_name: 'string',
    partition_count: 'int32',
  });
  if (info?.app_id === undefined || info.partition_count === undefined) {
    return { error: 'ERR_CORRUPTION', hint: 'bulk_load_info damaged' };
  }
  if (info.app_id !== appId || info.partition_count !== partitionCount) {
    return { error: 'ERR_INCONSISTENT_STATE', hint: 'app_id or partition_count is inconsistent' };
  }
  return OK;
}

function unreadable(error: ErrorCode): HintedAnswer {
  if (error !== 'ERR_INVALID_PARAMETERS') return { error, hint: 'read bulk_load_info failed' };
  // Upstream follows such a path; here nobody reads outside of the block service (docs/configuration.md).
  return {
    error,
    hint: "the path to bulk_load_info must stay below the block service's root",
  };
}
