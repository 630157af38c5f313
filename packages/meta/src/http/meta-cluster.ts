import { SingleColumnTable, ok } from '@onebox/server';
import type { HttpResponse } from '@onebox/server';
import type { ClusterInfoVariants } from '../cluster-info';
import { clusterInfo } from '../cluster-info';
import type { ClusterView } from '../cluster-view';

/** `/meta/cluster`: facts about the cluster (reference/http-api.md 3.13). Parameters are ignored. */
export function metaCluster(view: ClusterView, variants: ClusterInfoVariants): HttpResponse {
  const table = new SingleColumnTable();
  for (const [key, value] of clusterInfo(view, variants)) table.add(key, value);
  return ok(table.toJson());
}
