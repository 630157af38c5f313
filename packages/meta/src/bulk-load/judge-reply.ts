import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid } from '@onebox/base';
import { IngestionStatus } from '@onebox/protocol';
import type { BulkLoadMetadata, BulkLoadResponse } from '@onebox/protocol';
import type { GroupStates, LoadStatus, PartitionLoadInfo } from './load-info';

/** A load is back to downloading, or over. */
export type Trouble = { readonly act: 'roll back' } | { readonly act: 'fail'; readonly error: ErrorCode };

/** What a primary's answer means. What is undefined stays as it is. */
export interface Verdict {
  readonly states?: GroupStates;
  /** Percent, of the whole group. */
  readonly progress?: number;
  /** The files, told for the first time. */
  readonly metadata?: BulkLoadMetadata;
  /** The next status of the partition. */
  readonly to?: LoadStatus;
  /** Whether everybody in the group has cleaned up. */
  readonly cleanedUp?: boolean;
  readonly trouble?: Trouble;
}

/** What is known when an answer comes. */
export interface Circumstances {
  readonly gpid: Gpid;
  readonly tableStatus: LoadStatus;
  readonly partition: PartitionLoadInfo;
  /** Of the request, and now. */
  readonly askedBallot: number;
  readonly ballot: number;
}

/** Everything is downloaded. */
const ALL = 100;

const ROLL_BACK: Verdict = { trouble: { act: 'roll back' } };
const NOTHING: Verdict = {};

/** The errors of a download that are told as they are; every other one is unknown (reference/cluster-behaviour.md 9.2, step 4). */
const DOWNLOAD_ERRORS: readonly ErrorCode[] = [
  'ERR_FILE_OPERATION_FAILED',
  'ERR_FS_INTERNAL',
  'ERR_CORRUPTION',
];

/** The primary could not be reached, or its frame carried an error: its node may be dead. */
export function judgeSilence(): Verdict {
  return ROLL_BACK;
}

/** What an answer to RPC_BULK_LOAD means for the partition and for the load as a whole. */
export function judgeReply(now: Circumstances, response: BulkLoadResponse, states: GroupStates): Verdict {
  if (gpidText(response.pid) !== gpidText(now.gpid)) return NOTHING;
  switch (response.err) {
    case 'ERR_OK':
      break;
    case 'ERR_OBJECT_NOT_FOUND':
    case 'ERR_INVALID_STATE':
      return ROLL_BACK;
    case 'ERR_BUSY':
      // Its node downloads as much as it may: it is asked again in a period.
      return NOTHING;
    default:
      return { trouble: { act: 'fail', error: response.err } };
  }
  if (now.askedBallot < now.ballot) return ROLL_BACK;
  switch (now.tableStatus) {
    case 'BLS_DOWNLOADING':
      return judgeDownload(now.partition, response, states);
    case 'BLS_DOWNLOADED':
      return { to: 'BLS_INGESTING' };
    case 'BLS_INGESTING':
      return judgeIngestion(response, states);
    case 'BLS_SUCCEED':
    case 'BLS_FAILED':
    case 'BLS_CANCELED': {
      const cleanedUp = response.is_group_bulk_load_context_cleaned_up;
      return cleanedUp === undefined ? NOTHING : { states, cleanedUp };
    }
    case 'BLS_PAUSING': {
      const paused = response.is_group_bulk_load_paused;
      if (paused === undefined) return NOTHING;
      return { states, ...(paused ? { to: 'BLS_PAUSED' as const } : {}) };
    }
    case 'BLS_PAUSED':
    case 'BLS_INVALID':
      return NOTHING;
  }
}

function judgeDownload(
  partition: PartitionLoadInfo,
  { total_download_progress: progress, metadata }: BulkLoadResponse,
  states: GroupStates,
): Verdict {
  if (progress === undefined) return NOTHING;
  for (const [, { download_status: status }] of states) {
    // A member that has not said anything yet.
    if (status === undefined) return NOTHING;
    if (status === 'ERR_OK') continue;
    return {
      trouble: { act: 'fail', error: DOWNLOAD_ERRORS.includes(status) ? status : 'ERR_UNKNOWN' },
    };
  }
  const isNew = metadata !== undefined && partition.metadata.files.length === 0;
  return {
    states,
    progress,
    ...(isNew ? { metadata } : {}),
    ...(progress >= ALL ? { to: 'BLS_DOWNLOADED' as const } : {}),
  };
}

function judgeIngestion(response: BulkLoadResponse, states: GroupStates): Verdict {
  const finished = response.is_group_ingestion_finished;
  if (finished === undefined) return NOTHING;
  if (states.some(([, state]) => state.ingest_status === IngestionStatus.IS_FAILED)) {
    return { trouble: { act: 'fail', error: 'ERR_INGESTION_FAILED' } };
  }
  return { states, ...(finished ? { to: 'BLS_SUCCEED' as const } : {}) };
}
