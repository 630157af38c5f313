import { dumpSorted, notFound, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse } from '@onebox/server';
import type { Replica } from '../partition/replica';
import { readAppId } from './app-id';

/**
 * `/replica/data_version?app_id=<id>`: the data version of every replica of a table that is open on this server, primary
 * or not (reference/http-api.md 3.22). Other parameters are ignored.
 */
export function dataVersion(replicas: Iterable<Replica>, request: HttpRequest): HttpResponse {
  const appId = readAppId(request, 'app_id');
  if (typeof appId !== 'number') return appId;
  const versions = [...replicas]
    .filter(({ gpid }) => gpid.appId === appId)
    .map(({ gpid, engine }) => {
      const version = { data_version: String(engine.dataVersion) };
      return [String(gpid.partitionIndex), version] as const;
    });
  if (versions.length === 0) return notFound(`app_id=${request.args.get('app_id') ?? ''} not found`);
  return ok(dumpSorted(Object.fromEntries(versions)));
}
