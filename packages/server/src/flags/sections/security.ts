import { bool, inSection, string, uint32 } from '../flag-definition';

/** Flags of section `[security]`. */
export const SECURITY_FLAGS = inSection('security', {
  enable_acl: bool(false, 'common', 'Whether requests are checked against the access rules of tables.'),
  enable_auth: bool(false, 'common', 'Whether clients and servers must prove who they are.'),
  enable_ranger_acl: bool(
    false,
    'common',
    'Whether access rules come from Apache Ranger instead of the table envs.',
  ),
  enable_zookeeper_kerberos: bool(
    false,
    'common',
    'Whether this server authenticates itself to ZooKeeper by Kerberos; needs sasl_mechanisms_type GSSAPI.',
  ),
  encryption_cluster_key_name: string(
    'pegasus_cluster_key',
    'common',
    "Name of the cluster's key on the key server.",
  ),
  krb5_config: string('', 'common', 'Path of the Kerberos configuration file.'),
  krb5_keytab: string('', 'common', "Path of the file with this server's Kerberos keys."),
  krb5_principal: string('', 'common', 'Kerberos name under which this server authenticates itself.'),
  mandatory_auth: bool(
    false,
    'common',
    'Whether requests from peers that did not authenticate themselves are refused; HTTP stays open.',
    {
      mutable: true,
    },
  ),
  meta_acl_rpc_allow_list: string(
    '',
    'meta',
    'Meta server requests that every user may make while access control is on, separated by commas.',
  ),
  sasl_plugin_path: string(
    '/usr/lib/sasl2',
    'common',
    'Directory in which the SASL library finds its plugins.',
  ),
  service_fqdn: string('', 'common', "Host part of the Kerberos name of this cluster's servers."),
  service_name: string('', 'common', "First part of the Kerberos name of this cluster's servers."),
  super_users: string('', 'common', 'Users that may do everything, separated by commas.'),
  update_ranger_policy_interval_sec: uint32(
    5,
    'meta',
    'Period in which access rules are fetched from Apache Ranger, in seconds.',
  ),
  zookeeper_kerberos_service_name: string(
    '',
    'meta',
    'Former name of sasl_service_name; empty, or the same value.',
  ),
  zookeeper_sasl_service_fqdn: string(
    '',
    'meta',
    'Former name of sasl_service_fqdn; empty, or the same value.',
  ),
});

/** Flags of section `[ranger]`. */
export const RANGER_FLAGS = inSection('ranger', {
  legacy_table_database_mapping_policy_name: string(
    '__default__',
    'meta',
    'Name of the Ranger policy that holds for tables whose name has no database part.',
  ),
  ranger_service_name: string('', 'meta', "Name of this cluster's service in Apache Ranger."),
  ranger_service_url: string('', 'meta', 'Address of the Apache Ranger server.'),
});
