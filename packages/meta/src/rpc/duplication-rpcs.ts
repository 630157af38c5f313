import {
  RPC,
  duplicationAddResponse,
  duplicationAppState,
  duplicationListResponse,
  duplicationModifyResponse,
  duplicationQueryResponse,
  duplicationSyncResponse,
  make,
  wireNode,
} from '@onebox/protocol';
import type {
  DuplicationAddRequest,
  DuplicationAddResponse,
  DuplicationEntry,
  DuplicationListRequest,
  DuplicationListResponse,
  DuplicationModifyRequest,
  DuplicationModifyResponse,
  DuplicationQueryResponse,
  DuplicationSyncRequest,
  DuplicationSyncResponse,
  Rpc,
} from '@onebox/protocol';
import { dupFailModeOf, dupStatusOf } from '../duplication';
import type { Report } from '../duplication';
import type { Leader } from '../leader';
import { nameMatcher, toListedDuplication, toSyncedDuplication, unsupportedMatch } from '../rpc-encoding';
import { refusal } from './leader-only';
import type { LeaderOnly } from './leader-only';

/** Duplication: what tools ask (reference/rpc-protocol.md 2.2, 4.6), and what replica servers report (cluster-behaviour.md 8.2). */
export function serveDuplicationRpcs(rpcs: LeaderOnly): void {
  const onEnabled = <Q, A>(rpc: Rpc<Q, A>, handler: (leader: Leader, request: Q) => A | Promise<A>): void => {
    rpcs.on(rpc, (leader, request) =>
      // A service that is switched off (reference/rpc-protocol.md 4.4).
      leader.duplications.enabled ? handler(leader, request) : refusal(rpc, 'ERR_SERVICE_NOT_ACTIVE'),
    );
  };
  onEnabled(RPC.RPC_CM_ADD_DUPLICATION, add);
  onEnabled(RPC.RPC_CM_MODIFY_DUPLICATION, modify);
  onEnabled(RPC.RPC_CM_QUERY_DUPLICATION, (leader, request) => query(leader, request.app_name));
  onEnabled(RPC.RPC_CM_LIST_DUPLICATION, list);
  onEnabled(RPC.RPC_CM_DUPLICATION_SYNC, sync);
}

async function add(
  { duplications }: Leader,
  request: DuplicationAddRequest,
): Promise<DuplicationAddResponse> {
  const { error, hint, info } = await duplications.add({
    appName: request.app_name,
    remote: request.remote_cluster_name,
    // Clients before 2.6 do not say: then it is the table's own name.
    remoteAppName: request.remote_app_name ?? request.app_name,
    remoteReplicaCount: request.remote_replica_count ?? 0,
    withCheckpoint: request.is_duplicating_checkpoint ?? true,
  });
  return make(duplicationAddResponse, {
    err: error,
    hint,
    appid: info?.appId,
    dupid: info?.dupId,
    remote_app_name: info?.remoteAppName,
    remote_replica_count: info?.remoteReplicaCount,
  });
}

async function modify(
  { duplications }: Leader,
  request: DuplicationModifyRequest,
): Promise<DuplicationModifyResponse> {
  const status = request.status === undefined ? undefined : dupStatusOf(request.status);
  const failMode = request.fail_mode === undefined ? undefined : dupFailModeOf(request.fail_mode);
  const isUnknown =
    (request.status !== undefined && status === undefined) ||
    (request.fail_mode !== undefined && failMode === undefined);
  if (isUnknown) return make(duplicationModifyResponse, { err: 'ERR_INVALID_PARAMETERS' });
  const { error, appId } = await duplications.modify(request.app_name, request.dupid, { status, failMode });
  return make(duplicationModifyResponse, { err: error, appid: appId });
}

function query({ duplications, state }: Leader, appName: string): DuplicationQueryResponse {
  const table = state.tableNamed(appName);
  if (table?.info.status !== 'AS_AVAILABLE') {
    return make(duplicationQueryResponse, { err: 'ERR_APP_NOT_EXIST' });
  }
  const { appId } = table.info;
  const entries = duplications.of(appId).map(toListedDuplication);
  return make(duplicationQueryResponse, { err: 'ERR_OK', appid: appId, entry_list: entries });
}

function list(
  { duplications, state }: Leader,
  { app_name_pattern: pattern, match_type: matchType }: DuplicationListRequest,
): DuplicationListResponse {
  const tables = state.namedTables().filter(({ info }) => info.status === 'AS_AVAILABLE');
  const matches = nameMatcher(pattern, matchType);
  if (matches === undefined && tables.length > 0) {
    return make(duplicationListResponse, {
      err: 'ERR_NOT_IMPLEMENTED',
      hint_message: unsupportedMatch(matchType),
    });
  }
  const states = tables
    .filter(({ info }) => matches?.(info.appName) === true)
    .map(({ info }): [string, DuplicationListResponse['app_states'][number][1]] => [
      info.appName,
      make(duplicationAppState, {
        appid: info.appId,
        duplications: duplications.of(info.appId).map((dup) => [dup.info.dupId, toListedDuplication(dup)]),
        app_name: info.appName,
        partition_count: info.partitionCount,
      }),
    ]);
  return make(duplicationListResponse, { err: 'ERR_OK', app_states: states });
}

/** What a node runs, then what it says: the answer has the decrees that are stored when everything is (8.2). */
async function sync(
  { duplications }: Leader,
  request: DuplicationSyncRequest,
): Promise<DuplicationSyncResponse> {
  const node = wireNode(request.hp_node, request.node);
  if (node === undefined || duplications.ledBy(node) === undefined) {
    return make(duplicationSyncResponse, { err: 'ERR_OBJECT_NOT_FOUND' });
  }
  duplications.advance(node);
  await duplications.report(
    node,
    request.confirm_list.flatMap(([gpid, entries]) =>
      entries.map((entry): Report => ({
        gpid,
        dupId: entry.dupid,
        confirmedDecree: entry.confirmed_decree,
        checkpointPrepared: entry.checkpoint_prepared ?? false,
        lastCommittedDecree: entry.last_committed_decree,
      })),
    ),
  );
  const byTable = new Map<number, [number, DuplicationEntry][]>();
  for (const dup of duplications.ledBy(node) ?? []) {
    const { appId, dupId } = dup.info;
    byTable.set(appId, [...(byTable.get(appId) ?? []), [dupId, toSyncedDuplication(dup)]]);
  }
  return make(duplicationSyncResponse, { err: 'ERR_OK', dup_map: [...byTable] });
}
