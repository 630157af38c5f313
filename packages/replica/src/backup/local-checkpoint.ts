import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordText } from '../disk/replica-record';
import type { ReplicaRecord } from '../disk/replica-record';

/** A checkpoint that was made for a backup, on the replica's own disk. */
export interface LocalCheckpoint {
  readonly directory: string;
  /** The last decree that is in it. */
  readonly decree: number;
  /** When it was made, unix milliseconds. */
  readonly timestampMs: number;
  readonly files: readonly { readonly name: string; readonly size: number }[];
  /** Bytes of all files. */
  readonly totalSize: number;
}

/** What a checkpoint is for. */
export interface CheckpointOwner {
  readonly policyName: string;
  readonly backupId: number;
}

/** The record of the replica as it was: what an engine without files of its own has. */
export const CHECKPOINT_RECORD = 'replica.json';

/** `backup.<policy>.<backup id>.<decree>.<timestamp>`, and while it is being made `backup_tmp.<policy>.<backup id>.<timestamp>`. */
const FINISHED = /^backup\.([A-Za-z0-9_]+)\.(\d+)\.(\d+)\.(\d+)$/;
const UNFINISHED = /^backup_tmp\.([A-Za-z0-9_]+)\.(\d+)\.(\d+)$/;

/**
 * The checkpoints that backups left below a replica's directory, named as upstream names them (its
 * src/replica/replica_backup.cpp): a server that is started again finds the one it had made.
 */
export class LocalCheckpoints {
  private readonly directory: string;

  /** @param replicaDirectory `<reps>/<gpid>.<app type>` */
  constructor(replicaDirectory: string) {
    this.directory = join(replicaDirectory, 'backup');
  }

  /** The checkpoint of this backup, when there is one. What older backups of the policy left is removed. */
  async find({ policyName, backupId }: CheckpointOwner): Promise<LocalCheckpoint | undefined> {
    let found: LocalCheckpoint | undefined;
    for (const name of await this.names()) {
      const [, policy, id, decree, timestampMs] = FINISHED.exec(name) ?? UNFINISHED.exec(name) ?? [];
      if (policy !== policyName) continue;
      if (Number(id) < backupId) await this.remove(name);
      else if (Number(id) === backupId && timestampMs !== undefined) {
        found = await this.read(name, Number(decree), Number(timestampMs));
      }
    }
    return found;
  }

  /** Makes the checkpoint of a backup: first under another name, so that one that is there is whole. */
  async make(
    { policyName, backupId }: CheckpointOwner,
    record: ReplicaRecord,
    timestampMs: number,
  ): Promise<LocalCheckpoint> {
    const decree = record.lastCommittedDecree;
    const unfinished = `backup_tmp.${policyName}.${backupId}.${timestampMs}`;
    const finished = `backup.${policyName}.${backupId}.${decree}.${timestampMs}`;
    await this.remove(unfinished);
    await mkdir(join(this.directory, unfinished), { recursive: true });
    await writeFile(join(this.directory, unfinished, CHECKPOINT_RECORD), recordText(record));
    await rename(join(this.directory, unfinished), join(this.directory, finished));
    return this.read(finished, decree, timestampMs);
  }

  /** Removes everything a policy left. */
  async clear(policyName: string): Promise<void> {
    for (const name of await this.names()) {
      const [, policy] = FINISHED.exec(name) ?? UNFINISHED.exec(name) ?? [];
      if (policy === policyName) await this.remove(name);
    }
  }

  private async read(name: string, decree: number, timestampMs: number): Promise<LocalCheckpoint> {
    const directory = join(this.directory, name);
    const files = await Promise.all(
      (await readdir(directory))
        .sort()
        .map(async (file) => ({ name: file, size: (await stat(join(directory, file))).size })),
    );
    return {
      directory,
      decree,
      timestampMs,
      files,
      totalSize: files.reduce((sum, { size }) => sum + size, 0),
    };
  }

  private async names(): Promise<string[]> {
    return (await readdir(this.directory).catch(() => [])).sort();
  }

  private remove(name: string): Promise<void> {
    return rm(join(this.directory, name), { recursive: true, force: true });
  }
}
