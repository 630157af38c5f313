import { parseIni } from '../../src/config/parse-ini';
import { Flags } from '../../src/flags/flags';

const NEEDED = '[pegasus.collector]\navailable_detect_app = stat\nusage_stat_app = stat\n';

function read(text = ''): Flags {
  const { flags, problems } = Flags.read(parseIni(NEEDED + text, 'config.ini'));
  expect(problems).toEqual([]);
  return flags;
}

test('a flag has the value of the file, else the default of the code, in its own type', () => {
  const flags = read('[replication]\nlb_interval_ms = 0x10\n[meta_server]\ncold_backup_disabled = FALSE\n');
  const interval: number = flags.get('lb_interval_ms');
  const disabled: boolean = flags.get('cold_backup_disabled');
  const root: string = flags.get('cluster_root');
  const delay: number = flags.get('replica_assign_delay_ms_for_dropouts');
  expect([interval, disabled, root, delay]).toEqual([16, false, '/', 600000]);
});

test('a 64-bit value beyond 2^53 keeps its digits where it is shown', () => {
  const flags = read('[replication]\nrow_lock_map_capacity = 18446744073709551615\n');
  expect(flags.find('row_lock_map_capacity')?.value).toBe(18446744073709551615n);
});

test('a wrong value becomes a problem and leaves the default', () => {
  const { flags, problems } = Flags.read(parseIni(`${NEEDED}[zookeeper]\ntimeout_ms = soon\n`, 'config.ini'));
  expect(flags.get('timeout_ms')).toBe(30000);
  expect(problems).toEqual([
    {
      code: 'ONEBOX_CONFIG_BAD_VALUE',
      severity: 'error',
      message:
        'config.ini:5: [zookeeper] timeout_ms = soon is not of type int32; allowed: a whole number from -2147483648 to 2147483647',
      origin: { kind: 'file', file: 'config.ini', line: 5 },
      section: 'zookeeper',
      key: 'timeout_ms',
      allowed: 'a whole number from -2147483648 to 2147483647',
    },
  ]);
});

test('a server lists the 280 flags of its binary by name; those of tools are not among them', () => {
  const names = read()
    .all()
    .map(({ definition }) => definition.name);
  expect(names).toHaveLength(280);
  expect(names).toEqual([...names].sort());
  expect(names).not.toContain('min_level');
  expect(read().find('min_level')).toBeUndefined();
});

describe('an update has the results of /updateConfig', () => {
  test.each([
    ['nosuch', '1', 'ERR_OBJECT_NOT_FOUND', 'nosuch is not found'],
    ['toString', '1', 'ERR_OBJECT_NOT_FOUND', 'toString is not found'],
    ['nodes_sample_interval_ms', '1', 'ERR_OBJECT_NOT_FOUND', 'nodes_sample_interval_ms is not found'],
    ['lb_interval_ms', '1', 'ERR_INVALID_PARAMETERS', 'lb_interval_ms is not mutable'],
    ['cluster_name', 'x', 'ERR_INVALID_PARAMETERS', 'cluster_name is not mutable'],
    ['dup_load_plog_task', 'x', 'ERR_INVALID_PARAMETERS', 'string modifications are not supported'],
    ['config_sync_interval_ms', '1.5', 'ERR_INVALID_PARAMETERS', '1.5 is invalid'],
    ['config_sync_interval_ms', '', 'ERR_INVALID_PARAMETERS', ' is invalid'],
    ['config_sync_interval_ms', '0', 'ERR_INVALID_PARAMETERS', 'value validation failed'],
    [
      'min_allowed_replica_count',
      '6',
      'ERR_INVALID_PARAMETERS',
      'group validator "min_max_allowed_replica_count" failed: "meta_server.min_allowed_replica_count(6) should be <= meta_server.max_allowed_replica_count(5)"',
    ],
    [
      'max_copy_rate_megabytes_per_disk',
      '4',
      'ERR_INVALID_PARAMETERS',
      'group validator "max_copy_rate_megabytes_per_disk" failed',
    ],
    ['max_copy_rate_megabytes_per_disk', '5', 'ERR_OK', ''],
    ['config_sync_interval_ms', '0x10', 'ERR_OK', ''],
  ] as const)('%s=%s', (name, text, error, message) => {
    const flags = read();
    const before = flags.all();
    expect(flags.set(name, text)).toEqual({ error, message });
    if (error !== 'ERR_OK') expect(flags.all()).toEqual(before);
  });

  test('a change is seen at once and told to those who listen, a refused one is not', () => {
    const flags = read();
    const seen: number[] = [];
    const end = flags.onChange('config_sync_interval_ms', (value) => seen.push(value));
    flags.set('config_sync_interval_ms', '1000');
    flags.set('config_sync_interval_ms', '0');
    expect(flags.get('config_sync_interval_ms')).toBe(1000);
    end();
    flags.set('config_sync_interval_ms', '2000');
    expect(seen).toEqual([1000]);
  });
});

test.each([
  ['security', 'enable_zookeeper_kerberos = true', 'enable_zookeeper_kerberos'],
  ['replication', 'staleness_for_commit = 111', 'staleness_for_commit'],
  ['geo_client.lib', 'min_level = 16', 'min_level'],
  ['security', 'zookeeper_kerberos_service_name = zk', 'zookeeper_kerberos_service_name'],
  ['security', 'zookeeper_sasl_service_fqdn = zk', 'zookeeper_sasl_service_fqdn'],
  ['nfs', 'max_copy_rate_megabytes_per_disk = 4', 'max_copy_rate_megabytes_per_disk'],
])('[%s] %s breaks a group rule at start', (section, line, key) => {
  const { problems } = Flags.read(parseIni(`${NEEDED}[${section}]\n${line}\n`, 'config.ini'));
  expect(problems.map((problem) => [problem.key, problem.message.includes('do not go together')])).toEqual([
    [key, true],
  ]);
});

test('encryption at rest needs access control and a key server', () => {
  const broken = (more: string) =>
    Flags.read(parseIni(`${NEEDED}[pegasus.server]\nencrypt_data_at_rest = true\n${more}`, 'config.ini'))
      .problems.length;
  expect(broken('')).toBe(2);
  expect(broken('[security]\nenable_acl = true\n')).toBe(1);
  expect(broken('hadoop_kms_url = http://kms\n[security]\nenable_acl = true\n')).toBe(0);
});
