import { serverError } from '@onebox/server';
import type { HttpHandler, HttpRequest, HttpResponse } from '@onebox/server';
import type { BulkLoadService } from '../bulk-load';
import type { ClusterInfoVariants } from '../cluster-info';
import type { ClusterView } from '../cluster-view';
import type { EnvWriter } from './env-writer';
import { envsList } from './envs-list';
import type { MetaAppVariants } from './meta-app';
import { metaApp } from './meta-app';
import type { DuplicationVariants } from './meta-app-duplication';
import { metaAppDuplication } from './meta-app-duplication';
import { metaAppEnvs } from './meta-app-envs';
import { metaApps } from './meta-apps';
import { metaBackupPolicy } from './meta-backup-policy';
import { metaCluster } from './meta-cluster';
import { metaNodes } from './meta-nodes';
import { metaQueryBulkLoad } from './meta-query-bulk-load';
import { metaStartBulkLoad } from './meta-start-bulk-load';
import { metaStartCompaction } from './meta-start-compaction';
import { metaUsageScenario } from './meta-usage-scenario';

/** The body of the 500 while a new leader loads its state; RPCs get the same error code then. */
export const LEADER_IS_LOADING = 'ERR_UNDER_RECOVERY: this leader is still loading its state, try again';

/** What calls that change something do it with. */
export interface MetaHttpActions {
  readonly writeEnvs: EnvWriter;
  readonly unixSecond: () => number;
  readonly bulkLoads: () => BulkLoadService | undefined;
}

/**
 * The calls of a meta, by path: `/envs/list`, and the `/meta/...` calls of a leader. Redirects and the check of unknown parameters happen
 * before them (the server's call rules). Upstream may crash while a new leader loads; here the client is told to retry
 * (reference/cluster-behaviour.md 2.6, end).
 */
export function metaHttpHandlers(
  view: ClusterView,
  variants: ClusterInfoVariants & MetaAppVariants & DuplicationVariants,
  actions: MetaHttpActions,
): Readonly<Record<string, HttpHandler>> {
  const whenReady =
    (handler: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>): HttpHandler =>
    (request) =>
      view.ready() ? handler(request) : serverError(LEADER_IS_LOADING);
  return {
    '/envs/list': () => envsList(),
    '/meta/app': whenReady((request) => metaApp(view, variants, request)),
    '/meta/app/duplication': whenReady((request) => metaAppDuplication(view, variants, request)),
    '/meta/app/query_bulk_load': whenReady((request) => metaQueryBulkLoad(actions.bulkLoads(), request)),
    '/meta/app/start_bulk_load': whenReady((request) => metaStartBulkLoad(actions.bulkLoads(), request)),
    '/meta/app/start_compaction': whenReady((request) =>
      metaStartCompaction(actions.writeEnvs, actions.unixSecond, request),
    ),
    '/meta/app/usage_scenario': whenReady((request) => metaUsageScenario(actions.writeEnvs, request)),
    '/meta/app_envs': whenReady((request) => metaAppEnvs(view, request)),
    '/meta/apps': whenReady((request) => metaApps(view, request)),
    '/meta/backup_policy': whenReady((request) => metaBackupPolicy(view, request)),
    '/meta/cluster': whenReady(() => metaCluster(view, variants)),
    '/meta/nodes': whenReady((request) => metaNodes(view, request)),
  };
}
