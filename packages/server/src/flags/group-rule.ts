import type { FlagName, FlagValue } from './flag-table';

/** What a group rule may see: the current values. */
export interface FlagValues {
  get<N extends FlagName>(name: N): FlagValue<N>;
}

/** A condition over several flags. All of them are checked at start and after every update (reference/http-api.md 3.6, 5). */
export interface GroupRule {
  readonly name: string;
  readonly flags: readonly FlagName[];
  /** In words, after "allowed: ". */
  readonly allowed: string;
  holds(flags: FlagValues): boolean;
  /** Upstream's hint text in a failed update; some rules have none. */
  readonly hint?: (flags: FlagValues) => string;
}

const MEBIBYTE = 1024 * 1024;

/** In rule-name order, the order in which several failures are joined. */
export const GROUP_RULES: readonly GroupRule[] = [
  {
    name: 'enable_zookeeper_kerberos',
    flags: ['enable_zookeeper_kerberos', 'sasl_mechanisms_type'],
    allowed: 'sasl_mechanisms_type = GSSAPI when enable_zookeeper_kerberos is true',
    holds: (flags) =>
      !flags.get('enable_zookeeper_kerberos') || flags.get('sasl_mechanisms_type') === 'GSSAPI',
  },
  {
    name: 'encrypt_data_at_rest_needs_acl',
    flags: ['encrypt_data_at_rest', 'enable_acl'],
    allowed: 'encrypt_data_at_rest = true only with enable_acl = true',
    holds: (flags) => !flags.get('encrypt_data_at_rest') || flags.get('enable_acl'),
  },
  {
    name: 'encrypt_data_at_rest_needs_kms',
    flags: ['encrypt_data_at_rest', 'hadoop_kms_url'],
    allowed: 'encrypt_data_at_rest = true only with a hadoop_kms_url',
    holds: (flags) => !flags.get('encrypt_data_at_rest') || flags.get('hadoop_kms_url') !== '',
  },
  {
    name: 'max_copy_rate_megabytes_per_disk',
    flags: ['max_copy_rate_megabytes_per_disk', 'nfs_copy_block_bytes'],
    allowed: 'max_copy_rate_megabytes_per_disk = 0, or, in MiB, more than nfs_copy_block_bytes',
    holds: (flags) => {
      const rate = flags.get('max_copy_rate_megabytes_per_disk');
      return rate === 0 || rate * MEBIBYTE > flags.get('nfs_copy_block_bytes');
    },
  },
  {
    name: 'max_mutation_count_in_prepare_list',
    flags: ['max_mutation_count_in_prepare_list', 'staleness_for_commit'],
    allowed: 'max_mutation_count_in_prepare_list >= staleness_for_commit',
    holds: (flags) => flags.get('max_mutation_count_in_prepare_list') >= flags.get('staleness_for_commit'),
  },
  {
    name: 'min_max_allowed_replica_count',
    flags: ['min_allowed_replica_count', 'max_allowed_replica_count'],
    allowed: 'min_allowed_replica_count <= max_allowed_replica_count',
    holds: (flags) => flags.get('min_allowed_replica_count') <= flags.get('max_allowed_replica_count'),
    hint: (flags) =>
      `meta_server.min_allowed_replica_count(${flags.get('min_allowed_replica_count')}) should be <= ` +
      `meta_server.max_allowed_replica_count(${flags.get('max_allowed_replica_count')})`,
  },
  {
    name: 'min_max_level',
    flags: ['min_level', 'max_level'],
    allowed: 'min_level < max_level',
    holds: (flags) => flags.get('min_level') < flags.get('max_level'),
  },
  {
    name: 'zookeeper_kerberos_service_name',
    flags: ['zookeeper_kerberos_service_name', 'sasl_service_name'],
    allowed: 'zookeeper_kerberos_service_name empty or the same as sasl_service_name',
    holds: (flags) => emptyOr(flags.get('zookeeper_kerberos_service_name'), flags.get('sasl_service_name')),
  },
  {
    name: 'zookeeper_sasl_service_fqdn',
    flags: ['zookeeper_sasl_service_fqdn', 'sasl_service_fqdn'],
    allowed: 'zookeeper_sasl_service_fqdn empty or the same as sasl_service_fqdn',
    holds: (flags) => emptyOr(flags.get('zookeeper_sasl_service_fqdn'), flags.get('sasl_service_fqdn')),
  },
];

function emptyOr(text: string, expected: string): boolean {
  return text === '' || text === expected;
}
