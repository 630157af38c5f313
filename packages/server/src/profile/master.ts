import { callsOf } from './calls';
import { MASTER_EVERY_ROLE, MASTER_META, MASTER_REPLICA } from './master-calls';
import type { Profile } from './profile';

/** Upstream's master of March 2026, "GM" of the reference. */
export const MASTER: Profile = {
  name: 'master',
  pegasusVersion: '2.6.0-SNAPSHOT',
  calls: {
    meta: callsOf(MASTER_EVERY_ROLE, MASTER_META),
    replica: callsOf(MASTER_EVERY_ROLE, MASTER_REPLICA),
    collector: callsOf(MASTER_EVERY_ROLE),
  },
  variants: {
    balanceOperationCount: 'json',
    zookeeperHosts: 'as-written',
    unknownLeader: 'invalid host_port',
    appBusyBody: 'digit',
    missingAppName: 'bad-request',
    missingConfigName: 'bad-request',
    unknownConfig: 'quoted',
    updateConfigParameters: 'status',
    pprofHeap: 'sample',
    urlPieces: 'trimmed',
    unknownPath: 'whole',
    duplicationFlag: 'FLAGS_duplication_enabled',
    duplicationMembers: ['partition_states', 'remote_app_name', 'remote_replica_count'],
    duplicationStatuses: 'prepare-app-log',
    replicaDuplicationRemoteAppName: true,
    envOfUnknownTable: 'ERR_APP_NOT_EXIST',
    envOfDroppingTable: 'ERR_BUSY_DROPPING',
    uncheckedEnvs: [],
    unsupportedEnvs: [],
    envHints: 'master',
    perfCounters: 'none',
  },
  flagDefaults: {},
};
