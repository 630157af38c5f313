import { formatSeconds } from '@onebox/base';
import { badRequest, dumpSorted, notFound, ok } from '@onebox/server';
import type { HttpRequest, HttpResponse, ProfileVariants, SortedJson } from '@onebox/server';
import type { ClusterView } from '../cluster-view';
import { notConfirmed } from '../duplication';
import type { DuplicationView } from '../duplication';

export type DuplicationVariants = Pick<
  ProfileVariants,
  'duplicationFlag' | 'duplicationMembers' | 'duplicationStatuses'
>;

/**
 * `/meta/app/duplication?name=<table>`: the duplications of an available table, numbered in the order of their ids, or `null`
 * (reference/http-api.md 3.16). Other parameters are ignored.
 */
export function metaAppDuplication(
  view: ClusterView,
  variants: DuplicationVariants,
  request: HttpRequest,
): HttpResponse {
  if (!view.duplicationEnabled()) {
    return notFound(`duplication is not enabled [${variants.duplicationFlag}=false]`);
  }
  const name = request.args.get('name');
  if (name === undefined) return badRequest('name should not be empty');
  const info = view.tableNamed(name)?.info;
  if (info?.status !== 'AS_AVAILABLE') return notFound('ERR_APP_NOT_EXIST');
  const members: Record<string, SortedJson> = {};
  view.duplications(info.appId).forEach((dup, index) => {
    members['appid'] = info.appId;
    members[String(index + 1)] = entry(dup, variants);
  });
  return ok(dumpSorted(members));
}

function entry({ info, progress }: DuplicationView, variants: DuplicationVariants): SortedJson {
  const has = (member: DuplicationVariants['duplicationMembers'][number]): boolean =>
    variants.duplicationMembers.includes(member);
  return {
    create_ts: formatSeconds(Math.floor(info.createTimestampMs / 1000)),
    dupid: info.dupId,
    fail_mode: info.failMode,
    remote: info.remote,
    status: statusText(info.status, variants.duplicationStatuses),
    ...(has('not_confirmed_mutations_num') && {
      not_confirmed_mutations_num: byPartition(progress.map(notConfirmed)),
    }),
    ...(has('partition_states') && {
      partition_states: byPartition(
        progress.map(({ storedDecree, lastCommittedDecree }) => ({
          confirmed_decree: storedDecree,
          last_committed_decree: lastCommittedDecree,
        })),
      ),
    }),
    ...(has('remote_app_name') && { remote_app_name: info.remoteAppName }),
    ...(has('remote_replica_count') && { remote_replica_count: info.remoteReplicaCount }),
  };
}

/** 2.0 has one status for all that is under way (reference/cluster-behaviour.md 8.1). */
function statusText(
  status: DuplicationView['info']['status'],
  statuses: DuplicationVariants['duplicationStatuses'],
): string {
  const isUnderWay = status === 'DS_PREPARE' || status === 'DS_APP' || status === 'DS_LOG';
  return statuses === 'start' && isUnderWay ? 'DS_START' : status;
}

function byPartition(values: readonly SortedJson[]): SortedJson {
  return Object.fromEntries(values.map((value, index) => [String(index), value]));
}
