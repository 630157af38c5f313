import { bool, inSection, string, uint32 } from '../flag-definition';

/** Flags of section `[security]`. */
export const SECURITY_FLAGS = inSection('security', {
  enable_acl: bool(false, 'common', { summary: 'turns access control on' }),
  enable_auth: bool(false, 'common', { summary: 'turns authentication on' }),
  enable_ranger_acl: bool(false, 'common'),
  enable_zookeeper_kerberos: bool(false, 'common'),
  encryption_cluster_key_name: string('pegasus_cluster_key', 'common'),
  krb5_config: string('', 'common'),
  krb5_keytab: string('', 'common'),
  krb5_principal: string('', 'common'),
  mandatory_auth: bool(false, 'common', {
    mutable: true,
    summary: 'refuse unauthenticated RPC (HTTP stays allowed)',
  }),
  meta_acl_rpc_allow_list: string('', 'meta'),
  sasl_plugin_path: string('/usr/lib/sasl2', 'common'),
  service_fqdn: string('', 'common'),
  service_name: string('', 'common'),
  super_users: string('', 'common'),
  update_ranger_policy_interval_sec: uint32(5, 'meta'),
  zookeeper_kerberos_service_name: string('', 'meta'),
  zookeeper_sasl_service_fqdn: string('', 'meta'),
});

/** Flags of section `[ranger]`. */
export const RANGER_FLAGS = inSection('ranger', {
  legacy_table_database_mapping_policy_name: string('__default__', 'meta'),
  ranger_service_name: string('', 'meta'),
  ranger_service_url: string('', 'meta'),
});
