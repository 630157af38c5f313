import { bool, inSection, int32, int64, string, uint32 } from '../flag-definition';
import { notEmpty } from '../rule';

/** Flags of section `[pegasus.collector]`. */
export const PEGASUS_COLLECTOR_FLAGS = inSection('pegasus.collector', {
  app_stat_interval_seconds: uint32(10, 'collector', {
    summary: 'period of table statistics in the collector',
  }),
  available_detect_alert_email_address: string('', 'collector'),
  available_detect_alert_fail_count: int32(30, 'collector'),
  available_detect_alert_script_dir: string('.', 'collector', { rule: notEmpty }),
  available_detect_app: string('', 'collector', {
    rule: notEmpty,
    summary: 'table probed by the availability detector',
  }),
  available_detect_interval_seconds: uint32(3, 'collector', { summary: 'period of availability probes' }),
  available_detect_timeout: uint32(1000, 'collector'),
  capacity_unit_fetch_interval_seconds: uint32(8, 'collector', {
    summary: 'period of capacity unit collection',
  }),
  capacity_unit_saving_ttl_days: int32(90, 'collector'),
  enable_detect_hotkey: bool(false, 'collector', {
    mutable: true,
    summary: 'collector starts hot key detection automatically',
  }),
  hot_partition_threshold: uint32(3, 'collector', {
    mutable: true,
    summary: 'score from which a partition counts as hot',
  }),
  max_hotspot_store_size: int64(100, 'collector'),
  occurrence_threshold: uint32(3, 'collector', {
    mutable: true,
    summary: 'how often a partition must be hot before detection starts',
  }),
  storage_size_fetch_interval_seconds: uint32(3600, 'collector', {
    summary: 'period of storage size collection',
  }),
  usage_stat_app: string('', 'collector', { rule: notEmpty, summary: 'table that stores usage statistics' }),
});
