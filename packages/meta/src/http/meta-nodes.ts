import { MultiColumnTable, SingleColumnTable, TableDocument, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import { countReplicas } from '../balancer';
import type { ClusterView } from '../cluster-view';

/** `/meta/nodes[?detail]`: the replica servers the leader remembers (reference/http-api.md 3.12). */
export function metaNodes(view: ClusterView, request: HttpRequest): HttpResponse {
  const nodes = view.nodes();
  const detailed = request.args.has('detail');
  const counted = detailed ? view.tables().filter(({ info }) => info.status === 'AS_AVAILABLE') : [];
  const counts = countReplicas(counted);
  const details = new MultiColumnTable('address', [
    'status',
    ...(detailed ? ['replica_count', 'primary_count', 'secondary_count'] : []),
  ]);
  for (const { node, alive } of nodes) {
    const total = counts.partitions.get(node) ?? 0;
    const primaries = counts.primaries.get(node) ?? 0;
    const columns = detailed ? [total, primaries, total - primaries] : [];
    details.row(node, alive ? 'ALIVE' : 'UNALIVE', ...columns);
  }
  const aliveCount = nodes.filter(({ alive }) => alive).length;
  const summary = new SingleColumnTable()
    .add('total_node_count', nodes.length)
    .add('alive_node_count', aliveCount)
    .add('unalive_node_count', nodes.length - aliveCount);
  return ok(new TableDocument().add('details', details).add('summary', summary).toJson());
}
