import { BulkLoadStatus } from '@onebox/protocol';

/** The status of a load, by its name on the wire. */
export type LoadStatus = keyof typeof BulkLoadStatus;

const STATUSES = Object.keys(BulkLoadStatus) as readonly LoadStatus[];

/** The status of a wire value; undefined for one nobody knows. */
export function loadStatusOf(value: number): LoadStatus | undefined {
  return STATUSES.find((name) => BulkLoadStatus[name] === value);
}

/** What a replica may be in when the meta server is in a status; those that are not here go with everything. */
const LOCAL: Partial<Record<LoadStatus, readonly LoadStatus[]>> = {
  BLS_DOWNLOADING: [
    'BLS_INVALID',
    'BLS_DOWNLOADING',
    'BLS_DOWNLOADED',
    'BLS_INGESTING',
    'BLS_SUCCEED',
    'BLS_PAUSED',
  ],
  BLS_DOWNLOADED: ['BLS_DOWNLOADED'],
  BLS_INGESTING: ['BLS_DOWNLOADED', 'BLS_INGESTING'],
  BLS_SUCCEED: ['BLS_DOWNLOADED', 'BLS_INGESTING', 'BLS_SUCCEED', 'BLS_INVALID'],
  BLS_PAUSING: ['BLS_INVALID', 'BLS_DOWNLOADING', 'BLS_DOWNLOADED', 'BLS_PAUSING', 'BLS_PAUSED'],
  BLS_PAUSED: [],
};

/** Whether a replica can go along: if not, it missed something, and the load goes back to downloading. */
export function goesTogether(meta: LoadStatus, local: LoadStatus): boolean {
  return LOCAL[meta]?.includes(local) ?? true;
}

/** What a replica does when it hears where the meta server is. */
export type LoadStep =
  'download' | 'begin to ingest' | 'look after ingestion' | 'succeed' | 'pause' | 'clean up' | 'nothing';

/** @param meta a status the local one goes together with */
export function stepOf(meta: LoadStatus, local: LoadStatus): LoadStep {
  switch (meta) {
    case 'BLS_DOWNLOADING':
      return local === 'BLS_DOWNLOADING' || local === 'BLS_DOWNLOADED' ? 'nothing' : 'download';
    case 'BLS_INGESTING':
      return local === 'BLS_DOWNLOADED' ? 'begin to ingest' : 'look after ingestion';
    case 'BLS_SUCCEED':
      return local === 'BLS_DOWNLOADED' || local === 'BLS_INGESTING' ? 'succeed' : 'clean up';
    case 'BLS_PAUSING':
      return local === 'BLS_PAUSED' ? 'nothing' : 'pause';
    case 'BLS_CANCELED':
    case 'BLS_FAILED':
      return 'clean up';
    default:
      return 'nothing';
  }
}
