import { formatMilliseconds } from '@onebox/base';
import { MultiColumnTable, SingleColumnTable, TableDocument, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import type { ClusterView } from '../cluster-view';
import { tableHealth } from '../health';
import type { TableInfo, TableView } from '../state/table';

/** `/meta/apps[?detail]`: the available tables, by id (reference/http-api.md 3.11). */
export function metaApps(view: ClusterView, request: HttpRequest): HttpResponse {
  const tables = view.tables().filter(({ info }) => info.status === 'AS_AVAILABLE');
  const document = new TableDocument().add('general_info', generalInfo(tables));
  const summary = new SingleColumnTable().add('total_app_count', tables.length);
  if (request.args.has('detail') && tables.length > 0) addHealth(tables, document, summary);
  return ok(document.add('summary', summary).toJson());
}

/**
 * The rows of tables as they are now. What is known of a table is a value that is replaced when it changes, so that a row
 * holds for as long as the value does: of a thousand tables hardly one changes between two scrapes.
 */
const generalRows = new WeakMap<TableInfo, string>();

function generalInfo(tables: readonly TableView[]): MultiColumnTable {
  const general = new MultiColumnTable('app_id', [
    'status',
    'app_name',
    'app_type',
    'partition_count',
    'replica_count',
    'is_stateful',
    'create_time',
    'drop_time',
    'drop_expire',
    'envs_count',
  ]);
  for (const { info } of tables) {
    const known = generalRows.get(info);
    const row = known ?? generalRow(general, info);
    if (known === undefined) generalRows.set(info, row);
    general.append(row);
  }
  return general;
}

function generalRow(general: MultiColumnTable, info: TableInfo): string {
  return general.format(
    info.appId,
    'AVAILABLE',
    info.appName,
    info.appType,
    info.partitionCount,
    info.maxReplicaCount,
    info.isStateful,
    info.createSecond > 0 ? formatMilliseconds(info.createSecond * 1000) : '-',
    // Upstream fills these two for dropped tables only, which it never lists here.
    '-',
    '-',
    info.envs.size,
  );
}

function addHealth(tables: readonly TableView[], document: TableDocument, summary: SingleColumnTable): void {
  const healthy = new MultiColumnTable('app_id', [
    'app_name',
    'partition_count',
    'fully_healthy',
    'unhealthy',
    'write_unhealthy',
    'read_unhealthy',
  ]);
  const healths = tables.map(({ info, partitions }) => {
    const health = tableHealth(info.partitionCount, partitions);
    const { fullyHealthy, unhealthy, writeUnhealthy, readUnhealthy } = health;
    healthy.row(
      info.appId,
      info.appName,
      info.partitionCount,
      fullyHealthy,
      unhealthy,
      writeUnhealthy,
      readUnhealthy,
    );
    return health;
  });
  document.add('healthy_info', healthy);
  summary
    .add('fully_healthy_app_count', healths.filter((health) => health.unhealthy === 0).length)
    .add('unhealthy_app_count', healths.filter((health) => health.unhealthy !== 0).length)
    .add('write_unhealthy_app_count', healths.filter((health) => health.writeUnhealthy > 0).length)
    .add('read_unhealthy_app_count', healths.filter((health) => health.readUnhealthy > 0).length);
}
