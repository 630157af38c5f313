import { SingleColumnTable, badRequest, notFound, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import { qualifiedStatus } from '../bulk-load';
import type { BulkLoadService } from '../bulk-load';
import { BULK_LOAD_NOT_ENABLED } from './meta-start-bulk-load';

/** `/meta/app/query_bulk_load?name=<table>`: the load that runs, or the result of the last one (reference/http-api.md 3.18). */
export function metaQueryBulkLoad(
  service: Pick<BulkLoadService, 'query'> | undefined,
  request: HttpRequest,
): HttpResponse {
  if (service === undefined) return notFound(BULK_LOAD_NOT_ENABLED);
  const name = request.args.get('name');
  // An empty name is a table that does not exist.
  if (name === undefined) return badRequest('name should not be empty');
  const { error, status } = service.query(name);
  const table = new SingleColumnTable().add('error', error).add('app_status', qualifiedStatus(status));
  return ok(table.toJson());
}
