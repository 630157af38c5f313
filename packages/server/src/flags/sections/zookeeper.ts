import { inSection, int32, string } from '../flag-definition';

/** Flags of section `[zookeeper]`. */
export const ZOOKEEPER_FLAGS = inSection('zookeeper', {
  hosts_list: string('', 'meta', {
    summary: 'ZooKeeper address list; shown by /meta/cluster as zookeeper_hosts',
  }),
  logfile: string('zoo.log', 'meta', { summary: 'file for ZooKeeper client logs' }),
  sasl_mechanisms_type: string('', 'meta'),
  sasl_password_encryption_scheme: string('', 'meta'),
  sasl_password_file: string('', 'meta'),
  sasl_realm: string('', 'meta'),
  sasl_service_fqdn: string('', 'meta'),
  sasl_service_name: string('zookeeper', 'meta'),
  sasl_user_name: string('', 'meta'),
  timeout_ms: int32(30000, 'meta', { summary: 'ZooKeeper session timeout' }),
  zoo_log_level: string('ZOO_LOG_LEVEL_INFO', 'meta', { summary: 'ZooKeeper client log level' }),
});
