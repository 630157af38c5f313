import { bool, inSection, int32, int64, string, uint32, uint64 } from '../flag-definition';
import { positive, within } from '../rule';

/** Flags of section `[meta_server]`. */
export const META_SERVER_FLAGS = inSection('meta_server', {
  add_secondary_enable_flow_control: bool(
    false,
    'meta',
    'Whether the leader limits how many secondaries it adds to one replica server at the same time.',
  ),
  add_secondary_max_count_for_one_node: int32(
    10,
    'meta',
    'Most secondaries that may be added to one replica server at the same time while the flow control is on.',
  ),
  balance_cluster: bool(
    false,
    'meta',
    'Whether the balancer evens out replicas over the whole cluster instead of table by table.',
    {
      mutable: true,
    },
  ),
  balance_op_count_per_round: uint32(
    10,
    'meta',
    'Most operations that the cluster balancer decides on in one round.',
    {
      mutable: true,
    },
  ),
  balancer_in_turn: bool(
    false,
    'meta',
    'Whether the balancer handles one table per round instead of all tables at once.',
  ),
  bulk_load_max_rollback_times: uint32(
    10,
    'meta',
    'How many times a bulk load may fall back to downloading before it fails for good.',
    {
      mutable: true,
    },
  ),
  bulk_load_node_max_ingesting_count: uint32(
    4,
    'meta',
    'Most partitions that may ingest bulk-loaded files on one replica server at the same time.',
    {
      mutable: true,
    },
  ),
  bulk_load_node_min_disk_count: uint32(
    1,
    'meta',
    'Least number of disks assumed for a replica server when the ingestion limit per disk is computed.',
    {
      mutable: true,
    },
  ),
  bulk_load_verify_before_ingest: bool(
    false,
    'meta',
    'Whether downloaded files are checked again before they are ingested.',
    {
      mutable: true,
    },
  ),
  cluster_root: string(
    '/',
    'meta',
    "Root path of the cluster's metadata in the state store; shown by /meta/cluster as zookeeper_root.",
  ),
  cold_backup_disabled: bool(
    true,
    'meta',
    'Whether cold backup is switched off; /meta/backup_policy then answers 404.',
  ),
  distributed_lock_service_parameters: string(
    '',
    'meta',
    'Arguments of the lock service: for ZooKeeper the path below which the leader lock lies.',
  ),
  distributed_lock_service_type: string(
    'distributed_lock_service_zookeeper',
    'meta',
    'Name of the lock service by which the meta servers elect their leader.',
  ),
  enable_concurrent_bulk_load: bool(
    false,
    'meta',
    'Whether several tables may be bulk loaded at the same time.',
    {
      mutable: true,
    },
  ),
  enable_white_list: bool(
    false,
    'meta',
    'Whether the leader accepts beacons only from the replica servers in replica_white_list.',
  ),
  hold_seconds_for_dropped_app: int32(
    604800,
    'meta',
    'How long a dropped table can be recalled when its drop does not say otherwise, in seconds.',
  ),
  max_allowed_replica_count: int32(
    5,
    'meta',
    'Largest replica count that a table may ask for; not below min_allowed_replica_count.',
    {
      mutable: true,
      rule: positive,
    },
  ),
  max_replicas_in_group: int32(
    4,
    'meta',
    'Most replicas of a partition, serving and dropped together, that are kept.',
  ),
  max_reserved_dropped_replicas: uint32(
    1,
    'meta',
    'How many dropped replicas of a partition the leader keeps in mind instead of having them removed.',
    {
      mutable: true,
    },
  ),
  max_succssive_unstable_restart: int32(
    5,
    'meta',
    'How many quick restarts in a row a replica server may make before the leader ignores its beacons.',
  ),
  meta_function_level_on_start: string(
    'steady',
    'meta',
    'What a new leader may do at first: stopped, blind, freezed, steady or lively.',
  ),
  meta_state_service_parameters: string(
    '',
    'meta',
    "Arguments of the store that holds the cluster's metadata; the ZooKeeper store needs none.",
  ),
  meta_state_service_type: string(
    'meta_state_service_zookeeper',
    'meta',
    "Name of the store that holds the cluster's metadata.",
  ),
  min_allowed_replica_count: int32(
    1,
    'meta',
    'Smallest replica count that a table may ask for; not above max_allowed_replica_count.',
    {
      mutable: true,
      rule: positive,
    },
  ),
  min_live_node_count_for_unfreeze: uint64(
    3,
    'meta',
    'How many replica servers must be alive for the leader to change partitions at all.',
    {
      mutable: true,
      rule: positive,
    },
  ),
  node_live_percentage_threshold_for_update: int32(
    65,
    'meta',
    'Share of known replica servers, in percent, that must be alive; below it the leader freezes itself.',
    {
      rule: within(0, 100),
    },
  ),
  only_move_primary: bool(
    false,
    'meta',
    'Whether the balancer of primaries only swaps roles and never copies a replica.',
  ),
  only_primary_balancer: bool(
    false,
    'meta',
    'Whether the balancer evens out primaries and leaves secondaries where they are.',
  ),
  partition_guardian_type: string(
    'partition_guardian',
    'meta',
    'Name of the policy by which the leader repairs partitions.',
  ),
  recover_from_replica_server: bool(
    false,
    'meta',
    'Whether a leader without metadata may rebuild it from what the replica servers hold.',
  ),
  replica_assign_delay_ms_for_dropouts: int64(
    600000,
    'meta',
    'How long the leader waits for a lost replica to return before it chooses another server, in milliseconds.',
  ),
  replica_white_list: string(
    '',
    'meta',
    'Replica servers that may take part while enable_white_list is on, separated by commas.',
  ),
  server_list: string(
    '',
    'common',
    'All meta servers, separated by commas; shown by /meta/cluster as meta_servers.',
  ),
  server_load_balancer_type: string(
    'greedy_load_balancer',
    'meta',
    'Name of the policy by which the leader balances replicas.',
  ),
  stable_rs_min_running_seconds: uint64(
    600,
    'meta',
    'How long a replica server must have run for its restart not to count as unstable, in seconds.',
  ),
});
