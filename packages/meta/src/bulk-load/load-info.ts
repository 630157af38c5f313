import type { ErrorCode, Node } from '@onebox/base';
import { BulkLoadStatus } from '@onebox/protocol';
import type { BulkLoadMetadata, PartitionBulkLoadState } from '@onebox/protocol';

/** The status of a load, by its name on the wire and in znodes. */
export type LoadStatus = keyof typeof BulkLoadStatus;

export const LOAD_STATUSES = Object.keys(BulkLoadStatus) as readonly LoadStatus[];

/** The status as upstream prints it, in HTTP answers and in znodes. */
export function qualifiedStatus(status: LoadStatus): string {
  return `replication::bulk_load_status::${status}`;
}

/** How often a partition's primary is asked, Pegasus ms (reference/cluster-behaviour.md 9.2, 13). */
export const REQUEST_PERIOD_MS = 10_000;
/** How often while it ingests, and how long a partition waits for its turn to ingest. */
export const INGESTING_PERIOD_MS = 150;
/** How long a partition without a primary, or without its full group, waits. */
export const UNHEALTHY_RETRY_MS = 1000;

/** What the znode of a table's load holds. */
export interface TableLoadInfo {
  readonly appId: number;
  readonly partitionCount: number;
  /** The table's name when the load was started: part of the paths of its files. */
  readonly appName: string;
  readonly clusterName: string;
  /** The block service the files are in. */
  readonly provider: string;
  readonly status: LoadStatus;
  readonly remoteRootPath: string;
  readonly ingestBehind: boolean;
  readonly isEverIngesting: boolean;
  readonly error: ErrorCode;
}

/** What the znode of a partition's part in a load holds. */
export interface PartitionLoadInfo {
  readonly status: LoadStatus;
  /** Without files until the primary has told. */
  readonly metadata: BulkLoadMetadata;
  readonly everIngestSucceed: boolean;
  /** The nodes that had ingested then. */
  readonly hostPorts: readonly Node[];
}

export const NO_METADATA: BulkLoadMetadata = { files: [], file_total_size: 0 };

/** A partition at the start of a load. */
export const NEW_PARTITION: PartitionLoadInfo = {
  status: 'BLS_DOWNLOADING',
  metadata: NO_METADATA,
  everIngestSucceed: false,
  hostPorts: [],
};

/** What the members of a partition's group last said about themselves. */
export type GroupStates = readonly (readonly [Node, PartitionBulkLoadState])[];
