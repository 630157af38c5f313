import type { MetricEntity } from '../../metrics';
import { of, ofAll, ofEntity } from '../counter-definition';
import type { CounterDefinition, ServerSubject } from '../counter-definition';

const partitions = (subject: ServerSubject) => subject.partitions;
const tables = (subject: ServerSubject) => subject.tables;
const server = (subject: ServerSubject) => subject.server;

const SERVER_STATE = 'meta*eon.server_state*';
const BALANCER = 'meta*eon.greedy_balancer*';
const META_SERVICE = 'meta*eon.meta_service*';

/** The counters of a meta server: sums over the cluster, where the new generation has one for each table (reference/metrics.md 4.6). */
export const META_COUNTERS: readonly CounterDefinition<ServerSubject>[] = [
  of(ofAll(`${SERVER_STATE}dead_partition_count`, 'NUMBER', 'dead_partitions'), tables),
  of(ofAll(`${SERVER_STATE}unreadable_partition_count`, 'NUMBER', 'unreadable_partitions'), tables),
  of(ofAll(`${SERVER_STATE}unwritable_partition_count`, 'NUMBER', 'unwritable_partitions'), tables),
  of(ofAll(`${SERVER_STATE}writable_ill_partition_count`, 'NUMBER', 'writable_ill_partitions'), tables),
  of(ofAll(`${SERVER_STATE}healthy_partition_count`, 'NUMBER', 'healthy_partitions'), tables),
  of(
    ofAll(`${SERVER_STATE}recent_update_config_count`, 'VOLATILE_NUMBER', 'partition_configuration_changes'),
    partitions,
  ),
  of(
    ofAll(
      `${SERVER_STATE}recent_partition_change_unwritable_count`,
      'VOLATILE_NUMBER',
      'unwritable_partition_changes',
    ),
    partitions,
  ),
  of(
    ofAll(
      `${SERVER_STATE}recent_partition_change_writable_count`,
      'VOLATILE_NUMBER',
      'writable_partition_changes',
    ),
    partitions,
  ),
  {
    name: `${BALANCER}balance_operation_count`,
    type: 'NUMBER',
    description: 'operations that the last look at the balance found necessary',
    since: '2.0',
    source: 'level',
    read: (subject) => subject.provided('balance operations'),
  },
  of(
    ofAll(
      `${BALANCER}recent_balance_move_primary_count`,
      'VOLATILE_NUMBER',
      'greedy_move_primary_operations',
    ),
    partitions,
  ),
  of(
    ofAll(
      `${BALANCER}recent_balance_copy_primary_count`,
      'VOLATILE_NUMBER',
      'greedy_copy_primary_operations',
    ),
    partitions,
  ),
  of(
    ofAll(
      `${BALANCER}recent_balance_copy_secondary_count`,
      'VOLATILE_NUMBER',
      'greedy_copy_secondary_operations',
    ),
    partitions,
  ),
  of(
    ofEntity(`${META_SERVICE}recent_disconnect_count`, 'VOLATILE_NUMBER', 'replica_server_disconnections'),
    server,
  ),
  of(ofEntity(`${META_SERVICE}unalive_nodes`, 'NUMBER', 'unalive_replica_servers'), server),
  of(ofEntity(`${META_SERVICE}alive_nodes`, 'NUMBER', 'alive_replica_servers', { since: '2.4' }), server),
  of(
    ofAll(
      'meta*eon.server_load_balancer*recent_choose_primary_fail_count',
      'VOLATILE_NUMBER',
      'choose_primary_failed_operations',
    ),
    partitions,
  ),
  of(
    ofEntity('meta*eon.failure_detector*recent_beacon_fail_count', 'VOLATILE_NUMBER', 'beacon_failed_count'),
    server,
  ),
];

/** The counters of a backup policy, behind `meta*eon.meta.policy*<policy>`. */
export const POLICY_COUNTERS: readonly CounterDefinition<MetricEntity>[] = [
  ofEntity('.recent.backup.duration(ms)', 'NUMBER', 'backup_recent_duration_ms'),
];
