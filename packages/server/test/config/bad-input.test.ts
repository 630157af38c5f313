import { refuseErrors } from '../../src/config/config-problem';
import { renderInstanceConfig } from '../../src/config/instance-config';
import { parseIni } from '../../src/config/parse-ini';
import { checkConfig } from '../../src/config/check-config';
import { TEMPLATE, VALUES } from './template-values';
import { thrownBy } from './thrown-by';

const INT32 = 'a whole number from -2147483648 to 2147483647';
const UINT32 = 'a whole number from 0 to 4294967295';

describe('a bad override of the template is told with what is allowed', () => {
  test.each([
    [
      'replication.lb_interval_ms=10s',
      'ONEBOX_CONFIG_BAD_VALUE',
      `[replication] lb_interval_ms = 10s is not of type int32; allowed: ${INT32}`,
    ],
    [
      'replication.lb_interval_ms=',
      'ONEBOX_CONFIG_BAD_VALUE',
      `[replication] lb_interval_ms =  is not of type int32; allowed: ${INT32}`,
    ],
    [
      'replication.lb_interval_ms=2147483648',
      'ONEBOX_CONFIG_BAD_VALUE',
      `[replication] lb_interval_ms = 2147483648 is not of type int32; allowed: ${INT32}`,
    ],
    [
      'replication.config_sync_interval_ms=-1',
      'ONEBOX_CONFIG_BAD_VALUE',
      `[replication] config_sync_interval_ms = -1 is not of type uint32; allowed: ${UINT32}`,
    ],
    [
      'replication.config_sync_interval_ms=0',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[replication] config_sync_interval_ms = 0 is not allowed; allowed: a number > 0',
    ],
    [
      'meta_server.cold_backup_disabled=yes',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] cold_backup_disabled = yes is not of type bool; allowed: true or false',
    ],
    [
      'meta_server.node_live_percentage_threshold_for_update=101',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] node_live_percentage_threshold_for_update = 101 is not allowed; allowed: a number from 0 to 100',
    ],
    [
      'pegasus.server.rocksdb_filter_type=none',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[pegasus.server] rocksdb_filter_type = none is not allowed; allowed: common or prefix',
    ],
    [
      'pegasus.collector.usage_stat_app=',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[pegasus.collector] usage_stat_app =  is not allowed; allowed: any text that is not empty',
    ],
    [
      'meta_server.min_allowed_replica_count=6',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] min_allowed_replica_count = 6 and [meta_server] max_allowed_replica_count = 5 do not go together; allowed: min_allowed_replica_count <= max_allowed_replica_count',
    ],
    [
      'replication.fd_lease_seconds=22',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[replication] fd_lease_seconds = 22 is not allowed; allowed: fd_beacon_interval_seconds < fd_lease_seconds < fd_grace_seconds',
    ],
    [
      'replication.fd_check_interval_seconds=0',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[replication] fd_check_interval_seconds = 0 is not allowed; allowed: a number > 0',
    ],
    [
      'meta_server.meta_function_level_on_start=livly',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] meta_function_level_on_start = livly is not allowed; allowed: stopped, blind, freezed, steady, lively',
    ],
    [
      'meta_server.server_list=127.0.0.1',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] server_list = 127.0.0.1 is not allowed; allowed: host:port,host:port ..., each server once',
    ],
    [
      'meta_server.cluster_root=pegasus/',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] cluster_root = pegasus/ is not allowed; allowed: a ZooKeeper path, for example /pegasus/onebox/127.0.0.1',
    ],
    [
      'onebox.time_scale=0.01',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[onebox] time_scale = 0.01 is not allowed; allowed: a number from 0.02 to 10',
    ],
    [
      'onebox.pegasus_version=3.0',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[onebox] pegasus_version = 3.0 is not allowed; allowed: documented, master, 2.5, 2.4 or 2.0',
    ],
    [
      'apps.meta.ports=65536',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[apps.meta] ports = 65536 is not allowed; allowed: a whole number from 1 to 65535',
    ],
    [
      'meta_server.apps.stat.partition_count=0',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server.apps.stat] partition_count = 0 is not allowed; allowed: a whole number from 1 to 100000',
    ],
    [
      'meta_server.apps.stat.app_name=a b',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server.apps.stat] app_name = a b is not allowed; allowed: letters, digits, and any of . _ :',
    ],
    [
      'replication.gc_interval_ms=-1',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[replication] gc_interval_ms = -1 is not allowed; allowed: a number > 0',
    ],
    [
      'pegasus.collector.app_stat_interval_seconds=0',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[pegasus.collector] app_stat_interval_seconds = 0 is not allowed; allowed: a number > 0',
    ],
    [
      'meta_server.replica_white_list=a b',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] replica_white_list = a b is not allowed; allowed: empty, or host:port,host:port ..., each server once',
    ],
    [
      'core.logging_start_level=INFO',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[core] logging_start_level = INFO is not allowed; allowed: LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR, LOG_LEVEL_FATAL',
    ],
    [
      'onebox.cluster_name=other',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[onebox] cluster_name = other is not what this cluster has; allowed: onebox, or @CLUSTER_NAME@ in the template',
    ],
    [
      'onebox.instance=meta7',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[onebox] instance = meta7 is not what this cluster has; allowed: meta1, or @INSTANCE@ in the template',
    ],
    [
      'onebox.meta_count=5',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[onebox] meta_count = 5 is not what this cluster has; allowed: 3, or @META_COUNT@ in the template',
    ],
    [
      'onebox.replica_count=0',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[onebox] replica_count = 0 is not what this cluster has; allowed: 3, or @REPLICA_COUNT@ in the template',
    ],
    [
      'meta_server.server_list=127.0.0.1:1',
      'ONEBOX_CONFIG_BAD_VALUE',
      '[meta_server] server_list = 127.0.0.1:1 is not what this cluster has; allowed: 127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603, or @META_SERVER_LIST@ in the template',
    ],
    [
      'replication.lb_interval=5',
      'ONEBOX_CONFIG_UNKNOWN_KEY',
      '[replication] lb_interval is not a known key and is ignored; allowed: lb_interval_ms, if that was meant',
    ],
    [
      'meta_server.lb_interval_ms=5',
      'ONEBOX_CONFIG_UNKNOWN_KEY',
      '[meta_server] lb_interval_ms is not a known key and is ignored; allowed: [replication] lb_interval_ms, if that was meant',
    ],
    [
      'replication.colour=red',
      'ONEBOX_CONFIG_UNKNOWN_KEY',
      '[replication] colour is not a known key and is ignored; allowed: 79 keys, such as slog_dir, data_dirs, cluster_name',
    ],
    [
      'http.colour=red',
      'ONEBOX_CONFIG_UNKNOWN_KEY',
      '[http] colour is not a known key and is ignored; allowed: curl_timeout_ms, enable_http_server',
    ],
    [
      'apps.meta.port=34601',
      'ONEBOX_CONFIG_UNKNOWN_KEY',
      '[apps.meta] port is not a known key and is ignored; allowed: ports, if that was meant',
    ],
    [
      'meta_server.apps.stat.envs=default_ttl=1',
      'ONEBOX_CONFIG_UNKNOWN_KEY',
      '[meta_server.apps.stat] envs is not a known key and is ignored; allowed: app_name, app_type, partition_count, max_replica_count, stateful',
    ],
    [
      'weather.wind=strong',
      'ONEBOX_CONFIG_UNKNOWN_SECTION',
      '[weather] is not a section of Pegasus or of this product and is ignored; allowed: 22 sections, such as [ranger], [network], [core]',
    ],
    [
      'replicaton.lb_interval_ms=5',
      'ONEBOX_CONFIG_UNKNOWN_SECTION',
      '[replicaton] is not a section of Pegasus or of this product and is ignored; allowed: [replication], if that was meant',
    ],
  ])('--set %s', (override, code, message) => {
    const { problems } = renderInstanceConfig(TEMPLATE, VALUES, [override]);
    expect(problems.map((problem) => [problem.code, problem.message])).toEqual([
      [code, `--set ${override}: ${message}`],
    ]);
  });
});

test.each([
  'onebox.replica_count=3',
  'meta_server.server_list=127.0.0.1:34601, 127.0.0.1:34602, 127.0.0.1:34603',
  'meta_server.replica_white_list=127.0.0.1:34801,',
  'apps.meta.pools=THREAD_POOL_DEFAULT',
  'threadpool.X.worker_count=2',
  'replication.config_sync_interval_ms=0x10',
  'pegasus.server.rocksdb_bloom_filter_bits_per_key=1e1',
])('--set %s is fine', (override) => {
  expect(renderInstanceConfig(TEMPLATE, VALUES, [override]).problems).toEqual([]);
});

test('problems of lines come in the order of the file, one for a placeholder without a value', () => {
  const text = TEMPLATE.text
    .replace('time_scale = @TIME_SCALE@', 'time_scale = @TIME@')
    .replace('[onebox]', '[onebox]\nstray');
  const { problems } = renderInstanceConfig({ file: 'onebox.ini', text }, VALUES, ['a', 'core.tool=x']);
  const place = (line: string) => ({
    kind: 'file',
    file: 'onebox.ini',
    line: text.split('\n').indexOf(line) + 1,
  });
  expect(problems.map(({ code, origin }) => [code, origin])).toEqual([
    ['ONEBOX_CONFIG_SYNTAX', place('stray')],
    ['ONEBOX_CONFIG_UNKNOWN_PLACEHOLDER', place('time_scale = @TIME@')],
    ['ONEBOX_CONFIG_BAD_OVERRIDE', { kind: 'override', text: 'a' }],
  ]);
});

describe('a bad line of a file is told with its place', () => {
  test.each([
    [
      'garbage',
      "onebox.ini:2: 'garbage' is neither a section nor a key with a value; allowed: [section], key = value, or a comment after ; or #",
    ],
    ['= 5', "onebox.ini:2: '= 5' has no key before '='; allowed: key = value"],
    ['[a=b]', "onebox.ini:2: '[a=b]' is not a section header; allowed: [section] alone on its line"],
    ['[a] b', "onebox.ini:2: '[a] b' is not a section header; allowed: [section] alone on its line"],
    ['[]', "onebox.ini:2: '[]' is not a section header; allowed: [section] alone on its line"],
    [
      'x'.repeat(100),
      `onebox.ini:2: '${'x'.repeat(57)}...' is neither a section nor a key with a value; allowed: [section], key = value, or a comment after ; or #`,
    ],
  ])('%s', (line, message) => {
    expect(parseIni(`[core]\n${line}\n`, 'onebox.ini').problems.map((problem) => problem.message)).toEqual([
      message,
    ]);
  });

  test('a key before the first section', () => {
    expect(
      parseIni('k = v\n[a]\n', 'onebox.ini').problems.map(({ code, message }) => [code, message]),
    ).toEqual([
      [
        'ONEBOX_CONFIG_SYNTAX',
        'onebox.ini:1: k stands before the first section; allowed: keys below a [section]',
      ],
    ]);
  });

  test('a table that is defined twice', () => {
    const { problems } = renderInstanceConfig(TEMPLATE, { ...VALUES, APP_NAME: 'stat' }, []);
    expect(problems.map(({ code }) => code)).toContain('ONEBOX_CONFIG_DUPLICATE_SECTION');
  });
});

test('a file without the keys a server needs says which', () => {
  const { problems } = checkConfig(parseIni('[apps.meta]\ntype = meta\n', 'config.ini'));
  expect(problems.map(({ message }) => message)).toEqual([
    'config.ini:1: [apps.meta] ports must be set; allowed: a whole number from 1 to 65535',
    'config.ini: [pegasus.collector] available_detect_app must be set; allowed: any text that is not empty',
    'config.ini: [pegasus.collector] usage_stat_app must be set; allowed: any text that is not empty',
    'config.ini: [meta_server] server_list must be set; allowed: host:port,host:port ..., each server once',
    'config.ini: [meta_server] distributed_lock_service_parameters must be set; allowed: a ZooKeeper path, for example /pegasus/onebox/127.0.0.1',
  ]);
});

test('errors stop a start all at once, warnings do not', () => {
  const warned = renderInstanceConfig(TEMPLATE, VALUES, ['replication.colour=red']);
  expect(() => refuseErrors(warned.problems)).not.toThrow();
  const wrong = renderInstanceConfig(TEMPLATE, VALUES, [
    'core.colour=red',
    'zookeeper.timeout_ms=x',
    'onebox.bind=:',
  ]);
  expect(thrownBy(() => refuseErrors(wrong.problems))).toMatchObject({
    code: 'ONEBOX_CONFIG_INVALID',
    message:
      `--set zookeeper.timeout_ms=x: [zookeeper] timeout_ms = x is not of type int32; allowed: ${INT32}\n` +
      '--set onebox.bind=:: [onebox] bind = : is not allowed; allowed: an IPv4 address or a host name, without a port',
    nextStep: 'Correct these 2 lines and try again.',
  });
});
