import type { RPC } from './rpc-catalog';

export type RpcCode = keyof typeof RPC;

/** Task codes of one theme that servers of the same roles send or receive. */
export interface RpcGroup {
  readonly theme: string;
  /** Who sends or receives them; that tools send them, too, is not said. */
  readonly roles: readonly ('meta' | 'replica' | 'collector')[];
  readonly codes: readonly RpcCode[];
}

/** Every task code of the catalog, by theme (reference/rpc-protocol.md 2). A test compares the roles with the sources of the servers. */
export const RPC_GROUPS: readonly RpcGroup[] = [
  {
    theme: 'beacons',
    roles: ['meta', 'replica'],
    codes: ['RPC_FD_FAILURE_DETECTOR_PING'],
  },
  {
    theme: 'configurations of partitions',
    roles: ['meta', 'replica'],
    codes: ['RPC_CM_CONFIG_SYNC', 'RPC_CM_UPDATE_PARTITION_CONFIGURATION', 'RPC_CONFIG_PROPOSAL'],
  },
  {
    theme: 'replication and learning',
    roles: ['replica'],
    codes: [
      'RPC_PREPARE',
      'RPC_GROUP_CHECK',
      'RPC_LEARN',
      'RPC_LEARN_COMPLETION_NOTIFY',
      'RPC_LEARN_ADD_LEARNER',
      'RPC_REMOVE_REPLICA',
    ],
  },
  {
    theme: 'finding partitions',
    roles: ['meta', 'replica', 'collector'],
    codes: ['RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX'],
  },
  {
    theme: 'listings',
    roles: ['meta', 'collector'],
    codes: ['RPC_CM_LIST_APPS', 'RPC_CM_LIST_NODES', 'RPC_CM_CLUSTER_INFO'],
  },
  {
    theme: 'tables',
    roles: ['meta'],
    codes: [
      'RPC_CM_CREATE_APP',
      'RPC_CM_RECALL_APP',
      'RPC_CM_RENAME_APP',
      'RPC_CM_UPDATE_APP_ENV',
      'RPC_CM_GET_MAX_REPLICA_COUNT',
      'RPC_CM_SET_MAX_REPLICA_COUNT',
      'RPC_CM_GET_ATOMIC_IDEMPOTENT',
      'RPC_CM_SET_ATOMIC_IDEMPOTENT',
    ],
  },
  {
    theme: 'dropping tables, those of failed restores too',
    roles: ['meta', 'replica'],
    codes: ['RPC_CM_DROP_APP'],
  },
  {
    theme: 'level, balance, diagnosis',
    roles: ['meta'],
    codes: ['RPC_CM_CONTROL_META', 'RPC_CM_PROPOSE_BALANCER', 'RPC_CM_DDD_DIAGNOSE', 'RPC_CM_START_RECOVERY'],
  },
  {
    theme: 'duplications',
    roles: ['meta'],
    codes: [
      'RPC_CM_ADD_DUPLICATION',
      'RPC_CM_MODIFY_DUPLICATION',
      'RPC_CM_QUERY_DUPLICATION',
      'RPC_CM_LIST_DUPLICATION',
    ],
  },
  { theme: 'duplications at work', roles: ['meta', 'replica'], codes: ['RPC_CM_DUPLICATION_SYNC'] },
  { theme: 'duplicated writes', roles: ['replica'], codes: ['RPC_RRDB_RRDB_DUPLICATE'] },
  {
    theme: 'bulk loads',
    roles: ['meta'],
    codes: [
      'RPC_CM_START_BULK_LOAD',
      'RPC_CM_QUERY_BULK_LOAD_STATUS',
      'RPC_CM_CONTROL_BULK_LOAD',
      'RPC_CM_CLEAR_BULK_LOAD',
    ],
  },
  {
    theme: 'bulk loads at work',
    roles: ['meta', 'replica'],
    codes: ['RPC_BULK_LOAD', 'RPC_RRDB_RRDB_BULK_LOAD'],
  },
  { theme: 'bulk loads within a partition', roles: ['replica'], codes: ['RPC_GROUP_BULK_LOAD'] },
  {
    theme: 'backups and restores',
    roles: ['meta'],
    codes: [
      'RPC_CM_START_BACKUP_APP',
      'RPC_CM_QUERY_BACKUP_STATUS',
      'RPC_CM_ADD_BACKUP_POLICY',
      'RPC_CM_MODIFY_BACKUP_POLICY',
      'RPC_CM_QUERY_BACKUP_POLICY',
      'RPC_CM_START_RESTORE',
      'RPC_CM_QUERY_RESTORE_STATUS',
    ],
  },
  {
    theme: 'backups and restores at work',
    roles: ['meta', 'replica'],
    codes: ['RPC_COLD_BACKUP', 'RPC_CM_REPORT_RESTORE_STATUS'],
  },
  { theme: 'backups within a partition', roles: ['replica'], codes: ['RPC_CLEAR_COLD_BACKUP'] },
  {
    theme: 'manual compactions',
    roles: ['meta'],
    codes: ['RPC_CM_START_MANUAL_COMPACT', 'RPC_CM_QUERY_MANUAL_COMPACT_STATUS'],
  },
  {
    theme: 'partition splits',
    roles: ['meta'],
    codes: ['RPC_CM_START_PARTITION_SPLIT', 'RPC_CM_QUERY_PARTITION_SPLIT', 'RPC_CM_CONTROL_PARTITION_SPLIT'],
  },
  {
    theme: 'disks and replicas of a server',
    roles: ['replica'],
    codes: [
      'RPC_QUERY_DISK_INFO',
      'RPC_REPLICA_DISK_MIGRATE',
      'RPC_ADD_NEW_DISK',
      'RPC_DETECT_HOTKEY',
      'RPC_QUERY_REPLICA_INFO',
      'RPC_QUERY_APP_INFO',
      'RPC_QUERY_PN_DECREE',
    ],
  },
  {
    theme: 'any server',
    roles: ['meta', 'replica', 'collector'],
    codes: ['RPC_CLI_CLI_CALL', 'RPC_NEGOTIATION'],
  },
];
