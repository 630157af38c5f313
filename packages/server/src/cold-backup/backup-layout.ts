import { nodeAddress } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';

/** The progress of a partition whose backup, or restore, is finished: upstream counts in thousandths. */
export const PROGRESS_FINISHED = 1000;

/** What a backup is of: `<name>_<id>`, so that a table of the same name made later is another one. */
export interface BackedUpTable {
  readonly appName: string;
  readonly appId: number;
}

/**
 * Where the files of one backup lie in the block service, as upstream lays them out (its src/common/backup_common.h):
 *
 *     <root>/<backup id>/backup_info                                            written last of all
 *     <root>/<backup id>/<app name>_<app id>/meta/app_metadata                  the table's JSON, without its envs
 *     <root>/<backup id>/<app name>_<app id>/meta/app_backup_status             the table is finished
 *     <root>/<backup id>/<app name>_<app id>/<pidx>/current_checkpoint          the name of the directory that counts
 *     <root>/<backup id>/<app name>_<app id>/<pidx>/chkpt_<host>_<port>/…       the files of a checkpoint
 *     <root>/<backup id>/<app name>_<app id>/<pidx>/chkpt_<host>_<port>/backup_metadata   their names, sizes and md5s
 */
export class BackupLayout {
  /** `<root>/<backup id>`: everything of this backup. */
  readonly directory: string;

  /** @param root `cold_backup_root`, see {@link backupRoot} */
  constructor(root: string, backupId: number) {
    this.directory = joined(root, String(backupId));
  }

  get backupInfo(): string {
    return joined(this.directory, 'backup_info');
  }

  appMetadata(table: BackedUpTable): string {
    return joined(this.tableDirectory(table), 'meta', 'app_metadata');
  }

  appBackupStatus(table: BackedUpTable): string {
    return joined(this.tableDirectory(table), 'meta', 'app_backup_status');
  }

  /** The directory of one partition. */
  partition(appName: string, gpid: Gpid): string {
    return joined(this.tableDirectory({ appName, appId: gpid.appId }), String(gpid.partitionIndex));
  }

  currentCheckpoint(appName: string, gpid: Gpid): string {
    return joined(this.partition(appName, gpid), 'current_checkpoint');
  }

  /** @param checkpoint the name of a checkpoint's directory, see {@link checkpointName} */
  checkpoint(appName: string, gpid: Gpid, checkpoint: string): string {
    return joined(this.partition(appName, gpid), checkpoint);
  }

  private tableDirectory({ appName, appId }: BackedUpTable): string {
    return joined(this.directory, `${appName}_${appId}`);
  }
}

/** The file in a checkpoint's directory that lists its files. */
export const BACKUP_METADATA = 'backup_metadata';

/** The name of the checkpoint directory that a replica server writes. */
export function checkpointName(self: Node): string {
  const { host, port } = nodeAddress(self);
  return `chkpt_${host}_${port}`;
}

/**
 * The root of backups in the block service.
 *
 * @param clusterRoot `[replication] cold_backup_root`; in a restore the name of the cluster that made the backup
 * @param path a path of the user's, put before it
 * @param policy only in restores of backups that older releases made: they had a directory for each policy
 */
export function backupRoot(clusterRoot: string, path = '', policy = ''): string {
  return joined(path, clusterRoot, policy);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}
