import {
  INVALID_REQUEST_STRUCTURE,
  SingleColumnTable,
  badRequest,
  decodeBodyFields,
  notFound,
  ok,
} from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import type { BulkLoadService } from '../bulk-load';

/** The body of the 404 while there is no bulk load service. */
export const BULK_LOAD_NOT_ENABLED = 'bulk load is not enabled';

const FIELDS = {
  app_name: 'string',
  cluster_name: 'string',
  file_provider_type: 'string',
  remote_root_path: 'string',
} as const;

/** `/meta/app/start_bulk_load`: begins to load files into a table (reference/http-api.md 3.17). ERR_OK only means accepted. */
export async function metaStartBulkLoad(
  service: Pick<BulkLoadService, 'start'> | undefined,
  request: HttpRequest,
): Promise<HttpResponse> {
  if (service === undefined) return notFound(BULK_LOAD_NOT_ENABLED);
  const fields = decodeBodyFields(request.body, FIELDS);
  if (fields === undefined) return badRequest(INVALID_REQUEST_STRUCTURE);
  const names = ['app_name', 'cluster_name', 'file_provider_type', 'remote_root_path'] as const;
  const empty = names.find((name) => fields[name] === '');
  if (empty !== undefined) return badRequest(`${empty} should not be empty`);
  const { error, hint } = await service.start({
    appName: fields.app_name,
    clusterName: fields.cluster_name,
    provider: fields.file_provider_type,
    remoteRootPath: fields.remote_root_path,
    ingestBehind: false,
  });
  return ok(new SingleColumnTable().add('error', error).add('hint_msg', hint).toJson());
}
