import type { ErrorCode } from '@onebox/base';
import {
  AppEnvOperation,
  RPC,
  configurationCreateAppRequest,
  configurationDropAppRequest,
  configurationRecallAppRequest,
  configurationRenameAppRequest,
  configurationSetMaxReplicaCountRequest,
  configurationUpdateAppEnvRequest,
  createAppOptions,
  dropAppOptions,
  make,
} from '@onebox/protocol';
import type { CreateAppOptions, DropAppOptions } from '@onebox/protocol';
import type { MetaUnderTest } from './meta-under-test';

const APPS = '/pegasus/onebox/127.0.0.1/apps';

/** What tools ask about tables: each of these calls the leader and gives what a test looks at of its answer. */
export function tableRequests(leader: () => MetaUnderTest) {
  return {
    create: async (name: string, options: Partial<CreateAppOptions> = {}): Promise<[ErrorCode, number]> => {
      const request = make(configurationCreateAppRequest, {
        app_name: name,
        options: make(createAppOptions, {
          partition_count: 4,
          replica_count: 3,
          app_type: 'pegasus',
          is_stateful: true,
          ...options,
        }),
      });
      const { err, appid } = await answered(leader().call(RPC.RPC_CM_CREATE_APP, request));
      return [err, appid];
    },

    drop: async (name: string, options: Partial<DropAppOptions> = {}): Promise<ErrorCode> => {
      const request = make(configurationDropAppRequest, {
        app_name: name,
        options: make(dropAppOptions, options),
      });
      return (await answered(leader().call(RPC.RPC_CM_DROP_APP, request))).err;
    },

    recall: (appId: number, newName = '') => {
      const request = make(configurationRecallAppRequest, { app_id: appId, new_app_name: newName });
      return answered(leader().call(RPC.RPC_CM_RECALL_APP, request));
    },

    rename: async (from: string, to: string): Promise<[ErrorCode, string]> => {
      const request = make(configurationRenameAppRequest, { old_app_name: from, new_app_name: to });
      const { err, hint_message: hint } = await answered(leader().call(RPC.RPC_CM_RENAME_APP, request));
      return [err, hint];
    },

    setEnvs: async (name: string, envs: Readonly<Record<string, string>>): Promise<[ErrorCode, string]> => {
      const request = make(configurationUpdateAppEnvRequest, {
        app_name: name,
        op: AppEnvOperation.APP_ENV_OP_SET,
        keys: Object.keys(envs),
        values: Object.values(envs),
      });
      const { err, hint_message: hint } = await answered(leader().call(RPC.RPC_CM_UPDATE_APP_ENV, request));
      return [err, hint];
    },

    setReplicaCount: async (name: string, count: number): Promise<[ErrorCode, number, string]> => {
      const request = make(configurationSetMaxReplicaCountRequest, {
        app_name: name,
        max_replica_count: count,
      });
      const answer = await answered(leader().call(RPC.RPC_CM_SET_MAX_REPLICA_COUNT, request));
      return [answer.err, answer.old_max_replica_count, answer.hint_message];
    },
  };
}

/** The JSON of a node below `/apps`; null when it is not there. */
export function appsNode(store: { text(path: string): string | undefined }, path: string) {
  return JSON.parse(store.text(`${APPS}/${path}`) ?? 'null') as Record<string, unknown> | null;
}

async function answered<T>(work: Promise<T | undefined>): Promise<T> {
  const answer = await work;
  if (answer === undefined) throw new Error('not answered');
  return answer;
}
