import { callsOf } from './calls';
import { MASTER } from './master';
import type { Profile } from './profile';
import { V20_EVERY_ROLE, V20_META, V20_META_AND_REPLICA, V20_REPLICA } from './v2.0-calls';
import { V25_EVERY_ROLE, V25_META, V25_REPLICA } from './v2.5-calls';

// Releases as far as the reference states them. Not stated for them: which flags they have, and their perf counters in full.

/** The released tag v2.5.0. */
export const V25: Profile = {
  name: '2.5',
  pegasusVersion: '2.5.0',
  calls: {
    meta: callsOf(V25_EVERY_ROLE, V25_META),
    replica: callsOf(V25_EVERY_ROLE, V25_REPLICA),
    collector: callsOf(V25_EVERY_ROLE),
  },
  variants: {
    ...MASTER.variants,
    balanceOperationCount: 'text',
    unknownLeader: 'invalid address',
    appBusyBody: 'name',
    missingAppName: 'not-found',
    missingConfigName: 'not-found',
    unknownConfig: 'bare',
    pprofHeap: 'profile',
    duplicationMembers: [],
    replicaDuplicationRemoteAppName: false,
    envOfUnknownTable: 'ERR_INVALID_PARAMETERS',
    envOfDroppingTable: 'unchecked',
    uncheckedEnvs: ['default_ttl', 'manual_compact.', 'rocksdb.checkpoint.', 'rocksdb.usage_scenario'],
    envHints: 'older',
    perfCounters: '2.5',
  },
  flagDefaults: {
    fd_lease_seconds: 9,
    fd_grace_seconds: 10,
    replica_assign_delay_ms_for_dropouts: 300_000,
  },
};

const V24_EVERY_ROLE = { ...V25_EVERY_ROLE, '/updateConfig': 'Updates the value of a config' };

/** The released tag v2.4.0: one help text and a few checks differ from 2.5. */
export const V24: Profile = {
  name: '2.4',
  pegasusVersion: '2.4.0',
  calls: {
    meta: callsOf(V24_EVERY_ROLE, V25_META),
    replica: callsOf(V24_EVERY_ROLE, V25_REPLICA),
    collector: callsOf(V24_EVERY_ROLE),
  },
  variants: {
    ...V25.variants,
    zookeeperHosts: 'without-blanks',
    updateConfigParameters: 'bad-request',
    urlPieces: 'kept',
    duplicationFlag: 'duplication_enabled',
    unsupportedEnvs: ['rocksdb.write_buffer_size', 'rocksdb.num_levels'],
    perfCounters: '2.4',
  },
  flagDefaults: { ...V25.flagDefaults, group_check_interval_ms: 10_000 },
};

/** The released tag v2.0.0. */
export const V20: Profile = {
  name: '2.0',
  pegasusVersion: '2.0.0',
  calls: {
    meta: callsOf(V20_EVERY_ROLE, V20_META_AND_REPLICA, V20_META),
    replica: callsOf(V20_EVERY_ROLE, V20_META_AND_REPLICA, V20_REPLICA),
    collector: callsOf(V20_EVERY_ROLE),
  },
  variants: {
    ...V24.variants,
    unknownPath: 'service-and-method',
    duplicationStatuses: 'start',
    perfCounters: '2.0',
  },
  flagDefaults: V24.flagDefaults,
};
