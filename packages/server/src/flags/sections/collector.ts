import { bool, inSection, int32, int64, string, uint32 } from '../flag-definition';
import { notEmpty } from '../rule';

/** Flags of section `[pegasus.collector]`. */
export const PEGASUS_COLLECTOR_FLAGS = inSection('pegasus.collector', {
  app_stat_interval_seconds: uint32(
    10,
    'collector',
    'Period in which the collector sums up the statistics of the tables, in seconds.',
  ),
  available_detect_alert_email_address: string(
    '',
    'collector',
    'Where the availability detector sends its alerts; empty means that none are sent.',
  ),
  available_detect_alert_fail_count: int32(
    30,
    'collector',
    'How many probes in a row must fail before the availability detector alerts.',
  ),
  available_detect_alert_script_dir: string(
    '.',
    'collector',
    'Directory of the script that sends the alerts of the availability detector; must not be empty.',
    { rule: notEmpty },
  ),
  available_detect_app: string(
    '',
    'collector',
    'Name of the table that the availability detector writes to and reads from; must not be empty.',
    {
      rule: notEmpty,
    },
  ),
  available_detect_interval_seconds: uint32(3, 'collector', 'Period of the availability probes, in seconds.'),
  available_detect_timeout: uint32(
    1000,
    'collector',
    'How long one availability probe may take before it counts as failed, in milliseconds.',
  ),
  capacity_unit_fetch_interval_seconds: uint32(
    8,
    'collector',
    'Period in which the collector asks the replica servers for the capacity units they served, in seconds.',
  ),
  capacity_unit_saving_ttl_days: int32(
    90,
    'collector',
    'How long the collector keeps the capacity units it has stored, in days.',
  ),
  enable_detect_hotkey: bool(
    false,
    'collector',
    'Whether the collector starts the detection of hot keys by itself when a partition stays hot.',
    {
      mutable: true,
    },
  ),
  hot_partition_threshold: uint32(
    3,
    'collector',
    'Score, in standard deviations above the mean of its table, from which a partition counts as hot.',
    {
      mutable: true,
    },
  ),
  max_hotspot_store_size: int64(
    100,
    'collector',
    'How many past samples of a partition the hot spot statistics remember.',
  ),
  occurrence_threshold: uint32(
    3,
    'collector',
    'How many times in a row a partition must be hot before the detection of its hot keys starts.',
    {
      mutable: true,
    },
  ),
  storage_size_fetch_interval_seconds: uint32(
    3600,
    'collector',
    'Period in which the collector asks the replica servers for the storage their tables use, in seconds.',
  ),
  usage_stat_app: string(
    '',
    'collector',
    'Name of the table in which the collector stores capacity units and storage sizes; must not be empty.',
    { rule: notEmpty },
  ),
});
