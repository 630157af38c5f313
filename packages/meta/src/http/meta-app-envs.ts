import { SingleColumnTable, badRequest, compareBytes, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import type { ClusterView } from '../cluster-view';
import { APP_NAME_EMPTY } from './app-name';

/**
 * `/meta/app_envs?name=<table>`: the envs of an available table, by name (reference/http-api.md 3.14). Other parameters
 * are ignored; a table that does not exist looks like one without envs.
 */
export function metaAppEnvs(view: ClusterView, request: HttpRequest): HttpResponse {
  const name = request.args.get('name') ?? '';
  if (name === '') return badRequest(APP_NAME_EMPTY);
  const info = view.tableNamed(name)?.info;
  const envs = info?.status === 'AS_AVAILABLE' ? [...info.envs] : [];
  const table = new SingleColumnTable();
  for (const [key, value] of envs.sort(([a], [b]) => compareBytes(a, b))) table.add(key, value);
  return ok(table.toJson());
}
