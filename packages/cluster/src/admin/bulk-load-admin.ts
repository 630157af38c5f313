import { toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import {
  BulkLoadControlType,
  BulkLoadStatus,
  IngestionStatus,
  RPC,
  clearBulkLoadStateRequest,
  controlBulkLoadRequest,
  make,
  queryBulkLoadRequest,
  startBulkLoadRequest,
} from '@onebox/protocol';
import type { PartitionBulkLoadState } from '@onebox/protocol';
import { MetaRefusal } from './meta-admin';
import type { MetaAdmin } from './meta-admin';

export type BulkLoadStatusName = keyof typeof BulkLoadStatus;

/** What one replica said about itself last. */
export interface LoadedReplica {
  readonly node: Node;
  /** Percent. */
  readonly progress: number;
  readonly ingestion: keyof typeof IngestionStatus;
  readonly cleanedUp: boolean;
  readonly paused: boolean;
}

export interface BulkLoadReport {
  readonly table: string;
  readonly status: BulkLoadStatusName;
  /** False: this is the result of the last load, or BLS_INVALID when there was none. */
  readonly running: boolean;
  /** Of a load that failed, `ERR_OK` otherwise. */
  readonly error: string;
  readonly partitions: readonly {
    readonly status: BulkLoadStatusName;
    readonly replicas: readonly LoadedReplica[];
  }[];
}

export interface NewBulkLoad {
  readonly clusterName: string;
  readonly provider: string;
  readonly root: string;
  readonly ingestBehind: boolean;
}

const CONTROLS = {
  pause: BulkLoadControlType.BLC_PAUSE,
  restart: BulkLoadControlType.BLC_RESTART,
  cancel: BulkLoadControlType.BLC_CANCEL,
  'force cancel': BulkLoadControlType.BLC_FORCE_CANCEL,
} as const;

export type BulkLoadControl = keyof typeof CONTROLS;

/** Bulk loads, over the RPCs of the real shell and admin-cli. All refusals are {@link MetaRefusal}s. */
export class BulkLoadAdmin {
  constructor(private readonly meta: MetaAdmin) {}

  /** Settles when the load is accepted, not when it is done. */
  async start(table: string, load: NewBulkLoad): Promise<void> {
    await this.meta.demand(
      `bulk load of table '${table}'`,
      RPC.RPC_CM_START_BULK_LOAD,
      make(startBulkLoadRequest, {
        app_name: table,
        cluster_name: load.clusterName,
        file_provider_type: load.provider,
        remote_root_path: load.root,
        ingest_behind: load.ingestBehind,
      }),
      {
        ERR_BUSY: { nextStep: 'Wait until the load that runs is over, or cancel it.' },
        ERR_INCONSISTENT_STATE: {
          nextStep: `Files have to be made for this table (\`onebox bulk-load example ${table}\`); --ingest-behind needs its env rocksdb.allow_ingest_behind.`,
        },
        ERR_OBJECT_NOT_FOUND: {
          nextStep: `\`onebox bulk-load example ${table}\` writes files to try; --root, --cluster and --provider say where others are.`,
        },
      },
    );
  }

  async query(table: string): Promise<BulkLoadReport> {
    const answer = await this.meta.ask(
      RPC.RPC_CM_QUERY_BULK_LOAD_STATUS,
      make(queryBulkLoadRequest, { app_name: table }),
    );
    // The error of a load that failed comes with its status; any other one is about the table.
    if (answer.err !== 'ERR_OK' && answer.app_status !== BulkLoadStatus.BLS_FAILED) {
      throw new MetaRefusal(answer.err, answer.hint_msg ?? '', `bulk load of table '${table}'`);
    }
    return {
      table,
      status: statusName(answer.app_status),
      running: answer.is_bulk_loading === true,
      error: answer.err,
      partitions: answer.partitions_status.map((status, index) => ({
        status: statusName(status),
        replicas: (answer.bulk_load_states[index] ?? []).flatMap(([address, state]) =>
          address === null ? [] : [replicaOf(toNode({ host: address.ip, port: address.port }), state)],
        ),
      })),
    };
  }

  async control(table: string, control: BulkLoadControl): Promise<void> {
    await this.meta.demand(
      `bulk load of table '${table}'`,
      RPC.RPC_CM_CONTROL_BULK_LOAD,
      make(controlBulkLoadRequest, { app_name: table, type: CONTROLS[control] }),
      {
        ERR_INACTIVE_STATE: { nextStep: `Begin one with \`onebox bulk-load start ${table}\`.` },
        ERR_INVALID_STATE: { nextStep: `See \`onebox bulk-load query ${table}\`.` },
      },
    );
  }

  /** Forgets the result of the last load. */
  async clear(table: string): Promise<void> {
    await this.meta.demand(
      `bulk load of table '${table}'`,
      RPC.RPC_CM_CLEAR_BULK_LOAD,
      make(clearBulkLoadStateRequest, { app_name: table }),
      { ERR_INVALID_STATE: { nextStep: `See \`onebox bulk-load query ${table}\`.` } },
    );
  }
}

function replicaOf(node: Node, state: PartitionBulkLoadState): LoadedReplica {
  const { ingest_status: ingestion = IngestionStatus.IS_INVALID } = state;
  const [name] = Object.entries(IngestionStatus).find(([, value]) => value === ingestion) ?? [];
  return {
    node,
    progress: state.download_progress ?? 0,
    ingestion: (name ?? 'IS_INVALID') as keyof typeof IngestionStatus,
    cleanedUp: state.is_cleaned_up ?? false,
    paused: state.is_paused ?? false,
  };
}

function statusName(status: number): BulkLoadStatusName {
  const [name] = Object.entries(BulkLoadStatus).find(([, value]) => value === status) ?? [];
  return (name ?? 'BLS_INVALID') as BulkLoadStatusName;
}
