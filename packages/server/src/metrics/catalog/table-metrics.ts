import { counter, gauge, META, metricsOf } from '../metric-definition';

const OF_TABLES = metricsOf('table', META, 'leader', {
  dead_partitions: gauge('Partitions', 'state', 'partitions with neither primary nor secondary'),
  unreadable_partitions: gauge('Partitions', 'state', 'partitions without primary but with a secondary'),
  unwritable_partitions: gauge(
    'Partitions',
    'state',
    'partitions with a primary but fewer replicas than the 2PC minimum',
  ),
  writable_ill_partitions: gauge(
    'Partitions',
    'state',
    'partitions at or above the 2PC minimum but below max_replica_count',
  ),
  healthy_partitions: gauge('Partitions', 'state', 'partitions with all replicas in place'),
});

const OF_PARTITIONS = metricsOf('partition', META, 'leader', {
  partition_configuration_changes: counter('Changes', 'state', 'configuration (ballot) updates accepted'),
  unwritable_partition_changes: counter('Changes', 'state', 'transitions from writable to not writable'),
  writable_partition_changes: counter('Changes', 'state', 'transitions from not writable to writable'),
  greedy_recent_balance_operations: gauge(
    'Operations',
    'state',
    'balance actions the last greedy round wanted for this partition',
  ),
  greedy_move_primary_operations: counter(
    'Operations',
    'state',
    'move-primary actions issued by the balancer',
  ),
  greedy_copy_primary_operations: counter(
    'Operations',
    'state',
    'copy-primary actions issued by the balancer',
  ),
  greedy_copy_secondary_operations: counter(
    'Operations',
    'state',
    'copy-secondary actions issued by the balancer',
  ),
  choose_primary_failed_operations: counter(
    'Operations',
    'state',
    'times no safe primary could be chosen (DDD)',
  ),
});

const OF_BACKUP_POLICIES = metricsOf('backup_policy', META, 'leader', {
  backup_recent_duration_ms: gauge(
    'MilliSeconds',
    'state',
    'duration of the newest backup of this policy (running one counts up)',
  ),
});

/** Metrics that only the leader meta has (reference/metrics-catalog.json). */
export const TABLE_METRICS = {
  ...OF_TABLES,
  ...OF_PARTITIONS,
  ...OF_BACKUP_POLICIES,
};
