import { createHash } from 'node:crypto';
import { OneboxError } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { BACKUP_METADATA, BackupLayout, BlockError, backupRoot, isFileName } from '@onebox/server';
import type { BlockFileSystem, RestoreSource } from '@onebox/server';
import { parseRecord } from '../disk/replica-record';
import type { ReplicaRecord } from '../disk/replica-record';
import { CHECKPOINT_RECORD } from './local-checkpoint';

interface ListedFile {
  readonly name: string;
  readonly size: number;
  readonly md5: string;
}

/**
 * Reads the checkpoint of a partition from a backup and verifies it.
 *
 * @param onProgress of 1000
 * @throws BlockError ERR_OBJECT_NOT_FOUND when the backup has none, ERR_CORRUPTION when it is damaged, others when the block
 * service cannot be read now
 */
export async function fetchCheckpoint(
  block: BlockFileSystem,
  source: RestoreSource,
  partitionIndex: Gpid['partitionIndex'],
  onProgress: (thousandths: number) => void,
): Promise<ReplicaRecord> {
  const root = backupRoot(source.clusterName, source.restorePath, source.policyName);
  const layout = new BackupLayout(root, source.backupId);
  const gpid = { appId: source.appId, partitionIndex };
  const name = (await block.read(layout.currentCheckpoint(source.appName, gpid))).toString();
  if (!isFileName(name)) throw damaged(`${name} is no checkpoint`);
  const directory = layout.checkpoint(source.appName, gpid, name);
  const listed = parseList(await block.read(`${directory}/${BACKUP_METADATA}`));
  let record: ReplicaRecord | undefined;
  let [done, total] = [0, 0];
  for (const { size } of listed) total += size;
  for (const file of listed) {
    const bytes = await block.read(`${directory}/${file.name}`);
    const md5 = createHash('md5').update(bytes).digest('hex');
    if (bytes.length !== file.size || md5 !== file.md5)
      throw damaged(`${file.name} is not what the backup lists`);
    if (file.name === CHECKPOINT_RECORD) record = readRecord(bytes);
    done += file.size;
    onProgress(Math.floor((done / total) * 1000));
  }
  if (record === undefined) throw damaged(`it has no ${CHECKPOINT_RECORD}`);
  return record;
}

function parseList(bytes: Buffer): readonly ListedFile[] {
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString());
  } catch (error) {
    throw damaged(`${BACKUP_METADATA} is no JSON`, error);
  }
  const { files } = (content ?? {}) as { files?: unknown };
  if (!Array.isArray(files)) throw damaged(`${BACKUP_METADATA} lists no files`);
  return files.map((file: unknown) => {
    const { name, size, md5 } = (file ?? {}) as Record<string, unknown>;
    if (
      typeof name !== 'string' ||
      !isFileName(name) ||
      typeof size !== 'number' ||
      typeof md5 !== 'string'
    ) {
      throw damaged(`${BACKUP_METADATA} lists something that is no file`);
    }
    return { name, size, md5 };
  });
}

function readRecord(bytes: Buffer): ReplicaRecord {
  try {
    return parseRecord(bytes.toString());
  } catch (error) {
    if (error instanceof OneboxError) throw damaged(error.message, error);
    throw error;
  }
}

function damaged(why: string, cause?: unknown): BlockError {
  return new BlockError('ERR_CORRUPTION', why, { cause });
}
