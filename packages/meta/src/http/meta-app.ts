import { compareNodes, errorOrdinal } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';
import {
  MultiColumnTable,
  SingleColumnTable,
  TableDocument,
  badRequest,
  notFound,
  ok,
  serverError,
} from '@onebox/server';
import type { HttpRequest, HttpResponse, ProfileVariants } from '@onebox/server';
import { countReplicas } from '../balancer';
import type { ClusterView } from '../cluster-view';
import { tableHealth } from '../health';
import { members } from '../state/partition';
import type { TableView } from '../state/table';
import { unavailability } from '../table-availability';
import { APP_NAME_EMPTY } from './app-name';

export type MetaAppVariants = Pick<ProfileVariants, 'appBusyBody' | 'missingAppName'>;

/** `/meta/app?name=<table>[&detail]`: one table, its partitions and its nodes (reference/http-api.md 3.10). */
export function metaApp(view: ClusterView, variants: MetaAppVariants, request: HttpRequest): HttpResponse {
  const name = request.args.get('name') ?? '';
  if (name === '' && variants.missingAppName === 'bad-request') return badRequest(APP_NAME_EMPTY);
  const table = view.tableNamed(name);
  if (table === undefined) return notFound(`table not found: "${name}"`);
  const error = unavailability(table.info.status);
  if (error !== undefined) return serverError(busyBody(error, variants.appBusyBody));

  const document = new TableDocument().add('general', general(table));
  if (request.args.has('detail')) {
    document.add('replicas', replicas(table)).add('nodes', nodes(table)).add('healthy', healthy(table));
  }
  return ok(document.toJson());
}

/** The error's name, or one byte with the error's number: a conversion slip of upstream's. */
function busyBody(error: ErrorCode, form: ProfileVariants['appBusyBody']): string | Buffer {
  return form === 'name' ? error : Buffer.of(errorOrdinal(error));
}

function general({ info, partitions }: TableView): SingleColumnTable {
  return new SingleColumnTable()
    .add('app_name', info.appName)
    .add('app_id', info.appId)
    .add('partition_count', info.partitionCount)
    .add('max_replica_count', partitions[0]?.maxReplicaCount ?? 0);
}

function replicas({ partitions }: TableView): MultiColumnTable {
  const rows = new MultiColumnTable('pidx', ['ballot', 'replica_count', 'primary', 'secondaries']);
  for (const config of partitions) {
    rows.row(
      config.gpid.partitionIndex,
      config.ballot,
      `${members(config).length}/${config.maxReplicaCount}`,
      config.primary ?? '-',
      `[${config.secondaries.join(',')}]`,
    );
  }
  return rows;
}

/** Nodes that hold something, in address order, and the sums. */
function nodes(table: TableView): MultiColumnTable {
  const counts = countReplicas([table]);
  const rows = new MultiColumnTable('node', ['primary', 'secondary', 'total']);
  let [primarySum, sum] = [0, 0];
  for (const [node, total] of [...counts.partitions].sort(([a], [b]) => compareNodes(a, b))) {
    const primaries = counts.primaries.get(node) ?? 0;
    rows.row(node, primaries, total - primaries, total);
    primarySum += primaries;
    sum += total;
  }
  return rows.row('total', primarySum, sum - primarySum, sum);
}

function healthy({ info, partitions }: TableView): SingleColumnTable {
  const health = tableHealth(info.partitionCount, partitions);
  return new SingleColumnTable()
    .add('fully_healthy_partition_count', health.fullyHealthy)
    .add('unhealthy_partition_count', health.unhealthy)
    .add('write_unhealthy_partition_count', health.writeUnhealthy)
    .add('read_unhealthy_partition_count', health.readUnhealthy);
}
