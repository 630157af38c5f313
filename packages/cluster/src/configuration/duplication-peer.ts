import type { PlaceholderValues } from '@onebox/server';
import { DEFAULT_OPTIONS } from '../record/cluster-options';
import type { ClusterRecord } from '../record/cluster-record';
import { CLUSTERS_APART, FIRST_CLUSTER, SECOND_CLUSTER, metaServersOf } from '../topology';

/** The ids of upstream's `[duplication-group]`; a cluster of another name has the next one (reference/cluster-behaviour.md 8.1). */
const CLUSTER_IDS: Readonly<Record<string, number>> = { [FIRST_CLUSTER]: 1, [SECOND_CLUSTER]: 2 };
const OTHER_ID = 3;

/**
 * The cluster that tables are duplicated to unless the configuration names more: for `onebox2` that is `onebox`, for all others
 * it is `onebox2`. It is looked for where it is when both were started alike: {@link CLUSTERS_APART} ports away, with as many meta
 * servers as a cluster has by default. One that has fewer is found all the same.
 */
export function peerPlaceholders(
  source: Pick<ClusterRecord, 'name' | 'portOffset' | 'advertise'>,
): PlaceholderValues {
  const isSecond = source.name === SECOND_CLUSTER;
  const peer = isSecond ? FIRST_CLUSTER : SECOND_CLUSTER;
  const portOffset = source.portOffset + (isSecond ? -CLUSTERS_APART : CLUSTERS_APART);
  const metas = metaServersOf({ ...DEFAULT_OPTIONS, portOffset, advertise: source.advertise });
  return {
    CLUSTER_ID: CLUSTER_IDS[source.name] ?? OTHER_ID,
    PEER_CLUSTER: peer,
    PEER_CLUSTER_ID: CLUSTER_IDS[peer] ?? OTHER_ID,
    PEER_META_SERVER_LIST: metas.join(','),
  };
}
