import { inSection, int32, string } from '../flag-definition';

/** Flags of section `[zookeeper]`. */
export const ZOOKEEPER_FLAGS = inSection('zookeeper', {
  hosts_list: string(
    '',
    'meta',
    'ZooKeeper servers, separated by commas; shown by /meta/cluster as zookeeper_hosts.',
  ),
  logfile: string('zoo.log', 'meta', 'File to which the ZooKeeper client logs.'),
  sasl_mechanisms_type: string(
    '',
    'meta',
    'SASL mechanism for ZooKeeper, for example GSSAPI or DIGEST-MD5; empty means no authentication.',
  ),
  sasl_password_encryption_scheme: string(
    '',
    'meta',
    'How the password in sasl_password_file is encoded: empty for plain text, or base64.',
  ),
  sasl_password_file: string('', 'meta', 'Path of the file with the password for ZooKeeper.'),
  sasl_realm: string('', 'meta', 'SASL realm of the user for ZooKeeper.'),
  sasl_service_fqdn: string(
    '',
    'meta',
    'Host part of the name of the ZooKeeper service; empty takes the host that is connected to.',
  ),
  sasl_service_name: string('zookeeper', 'meta', 'Name of the ZooKeeper service in SASL.'),
  sasl_user_name: string('', 'meta', 'Name of the user that authenticates itself to ZooKeeper.'),
  timeout_ms: int32(
    30000,
    'meta',
    'ZooKeeper session time-out asked for, in milliseconds; ZooKeeper may grant less.',
  ),
  zoo_log_level: string(
    'ZOO_LOG_LEVEL_INFO',
    'meta',
    'Lowest level that the ZooKeeper client logs, for example ZOO_LOG_LEVEL_INFO.',
  ),
});
