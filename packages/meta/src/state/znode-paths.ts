import type { Gpid } from '@onebox/base';

/** Where the metadata of a cluster lives in ZooKeeper (reference/cluster-behaviour.md 2.2). */
export interface ZnodePaths {
  readonly root: string;
  /** Holds `lock` while the default tables are being created, `unlock` afterwards. */
  readonly apps: string;
  table(appId: number): string;
  partition(gpid: Gpid): string;
  /** The parent of a table's duplications. */
  duplications(appId: number): string;
  duplication(appId: number, dupId: number): string;
  /** Holds the confirmed decree of a partition. */
  duplicatedPartition(gpid: Gpid, dupId: number): string;
  /** The parent of backup policies. */
  readonly backup: string;
  backupPolicy(policy: string): string;
  backupOf(policy: string, backupId: number): string;
  /** The parent of bulk loads. */
  readonly bulkLoads: string;
  bulkLoad(appId: number): string;
  bulkLoadPartition(gpid: Gpid): string;
}

/** @param clusterRoot `[meta_server] cluster_root`, with or without slashes around it */
export function znodePaths(clusterRoot: string): ZnodePaths {
  const root = joined(clusterRoot);
  const apps = joined(root, 'apps');
  const backup = joined(root, 'backup');
  const bulkLoads = joined(root, 'bulk_load');
  return {
    root,
    apps,
    table: (appId) => joined(apps, String(appId)),
    partition: (gpid) => joined(apps, String(gpid.appId), String(gpid.partitionIndex)),
    duplications: (appId) => joined(apps, String(appId), 'duplication'),
    duplication: (appId, dupId) => joined(apps, String(appId), 'duplication', String(dupId)),
    duplicatedPartition: ({ appId, partitionIndex }, dupId) =>
      joined(apps, String(appId), 'duplication', String(dupId), String(partitionIndex)),
    backup,
    backupPolicy: (policy) => joined(backup, policy),
    backupOf: (policy, backupId) => joined(backup, policy, String(backupId)),
    bulkLoads,
    bulkLoad: (appId) => joined(bulkLoads, String(appId)),
    bulkLoadPartition: (gpid) => joined(bulkLoads, String(gpid.appId), String(gpid.partitionIndex)),
  };
}

/** The directory of the leader lock below `[meta_server] distributed_lock_service_parameters`. */
export function lockDirectory(lockRoot: string): string {
  return joined(lockRoot, 'dsn.meta.server.leader');
}

function joined(...parts: readonly string[]): string {
  return `/${parts.flatMap((part) => part.split('/').filter((name) => name !== '')).join('/')}`;
}
