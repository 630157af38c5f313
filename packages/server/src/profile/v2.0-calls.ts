import type { HelpTexts } from './calls';

/** What every server of 2.0.0 answers (reference/http-api.md 4). */
export const V20_EVERY_ROLE: HelpTexts = {
  '/': 'ip:port/',
  '/perfCounter': 'ip:port/perfCounter?name={perf_counter_name}',
  '/pprof/cmdline': 'ip:port/pprof/cmdline',
  '/pprof/growth': 'ip:port/pprof/growth',
  '/pprof/heap': 'ip:port/pprof/heap',
  '/pprof/profile': 'ip:port/pprof/profile',
  '/pprof/symbol': 'ip:port/pprof/symbol',
};

/** What metas and replica servers of 2.0.0 answer besides; a collector does not. */
export const V20_META_AND_REPLICA: HelpTexts = {
  '/recentStartTime': 'ip:port/recentStartTime',
  '/version': 'ip:port/version',
};

/** What metas of 2.0.0 answer besides. */
export const V20_META: HelpTexts = {
  '/meta/app': 'ip:port/meta/app?app_name=temp',
  '/meta/app/duplication': 'ip:port/meta/app/duplication?name=<app_name>',
  '/meta/app_envs': 'ip:port/meta/app_envs?name=temp',
  '/meta/apps': 'ip:port/meta/apps',
  '/meta/backup_policy': 'ip:port/meta/backup_policy',
  '/meta/cluster': 'ip:port/meta/cluster',
  '/meta/nodes': 'ip:port/meta/nodes',
};

/** What replica servers of 2.0.0 answer besides. */
export const V20_REPLICA: HelpTexts = {
  '/replica/duplication': 'ip:port/replica/duplication?appid=<appid>',
};
