import { dumpSorted, notFound, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse, ProfileVariants, SortedJson } from '@onebox/server';
import { gpidText } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { readAppId } from './app-id';

export type ReplicaDuplicationVariants = Pick<
  ProfileVariants,
  'duplicationFlag' | 'replicaDuplicationRemoteAppName'
>;

/** A duplication of a partition, as this call sees it. */
export interface ShownDuplication {
  readonly dupId: number;
  readonly isShipping: boolean;
  readonly failMode: string;
  readonly confirmedDecree: number;
  readonly lastDecree: number;
  readonly remoteAppName: string;
}

/** A replica of this server, as this call sees it. */
export interface ShownReplica {
  readonly gpid: Gpid;
  readonly isPrimary: boolean;
  readonly lastCommittedDecree: number;
  readonly duplications: { all(): readonly ShownDuplication[] };
}

/**
 * `/replica/duplication?appid=<id>`: the duplications of the partitions of a table that this server leads
 * (reference/http-api.md 3.21, cluster-behaviour.md 8.4). Other parameters are ignored.
 */
export function replicaDuplication(
  enabled: boolean,
  replicas: Iterable<ShownReplica>,
  variants: ReplicaDuplicationVariants,
  request: HttpRequest,
): HttpResponse {
  if (!enabled) return notFound(`duplication is not enabled [${variants.duplicationFlag}=false]`);
  const appId = readAppId(request, 'appid');
  if (typeof appId !== 'number') return appId;
  const led = [...replicas].filter(({ gpid, isPrimary }) => isPrimary && gpid.appId === appId);
  if (led.length === 0) return notFound(`no primary for app [appid=${appId}]`);
  const byDup: Record<string, Record<string, SortedJson>> = {};
  for (const { gpid, duplications, lastCommittedDecree } of led) {
    for (const dup of duplications.all()) {
      (byDup[String(dup.dupId)] ??= {})[gpidText(gpid)] = {
        duplicating: dup.isShipping,
        fail_mode: dup.failMode,
        not_confirmed_mutations_num: Math.max(0, lastCommittedDecree - dup.confirmedDecree),
        not_duplicated_mutations_num: Math.max(0, lastCommittedDecree - dup.lastDecree),
        ...(variants.replicaDuplicationRemoteAppName && { remote_app_name: dup.remoteAppName }),
      };
    }
  }
  if (Object.keys(byDup).length === 0) return notFound(`no duplication assigned for app [appid=${appId}]`);
  return ok(dumpSorted(byDup));
}
