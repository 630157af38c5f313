import { bool, inSection, int32, int64, string, uint32, uint64 } from '../flag-definition';
import { positive, within } from '../rule';

/** Flags of section `[meta_server]`. */
export const META_SERVER_FLAGS = inSection('meta_server', {
  add_secondary_enable_flow_control: bool(false, 'meta', {
    summary: 'limit concurrent add-secondary actions per node',
  }),
  add_secondary_max_count_for_one_node: int32(10, 'meta', {
    summary: 'limit used when add-secondary flow control is on',
  }),
  balance_cluster: bool(false, 'meta', {
    mutable: true,
    summary: 'balance over the whole cluster instead of table by table',
  }),
  balance_op_count_per_round: uint32(10, 'meta', {
    mutable: true,
    summary: 'maximum balance operations decided per round (cluster balancing)',
  }),
  balancer_in_turn: bool(false, 'meta', { summary: 'balance one table at a time' }),
  bulk_load_max_rollback_times: uint32(10, 'meta', {
    mutable: true,
    summary: 'rollbacks tolerated before a bulk load fails',
  }),
  bulk_load_node_max_ingesting_count: uint32(4, 'meta', {
    mutable: true,
    summary: 'ingesting partitions allowed per node',
  }),
  bulk_load_node_min_disk_count: uint32(1, 'meta', {
    mutable: true,
    summary: 'assumed minimum disks per node for ingestion limits',
  }),
  bulk_load_verify_before_ingest: bool(false, 'meta', {
    mutable: true,
    summary: 'verify downloaded files before ingesting',
  }),
  cluster_root: string('/', 'meta', {
    summary:
      'root path of cluster metadata in the meta state store; shown by /meta/cluster as zookeeper_root',
  }),
  cold_backup_disabled: bool(true, 'meta', {
    summary: 'turns cold backup off; then /meta/backup_policy answers 404',
  }),
  distributed_lock_service_parameters: string('', 'meta', {
    summary: 'lock service arguments: the ZooKeeper path of the lock',
  }),
  distributed_lock_service_type: string('distributed_lock_service_zookeeper', 'meta', {
    summary: 'implementation of the leader lock',
  }),
  enable_concurrent_bulk_load: bool(false, 'meta', {
    mutable: true,
    summary: 'allow several tables to bulk load at the same time',
  }),
  enable_white_list: bool(false, 'meta', {
    summary: 'meta accepts beacons only from listed replica servers',
  }),
  hold_seconds_for_dropped_app: int32(604800, 'meta', {
    summary: 'how long a dropped table can still be recalled',
  }),
  max_allowed_replica_count: int32(5, 'meta', {
    mutable: true,
    rule: positive,
    summary: 'largest replica count a table may ask for',
  }),
  max_replicas_in_group: int32(4, 'meta', {
    summary: 'most replicas (alive and dropped) kept per partition',
  }),
  max_reserved_dropped_replicas: uint32(1, 'meta', {
    mutable: true,
    summary: 'how many dropped replicas of a partition are remembered',
  }),
  max_succssive_unstable_restart: int32(5, 'meta', {
    summary: 'number of quick restarts after which a replica server is ignored by meta',
  }),
  meta_function_level_on_start: string('steady', 'meta', {
    summary: 'meta function level right after start',
  }),
  meta_state_service_parameters: string('', 'meta', { summary: 'metadata store arguments' }),
  meta_state_service_type: string('meta_state_service_zookeeper', 'meta', {
    summary: 'implementation of the metadata store',
  }),
  min_allowed_replica_count: int32(1, 'meta', {
    mutable: true,
    rule: positive,
    summary: 'smallest replica count a table may ask for',
  }),
  min_live_node_count_for_unfreeze: uint64(3, 'meta', {
    mutable: true,
    rule: positive,
    summary: 'live nodes needed to leave the frozen state',
  }),
  node_live_percentage_threshold_for_update: int32(65, 'meta', {
    rule: within(0, 100),
    summary: 'below this share of live nodes meta freezes itself',
  }),
  only_move_primary: bool(false, 'meta', {
    summary: 'balance primaries only by moving roles, never by copying',
  }),
  only_primary_balancer: bool(false, 'meta', { summary: 'balance primaries only' }),
  partition_guardian_type: string('partition_guardian', 'meta', { summary: 'repair policy implementation' }),
  recover_from_replica_server: bool(false, 'meta', {
    summary: 'allow rebuilding metadata from replica servers',
  }),
  replica_assign_delay_ms_for_dropouts: int64(600000, 'meta', {
    summary: 'how long meta waits for a dropped replica before choosing another node',
  }),
  replica_white_list: string('', 'meta', {
    summary: 'the replica servers allowed when the white list is on',
  }),
  server_list: string('', 'common', {
    summary: 'list of meta servers; shown by /meta/cluster as meta_servers',
  }),
  server_load_balancer_type: string('greedy_load_balancer', 'meta', { summary: 'balancer implementation' }),
  stable_rs_min_running_seconds: uint64(600, 'meta', {
    summary: 'a replica server that ran this long counts as stable',
  }),
});
