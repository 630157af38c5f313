import type { Node } from '@onebox/base';
import { readDuplicationClusters } from '@onebox/server';
import type { ClusterControl } from '../cluster-control';
import { serversOf } from '../topology';
import { renderServerConfig } from './server-configs';

/** What a cluster's servers know of duplication: how they are called there, and where other clusters' meta servers are. */
export interface DuplicationNames {
  /** The cluster, as `--name` says it. */
  readonly cluster: string;
  readonly ownName: string;
  readonly metas: ReadonlyMap<string, readonly Node[]>;
}

/** Reads it from the configuration of the servers. @throws OneboxError ONEBOX_NO_CLUSTER */
export function duplicationNamesOf(onebox: Pick<ClusterControl, 'demandRecord'>): DuplicationNames {
  const record = onebox.demandRecord();
  const meta = serversOf(record).find(({ role }) => role === 'meta');
  if (meta === undefined) return { cluster: record.name, ownName: record.name, metas: new Map() };
  const { config, flags } = renderServerConfig(record, meta);
  return {
    cluster: record.name,
    ownName: flags.get('dup_cluster_name') || flags.get('cluster_name'),
    metas: readDuplicationClusters(config).clusters.metas,
  };
}
