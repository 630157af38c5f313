import type { HelpTexts } from './calls';

/** What every server of 2.5.0 answers (reference/http-api.md 4). */
export const V25_EVERY_ROLE: HelpTexts = {
  '/': 'Lists all supported calls',
  '/config': 'get the details of a specified config',
  '/configs': 'list all configs',
  '/perfCounter': 'Gets the value of a perf counter',
  '/pprof/cmdline': 'ip:port/pprof/cmdline',
  '/pprof/growth': 'ip:port/pprof/growth',
  '/pprof/heap': 'ip:port/pprof/heap',
  '/pprof/profile': 'ip:port/pprof/profile',
  '/pprof/symbol': 'ip:port/pprof/symbol',
  '/recentStartTime': 'Gets the server start time.',
  '/updateConfig': 'ip:port/updateConfig?<key>=<value>',
  '/version': 'Gets the server version.',
};

/** What metas of 2.5.0 answer besides. */
export const V25_META: HelpTexts = {
  '/meta/app': 'ip:port/meta/app?app_name=temp',
  '/meta/app/duplication': 'ip:port/meta/app/duplication?name=<app_name>',
  '/meta/app/query_bulk_load': 'ip:port/meta/query_bulk_load?name=temp',
  '/meta/app/start_bulk_load': 'ip:port/meta/start_bulk_load',
  '/meta/app/start_compaction': 'ip:port/meta/start_compaction',
  '/meta/app/usage_scenario': 'ip:port/meta/app/usage_scenario',
  '/meta/app_envs': 'ip:port/meta/app_envs?name=temp',
  '/meta/apps': 'ip:port/meta/apps',
  '/meta/backup_policy': 'ip:port/meta/backup_policy',
  '/meta/cluster': 'ip:port/meta/cluster',
  '/meta/nodes': 'ip:port/meta/nodes',
};

/** What replica servers of 2.5.0 answer besides; the misspelt path in a text is upstream's. */
export const V25_REPLICA: HelpTexts = {
  '/replica/data_version': 'ip:port/replica/data_version?app_id=<app_id>',
  '/replica/duplication': 'ip:port/replica/duplication?appid=<appid>',
  '/replica/manual_compaction': 'ip:port/replica/maual_compaction?app_id=<app_id>',
};
