import { mangleIn20, mangleSince24 } from '../../src/perf-counters/exposition/exposed-name';

/** The table of reference/metrics.md 4.12. */
test.each([
  ['replica*app.pegasus*get_qps@4.2', 'replica_app_pegasus_get_qps', '4', '2'],
  ['replica*app.pegasus*get_latency@1.0.p999', 'replica_app_pegasus_get_latencyp999', '1', '0'],
  [
    'replica*eon.replica*table.level.RPC_RRDB_RRDB_GET.latency(ns)@temp.p999',
    'replica_eon_replica_table_level_RPC_RRDB_RRDB_GET_latency_ns_p999',
    'temp',
    '',
  ],
  [
    'zion*profiler*RPC_RRDB_RRDB_GET.latency.server.p999',
    'zion_profiler_RPC_RRDB_RRDB_GET_latency_server_p999',
    '',
    '',
  ],
  ['replica*server*memused.res(MB)', 'replica_server_memused_res_MB_', '', ''],
  ['collector*app.pegasus*app.stat.get_qps#temp', 'collector_app_pegasus_app_stat_get_qps:temp', '', ''],
  ['collector*app.pegasus*app.stat.get_qps#_all_', 'collector_app_pegasus_app_stat_get_qps:_all_', '', ''],
  [
    'collector*app.pegasus*app.stat.hotspots@temp.read.0',
    'collector_app_pegasus_app_stat_hotspots0',
    'temp',
    'read',
  ],
  ['replica*eon.replica*backup_request_qps@my_tbl', 'replica_eon_replica_backup_request_qps', 'my_tbl', ''],
])('2.4 and 2.5 show %s as %s', (counter, metric, app, partition) => {
  expect(mangleSince24(counter)).toEqual({ metric, app, partition });
});

test.each([
  ['collector*app.pegasus*app.stat.get_qps#temp', 'collector_app_pegasus_app_stat_get_qps', 'temp', ''],
  ['collector*app.pegasus*app.stat.get_qps#_all_', 'collector_app_pegasus_app_stat_get_qps', 'all', ''],
  ['collector*app.pegasus*app.stat.get_qps#my_tbl', 'collector_app_pegasus_app_stat_get_qps', 'my', 'tbl'],
  ['replica*app.pegasus*get_qps@4.2', 'replica_app_pegasus_get_qps', '4', '2'],
  ['replica*app.pegasus*get_latency@1.0.p999', 'replica_app_pegasus_get_latencyp999', '1', '0'],
  [
    'replica*eon.replica*table.level.RPC_RRDB_RRDB_GET.latency(ns)@temp.p999',
    'replica_eon_replica_table_level_RPC_RRDB_RRDB_GET_latency_ns_p999',
    'temp',
    '',
  ],
  ['replica*server*memused.res(MB)', 'replica_server_memused_res_MB_', '', ''],
  ['collector*app.pegasus*app.stat.hotspots@temp.0', 'collector_app_pegasus_app_stat_hotspots', 'temp', '0'],
])('2.0 shows %s as %s', (counter, metric, app, partition) => {
  expect(mangleIn20(counter)).toEqual({ metric, app, partition });
});

test('a subject of more than three parts has no name', () => {
  expect(
    mangleSince24('replica*eon.replica*table.level.RPC_RRDB_RRDB_GET.latency(ns)@a.b.c.p999'),
  ).toBeUndefined();
  expect(mangleIn20('collector*app.pegasus*app.stat.get_qps#a_b_c_d')).toBeUndefined();
});
