import {
  DuplicationFailMode,
  DuplicationStatus,
  RPC,
  duplicationAddRequest,
  duplicationModifyRequest,
  duplicationQueryRequest,
  make,
} from '@onebox/protocol';
import type { DuplicationEntry, DuplicationModifyRequest } from '@onebox/protocol';
import { MetaRefusal } from './meta-admin';
import type { MetaAdmin } from './meta-admin';
import { checkTableName } from './table-name';

export const DUP_FAIL_MODES = {
  slow: DuplicationFailMode.FAIL_SLOW,
  skip: DuplicationFailMode.FAIL_SKIP,
  fast: DuplicationFailMode.FAIL_FAST,
} as const;

export type DupFailModeName = keyof typeof DUP_FAIL_MODES;

/** What a duplication is to be like. */
export interface DuplicationWish {
  /** The name of the other cluster in `[pegasus.clusters]`. */
  readonly remote: string;
  /** Undefined: the table's own name. */
  readonly remoteTable: string | undefined;
  /** Undefined: as many as the table has. */
  readonly remoteReplicaCount: number | undefined;
  readonly withCheckpoint: boolean;
}

/** A duplication as the meta servers tell it. */
export interface ListedDuplication {
  readonly dupId: number;
  readonly remote: string;
  readonly remoteTable: string;
  readonly remoteReplicaCount: number;
  /** `DS_LOG`, as tools show it. */
  readonly status: string;
  readonly failMode: string;
  /** Real unix milliseconds. */
  readonly createdMs: number;
  /** In partition order; -1: not known. */
  readonly partitions: readonly {
    readonly index: number;
    readonly confirmedDecree: number;
    readonly lastCommittedDecree: number;
  }[];
}

/** Duplication between clusters, as admin-cli and the shell do it. All refusals are {@link MetaRefusal}s. */
export class DuplicationAdmin {
  constructor(private readonly meta: MetaAdmin) {}

  /**
   * Adds a duplication. `existed`: there was one to that cluster, and it was started again.
   *
   * @throws OneboxError ONEBOX_BAD_TABLE_NAME when the remote table is to have a name that is none
   */
  async add(
    table: string,
    wish: DuplicationWish,
  ): Promise<{ readonly dupId: number; readonly existed: boolean }> {
    if (wish.remoteTable !== undefined) checkTableName(wish.remoteTable);
    const answer = await this.meta.ask(
      RPC.RPC_CM_ADD_DUPLICATION,
      make(duplicationAddRequest, {
        app_name: table,
        remote_cluster_name: wish.remote,
        is_duplicating_checkpoint: wish.withCheckpoint,
        remote_app_name: wish.remoteTable,
        remote_replica_count: wish.remoteReplicaCount,
      }),
    );
    const existed = answer.err === 'ERR_DUP_EXIST';
    if (answer.err !== 'ERR_OK' && !existed)
      throw new MetaRefusal(answer.err, answer.hint ?? '', `duplicating table '${table}'`, {
        ERR_INVALID_PARAMETERS: {
          nextStep: 'The other cluster needs its name in [pegasus.clusters] and in [duplication-group].',
        },
      });
    return { dupId: answer.dupid, existed };
  }

  /** In the order of their ids. */
  async list(table: string): Promise<readonly ListedDuplication[]> {
    const answer = await this.meta.demand(
      `listing the duplications of table '${table}'`,
      RPC.RPC_CM_QUERY_DUPLICATION,
      make(duplicationQueryRequest, { app_name: table }),
    );
    return answer.entry_list.map(listedDuplication).sort((a, b) => a.dupId - b.dupId);
  }

  async pause(table: string, dupId: number): Promise<void> {
    await this.modify('pausing', table, dupId, { status: DuplicationStatus.DS_PAUSE });
  }

  async start(table: string, dupId: number): Promise<void> {
    await this.modify('starting', table, dupId, { status: DuplicationStatus.DS_LOG });
  }

  async remove(table: string, dupId: number): Promise<void> {
    await this.modify('removing', table, dupId, { status: DuplicationStatus.DS_REMOVED });
  }

  async setFailMode(table: string, dupId: number, mode: DupFailModeName): Promise<void> {
    await this.modify('changing', table, dupId, { fail_mode: DUP_FAIL_MODES[mode] });
  }

  private async modify(
    what: string,
    table: string,
    dupId: number,
    change: Partial<DuplicationModifyRequest>,
  ): Promise<void> {
    const nextStep = `See \`onebox dup list ${table}\`.`;
    await this.meta.demand(
      `${what} duplication ${dupId} of table '${table}'`,
      RPC.RPC_CM_MODIFY_DUPLICATION,
      make(duplicationModifyRequest, { app_name: table, dupid: dupId, ...change }),
      {
        ERR_OBJECT_NOT_FOUND: { says: `the table has no duplication ${dupId}`, nextStep },
        ERR_INVALID_PARAMETERS: { says: 'its status does not allow that', nextStep },
      },
    );
  }
}

function listedDuplication(entry: DuplicationEntry): ListedDuplication {
  return {
    dupId: entry.dupid,
    remote: entry.remote,
    remoteTable: entry.remote_app_name ?? '',
    remoteReplicaCount: entry.remote_replica_count ?? 0,
    status: nameOf(DuplicationStatus, entry.status),
    failMode: nameOf(DuplicationFailMode, entry.fail_mode),
    createdMs: entry.create_ts,
    partitions: (entry.partition_states ?? []).map(([index, state]) => ({
      index,
      confirmedDecree: state.confirmed_decree,
      lastCommittedDecree: state.last_committed_decree,
    })),
  };
}

function nameOf(values: Readonly<Record<string, number>>, value: number | undefined): string {
  return Object.keys(values).find((name) => values[name] === value) ?? String(value);
}
