import {
  AppEnvOperation,
  RPC,
  configurationCreateAppResponse,
  configurationDropAppResponse,
  configurationGetAtomicIdempotentResponse,
  configurationGetMaxReplicaCountResponse,
  configurationRecallAppResponse,
  configurationRenameAppResponse,
  configurationSetAtomicIdempotentResponse,
  configurationSetMaxReplicaCountResponse,
  configurationUpdateAppEnvResponse,
  make,
} from '@onebox/protocol';
import type {
  ConfigurationCreateAppRequest,
  ConfigurationCreateAppResponse,
  ConfigurationUpdateAppEnvRequest,
} from '@onebox/protocol';
import type { EnvRequest } from '../app-envs';
import type { Leader } from '../leader';
import { toAppInfo } from '../rpc-encoding';
import { getAtomicIdempotent, setAtomicIdempotent } from '../tables/atomic-idempotent';
import { createTable } from '../tables/create-table';
import { dropTable } from '../tables/drop-table';
import { getMaxReplicaCount, setMaxReplicaCount } from '../tables/max-replica-count';
import { recallTable } from '../tables/recall-table';
import { renameTable } from '../tables/rename-table';
import { updateTableEnvs } from '../tables/table-envs';
import type { LeaderOnly } from './leader-only';

/** Operations on tables (reference/rpc-protocol.md 4.3). */
export function serveTableRpcs(rpcs: LeaderOnly): void {
  rpcs
    .on(RPC.RPC_CM_CREATE_APP, createApp)
    .on(RPC.RPC_CM_DROP_APP, async ({ operations }, { app_name: appName, options }) =>
      make(configurationDropAppResponse, {
        err: await dropTable(operations, {
          appName,
          successIfNotExist: options.success_if_not_exist,
          reserveSeconds: options.reserve_seconds ?? 0,
        }),
      }),
    )
    .on(RPC.RPC_CM_RECALL_APP, async ({ operations }, { app_id: appId, new_app_name: newName }) => {
      const { error, info } = await recallTable(operations, appId, newName);
      return make(configurationRecallAppResponse, {
        err: error,
        info: info === undefined ? undefined : toAppInfo(info),
      });
    })
    .on(RPC.RPC_CM_RENAME_APP, async ({ operations }, request) => {
      const { error, hint } = await renameTable(operations, request.old_app_name, request.new_app_name);
      return make(configurationRenameAppResponse, { err: error, hint_message: hint });
    })
    .on(RPC.RPC_CM_UPDATE_APP_ENV, async ({ operations }, request) => {
      const envs = envRequest(request);
      if (envs === undefined)
        return make(configurationUpdateAppEnvResponse, { err: 'ERR_INVALID_PARAMETERS' });
      const { error, hint } = await updateTableEnvs(operations, request.app_name, envs);
      return make(configurationUpdateAppEnvResponse, { err: error, hint_message: hint });
    });
  serveReplicaCountRpcs(rpcs);
  serveAtomicIdempotentRpcs(rpcs);
}

async function createApp(
  leader: Leader,
  { app_name: appName, options }: ConfigurationCreateAppRequest,
): Promise<ConfigurationCreateAppResponse> {
  const { error, appId, created } = await createTable(leader.operations, {
    appName,
    appType: options.app_type,
    partitionCount: options.partition_count,
    replicaCount: options.replica_count,
    successIfExist: options.success_if_exist,
    isStateful: options.is_stateful,
    envs: new Map(options.envs),
    atomicIdempotent: options.atomic_idempotent ?? false,
  });
  if (created !== undefined) leader.tableCreated(created);
  return make(configurationCreateAppResponse, { err: error, appid: appId });
}

/** Undefined for an operation that does not exist. */
function envRequest(request: ConfigurationUpdateAppEnvRequest): EnvRequest | undefined {
  switch (request.op) {
    case AppEnvOperation.APP_ENV_OP_SET:
      return { op: 'set', keys: request.keys, values: request.values };
    case AppEnvOperation.APP_ENV_OP_DEL:
      return { op: 'delete', keys: request.keys };
    case AppEnvOperation.APP_ENV_OP_CLEAR:
      return { op: 'clear', prefix: request.clear_prefix };
    default:
      return undefined;
  }
}

function serveReplicaCountRpcs(rpcs: LeaderOnly): void {
  rpcs
    .on(RPC.RPC_CM_GET_MAX_REPLICA_COUNT, ({ operations }, request) => {
      const { error, hint, count } = getMaxReplicaCount(operations, request.app_name);
      return make(configurationGetMaxReplicaCountResponse, {
        err: error,
        max_replica_count: count,
        hint_message: hint,
      });
    })
    .on(RPC.RPC_CM_SET_MAX_REPLICA_COUNT, async ({ operations }, request) => {
      const answer = await setMaxReplicaCount(operations, request.app_name, request.max_replica_count);
      return make(configurationSetMaxReplicaCountResponse, {
        err: answer.error,
        old_max_replica_count: answer.count,
        hint_message: answer.hint,
      });
    });
}

function serveAtomicIdempotentRpcs(rpcs: LeaderOnly): void {
  rpcs
    .on(RPC.RPC_CM_GET_ATOMIC_IDEMPOTENT, ({ operations }, request) => {
      const { error, hint, value } = getAtomicIdempotent(operations, request.app_name);
      return make(configurationGetAtomicIdempotentResponse, {
        err: error,
        atomic_idempotent: value,
        hint_message: hint,
      });
    })
    .on(RPC.RPC_CM_SET_ATOMIC_IDEMPOTENT, async ({ operations }, request) => {
      const answer = await setAtomicIdempotent(operations, request.app_name, request.atomic_idempotent);
      return make(configurationSetAtomicIdempotentResponse, {
        err: answer.error,
        old_atomic_idempotent: answer.value,
        hint_message: answer.hint,
      });
    });
}
