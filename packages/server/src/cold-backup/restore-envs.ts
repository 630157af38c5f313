/** The envs by which a restored table knows where its data comes from (upstream's src/common/backup_common.cpp). */
export const RESTORE_ENVS = {
  provider: 'restore.block_service_provider',
  clusterName: 'restore.cluster_name',
  policyName: 'restore.policy_name',
  appName: 'restore.app_name',
  appId: 'restore.app_id',
  backupId: 'restore.backup_id',
  skipBadPartition: 'restore.skip_bad_partition',
  restorePath: 'restore.restore_path',
} as const;

/** Where a restored table comes from. */
export interface RestoreSource {
  readonly provider: string;
  readonly clusterName: string;
  /** Empty for backups of this generation. */
  readonly policyName: string;
  /** Of the table that was backed up. */
  readonly appName: string;
  readonly appId: number;
  /** The id of the backup: when it began, in unix milliseconds. */
  readonly backupId: number;
  /** Partitions whose backup is missing or damaged start empty, instead of undoing the restore. */
  readonly skipBadPartition: boolean;
  readonly restorePath: string | undefined;
}

export function restoreEnvs(source: RestoreSource): ReadonlyMap<string, string> {
  const envs = new Map<string, string>([
    [RESTORE_ENVS.provider, source.provider],
    [RESTORE_ENVS.clusterName, source.clusterName],
    [RESTORE_ENVS.policyName, source.policyName],
    [RESTORE_ENVS.appName, source.appName],
    [RESTORE_ENVS.appId, String(source.appId)],
    [RESTORE_ENVS.backupId, String(source.backupId)],
  ]);
  if (source.skipBadPartition) envs.set(RESTORE_ENVS.skipBadPartition, 'true');
  if (source.restorePath !== undefined) envs.set(RESTORE_ENVS.restorePath, source.restorePath);
  return envs;
}

/** Where the table with these envs comes from; undefined when it was not restored, or its envs were tampered with. */
export function restoreSourceOf(envs: ReadonlyMap<string, string>): RestoreSource | undefined {
  const provider = envs.get(RESTORE_ENVS.provider);
  const clusterName = envs.get(RESTORE_ENVS.clusterName);
  const appName = envs.get(RESTORE_ENVS.appName);
  const appId = Number(envs.get(RESTORE_ENVS.appId));
  const backupId = Number(envs.get(RESTORE_ENVS.backupId));
  if (provider === undefined || clusterName === undefined || appName === undefined) return undefined;
  if (!Number.isSafeInteger(appId) || !Number.isSafeInteger(backupId)) return undefined;
  return {
    provider,
    clusterName,
    policyName: envs.get(RESTORE_ENVS.policyName) ?? '',
    appName,
    appId,
    backupId,
    skipBadPartition: envs.has(RESTORE_ENVS.skipBadPartition),
    restorePath: envs.get(RESTORE_ENVS.restorePath),
  };
}
